import { type ContentsChange, type ContentsEntry, MOST_FILES } from '../../domain/campaign/parts';

/** Maximum size of one report as JSON, well below that of the largest event. */
const MOST_BYTES = 160 * 1024;

type Head = Pick<ContentsChange, 'evidence'> & { readonly base: string | undefined };

/**
 * The reports, at least one, that turn one set of contents into another. Each fits into one event; all but the last say
 * that more follow, and the first names the base.
 */
export function reportsOf(
  before: ReadonlyMap<string, ContentsEntry>,
  files: readonly ContentsEntry[],
  { base, evidence }: Head,
): readonly ContentsChange[] {
  const there = new Set(files.map(({ path }) => path));
  const gone = [...before.keys()].filter((path) => !there.has(path)).sort();
  const put = files.filter((file) => !isSame(file, before.get(file.path)));
  const parts = [...cut(gone).map((some) => ({ put: [], gone: some })), ...cut(put).map((some) => ({ put: some }))];
  if (parts.length === 0) parts.push({ put: [] });
  return parts.map((part, index) => ({
    ...(index === 0 && base !== undefined ? { base } : {}),
    ...part,
    ...(index < parts.length - 1 ? { more: true } : {}),
    ...(evidence === undefined ? {} : { evidence }),
  }));
}

/** Splits entries into runs that fit into one report. */
function cut<T>(entries: readonly T[]): readonly (readonly T[])[] {
  const parts: T[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(JSON.stringify(entry)) + 1;
    const part = parts.at(-1);
    if (part === undefined || part.length === MOST_FILES || bytes + size > MOST_BYTES) {
      parts.push([entry]);
      bytes = size;
    } else {
      part.push(entry);
      bytes += size;
    }
  }
  return parts;
}

function isSame(file: ContentsEntry, before: ContentsEntry | undefined): boolean {
  return (
    before !== undefined &&
    file.digest === before.digest &&
    file.bytes === before.bytes &&
    file.asset === before.asset &&
    file.version === before.version
  );
}
