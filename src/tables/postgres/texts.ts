import type { Connection } from './driver';
import { type Layout, list, quote } from './schema';
import { vectorOf } from './search';
import { copyText } from './values';
import { fillWalk } from './walk';

const PAGE = 5_000;

/** Finds every text of a filled table, live and past, and writes its words beside it. */
export async function fillTexts(connection: Connection, layout: Layout): Promise<void> {
  const { search, live, past, key, texts, table } = layout;
  if (search === undefined) return;
  const text = quote(search.name);
  const columns = `${list(key)}, ${text}`;
  const held = `SELECT ${columns}, true FROM ${live} WHERE ${text} IS NOT NULL`;
  // Keys that may be nothing are compared one by one; all others are looked up.
  const same = key.map(
    ({ name, nullable }) => `l.${quote(name)} ${nullable ? 'IS NOT DISTINCT FROM' : '='} p.${quote(name)}`,
  );
  const lost =
    ` UNION ALL SELECT DISTINCT ${columns}, false FROM ${past} p WHERE ${text} IS NOT NULL AND NOT EXISTS ` +
    `(SELECT 1 FROM ${live} l WHERE ${same.join(' AND ')} AND l.${text} = p.${text})`;
  await connection.script(`DECLARE texts_held NO SCROLL CURSOR FOR ${held}${table.temporal ? lost : ''}`);
  for (;;) {
    const [rows] = await connection.script(`FETCH ${PAGE} FROM texts_held`);
    if (rows!.length === 0) break;
    let lines = '';
    for (const row of rows!) {
      const written = row[key.length] as string;
      const isHeld = row.at(-1) === true;
      lines += row
        .slice(0, key.length)
        .map((value, at) => `${keyField(layout, at, value)}\t`)
        .join('');
      lines += `${copyText(written)}\t${vectorOf(written)}\t${isHeld ? 't' : 'f'}\n`;
    }
    await connection.copy(texts, [Buffer.from(lines)]);
  }
  await connection.script(['CLOSE texts_held', ...fillWalk(layout)].join('; '));
}

function keyField({ key }: Layout, at: number, value: unknown): string {
  if (value === null) return '\\N';
  return key[at]!.kind === 'digest' ? `\\\\x${value as string}` : copyText(String(value));
}
