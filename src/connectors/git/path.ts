const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface ReadPath {
  readonly path: string;
  /** True where the bytes were not UTF-8 and stand in the path as `%XX`. */
  readonly escaped: boolean;
}

/**
 * A path as text. Git keeps bytes; where they are not UTF-8 each byte that is not plain ASCII is shown as `%XX`, so
 * that nothing is lost and the same bytes always give the same text.
 */
export function readPath(bytes: Buffer): ReadPath {
  try {
    return { path: utf8.decode(bytes), escaped: false };
  } catch {
    let path = '';
    for (const byte of bytes) {
      const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x25;
      path += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    }
    return { path, escaped: true };
  }
}

/** Names and subjects: what cannot be read is shown as a replacement character. */
export function readText(bytes: Buffer): string {
  return bytes.toString('utf8');
}

/** `actions/16/call-start.svg` → `call start`; a name that is all extension keeps it. */
export function titleOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const stem = name.replace(/(?<=.)\.[^.]+$/, '');
  const words = stem.replace(/[-_]+/g, ' ').replace(/\s+/g, ' ').trim();
  return clip(words === '' ? name : words, 500);
}

/** The directories a path lies in, outermost first, each once. */
export function tagsOf(path: string): readonly string[] {
  const names = path
    .split('/')
    .slice(0, -1)
    .map((name) => clip(name.trim(), 100).trim())
    .filter((name) => name !== '');
  return [...new Set(names)].slice(0, 50);
}

/** At most so many UTF-16 units, never half a character. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const high = text.charCodeAt(length - 1);
  return text.slice(0, high >= 0xd800 && high <= 0xdbff ? length - 1 : length);
}
