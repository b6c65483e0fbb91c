/** The content of a Git LFS pointer: it describes content stored elsewhere. */
export interface LfsPointer {
  readonly digest: string;
  readonly bytes: number;
}

/** In bytes. */
export const LARGEST_POINTER = 1024;
const VERSIONS = new Set([
  'https://git-lfs.github.com/spec/v1',
  'https://hawser.github.com/spec/v1',
  'http://git-media.io/v/2',
]);
/** The keys of a pointer, in this order. Extension lines may occur between them. */
const KEYS = ['version', 'oid', 'size'];
const EXTENSION = /^ext-\d-\w+$/;

/**
 * Parses a pointer as Git LFS does: any line ends, blank lines and surrounding blanks are accepted, but each key must
 * occur once and in order, without others. Undefined if the bytes are ordinary content.
 */
export function lfsPointerOf(bytes: Buffer): LfsPointer | undefined {
  if (bytes.length > LARGEST_POINTER) return undefined;
  const values: string[] = [];
  for (const row of bytes.toString('latin1').split('\n')) {
    const line = row.trim();
    if (line === '') continue;
    const end = line.indexOf(' ');
    const [key, value] = [line.slice(0, Math.max(end, 0)), line.slice(end + 1).trim()];
    if (values.length > 0 && EXTENSION.test(key)) continue;
    if (key !== KEYS[values.length]) return undefined;
    values.push(value);
  }
  const [version = '', oid = '', size = ''] = values;
  const digest = /^sha256:([0-9a-f]{64})$/i.exec(oid)?.[1]?.toLowerCase();
  if (!VERSIONS.has(version) || digest === undefined || !/^\d{1,15}$/.test(size)) return undefined;
  return { digest, bytes: Number(size) };
}
