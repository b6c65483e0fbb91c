import fc from 'fast-check';
import type { Column } from './columns';
import { FORMATS } from './formats';

const column = (name: string): Column => ({ name, kind: 'text', read: () => undefined });
const written = (rows: readonly Record<string, unknown>[], names: readonly string[]) => {
  const columns = names.map(column);
  return FORMATS.csv.head(columns) + FORMATS.csv.rows(columns, { rows, cursors: [] }, true).join('');
};

/** Fields of CSV according to RFC 4180; null for nothing between two commas. */
function parsed(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  const cells = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  let row: (string | null)[] = [];
  for (const [, cell = '', after] of text.matchAll(cells)) {
    row.push(cell === '' ? null : cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (after === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

describe('CSV', () => {
  test('preserves every text, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ a: fc.string({ unit: 'grapheme' }), b: fc.string() })), (rows) => {
        const [head, ...read] = parsed(written(rows, ['a', 'b']));
        expect(head).toEqual(['a', 'b']);
        const plain = (text: string) => text.replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, '');
        expect(read.map((row) => row.map((cell) => plain(cell!)))).toEqual(
          rows.map(({ a, b }) => [plain(a), plain(b)]),
        );
      }),
    );
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠1'])(
    'leaves no formula: %j',
    (text) => {
      expect(parsed(written([{ a: text }], ['a']))[1]).toEqual([`'${text}`]);
    },
  );

  test('distinguishes null from an empty text, and writes numbers and booleans plainly', () => {
    const row = { a: null, b: '', c: -4.5, d: false };
    expect(written([row], ['a', 'b', 'c', 'd'])).toBe('a,b,c,d\r\n,"",-4.5,false\r\n');
  });

  test('writes lists and objects as JSON', () => {
    const [, row] = parsed(written([{ a: ['x', '=y'], b: { c: 'say "so"' } }], ['a', 'b']));
    expect(row!.map((cell) => JSON.parse(cell!))).toEqual([['x', '=y'], { c: 'say "so"' }]);
  });
});

test('NDJSON has a line for each row, with its cursor if requested', () => {
  const page = { rows: [{ a: 'line\nend' }, { a: '' }], cursors: ['x', 'y'] };
  const lines = (cursors: boolean) =>
    FORMATS.ndjson
      .rows([column('a')], page, cursors)
      .join('')
      .trimEnd()
      .split('\n');
  expect(lines(true).map((line) => JSON.parse(line))).toEqual([
    { a: 'line\nend', cursor: 'x' },
    { a: '', cursor: 'y' },
  ]);
  expect(lines(false).map((line) => JSON.parse(line))).toEqual(page.rows);
});
