import { isBlank, unseenIn } from '../../../domain/characters';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface ReadPath {
  readonly path: string;
  /** True if part of it is shown as `%XX`. */
  readonly escaped: boolean;
}

/**
 * A path as text. Git stores bytes. If they are not UTF-8, each byte outside ASCII is shown as `%XX`; invisible
 * characters, such as line breaks and those that change text direction, are always shown this way. The mapping is
 * injective: the same bytes always give the same text, and different bytes a different one.
 */
export function readPath(bytes: Buffer): ReadPath {
  const written = writtenOut(bytes);
  if (written !== undefined) return { path: written, escaped: true };
  const path = bytes.toString('utf8');
  return isAnothers(path) ? { path: path.replaceAll('%', '%25'), escaped: true } : { path, escaped: false };
}

/** Undefined if the bytes can be shown as they are. */
function writtenOut(bytes: Buffer): string | undefined {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    let path = '';
    for (const byte of bytes) {
      const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x25;
      path += plain ? String.fromCharCode(byte) : percent(byte);
    }
    return path;
  }
  if (unseenIn(text, 'line') === undefined) return undefined;
  const written = (each: string) => [...Buffer.from(each)].map(percent).join('');
  return [...text].map((each) => (each === '%' || unseenIn(each, 'line') ? written(each) : each)).join('');
}

/** An escaped byte, `%XX`, however often its `%` was itself escaped. */
const WRITTEN = /%(?:25)*(?:[01][\dA-F]|7F|[89A-F][\dA-F])/;
/** Longer paths are always escaped, so that none takes long to check. */
const LONGEST_WEIGHED = 4096;

/**
 * Whether a path looks like the escaped form of another: `a%0A.svg` is also how `a`, a line break and `.svg` are shown.
 */
function isAnothers(path: string): boolean {
  if (!WRITTEN.test(path)) return false;
  if (path.length > LONGEST_WEIGHED) return true;
  for (let shown = path; ; ) {
    const bytes = Buffer.from(
      Buffer.from(shown)
        .toString('latin1')
        .replace(/%([\dA-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
      'latin1',
    );
    const written = writtenOut(bytes);
    if (written !== undefined) return written === shown;
    const meant = bytes.toString('utf8');
    if (meant === shown || meant.replaceAll('%', '%25') !== shown) return false;
    shown = meant;
  }
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Decodes names and subjects; invalid bytes become replacement characters. */
export function readText(bytes: Buffer): string {
  return bytes.toString('utf8');
}

/** `actions/16/call-start.svg` → `call start`; a name that is only an extension keeps it. */
export function titleOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const stem = name.replace(/(?<=.)\.[^.]+$/, '');
  const words = stem.replace(/[-_]+/g, ' ').replace(/\s+/g, ' ').trim();
  return clip(isBlank(words) ? name : words, 500);
}

/** The parent directories of a path, outermost first, without duplicates. */
export function tagsOf(path: string): readonly string[] {
  const names = path
    .split('/')
    .slice(0, -1)
    .map((name) => clip(name.trim(), 100).trim())
    .filter((name) => !isBlank(name));
  return [...new Set(names)].slice(0, 50);
}

/** Truncates to a number of UTF-16 units without splitting a character. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const high = text.charCodeAt(length - 1);
  return text.slice(0, high >= 0xd800 && high <= 0xdbff ? length - 1 : length);
}
