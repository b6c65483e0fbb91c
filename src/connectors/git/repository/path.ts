import { isBlank, unseenIn } from '../../../domain/characters';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface ReadPath {
  readonly path: string;
  /** True where something of it stands as `%XX`. */
  readonly escaped: boolean;
}

/**
 * A path as text. Git keeps bytes; where they are not UTF-8 each byte that is not plain ASCII is shown as `%XX`, and so
 * are characters that would not be seen, such as a line break or one that turns the direction of what follows. Nothing is
 * lost: the same bytes always give the same text, and other bytes another one.
 */
export function readPath(bytes: Buffer): ReadPath {
  const written = writtenOut(bytes);
  if (written !== undefined) return { path: written, escaped: true };
  const path = bytes.toString('utf8');
  return isAnothers(path) ? { path: path.replaceAll('%', '%25'), escaped: true } : { path, escaped: false };
}

/** Undefined where the bytes can be shown as they are. */
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

/** `%XX` of a byte that is not shown as it is, however often its `%` was written out. */
const WRITTEN = /%(?:25)*(?:[01][\dA-F]|7F|[89A-F][\dA-F])/;
/** Longer paths are written out on suspicion, so that none takes long. */
const LONGEST_WEIGHED = 4096;

/** Whether a path reads like what stands for other bytes: `a%0A.svg` is also how `a`, a line break and `.svg` are shown. */
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

/** Names and subjects: what cannot be read is shown as a replacement character. */
export function readText(bytes: Buffer): string {
  return bytes.toString('utf8');
}

/** `actions/16/call-start.svg` → `call start`; a name that is all extension keeps it. */
export function titleOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const stem = name.replace(/(?<=.)\.[^.]+$/, '');
  const words = stem.replace(/[-_]+/g, ' ').replace(/\s+/g, ' ').trim();
  return clip(isBlank(words) ? name : words, 500);
}

/** The directories a path lies in, outermost first, each once. */
export function tagsOf(path: string): readonly string[] {
  const names = path
    .split('/')
    .slice(0, -1)
    .map((name) => clip(name.trim(), 100).trim())
    .filter((name) => !isBlank(name));
  return [...new Set(names)].slice(0, 50);
}

/** At most so many UTF-16 units, never half a character. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const high = text.charCodeAt(length - 1);
  return text.slice(0, high >= 0xd800 && high <= 0xdbff ? length - 1 : length);
}
