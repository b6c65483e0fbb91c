/**
 * Where text leaves this program for a terminal or a log. Titles, paths, ids and messages come from outside and may hold
 * anything: sequences that move the cursor, set the window's title, put text on the clipboard, or turn the direction of
 * what follows. All of it is shown escaped as `\u001b`, here and nowhere else, whoever wrote the text.
 */

/** Control characters but tab and line end; what changes the direction or the lines of text; invisible tags. */
const UNSAFE =
  /(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}\p{Cs}]/gu;

/** Text for people, of one line or several: it may be printed on any terminal. */
export function shown(text: string): string {
  return text.replace(UNSAFE, escaped);
}

/** The same, in one line: nothing in it can pass for a line of its own. */
export function shownInLine(text: string): string {
  return shown(text).replaceAll('\n', '\\n');
}

/** JSON that says the same and may be printed on any terminal. What it escapes can only be inside of strings. */
export function shownJson(value: unknown): string {
  return shown(JSON.stringify(value));
}

/** A value in which every text is shown in one line, for a report of several. */
export function inLines<T>(value: T): T {
  if (typeof value === 'string') return shownInLine(value) as T;
  if (Array.isArray(value)) return value.map(inLines) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inLines(member)])) as T;
}

/** Lines for a person, on standard error: standard output belongs to results. */
export function note(text: string): void {
  process.stderr.write(`${shown(text)}\n`);
}

/** Writes a result for a person. False if the reader is slower: wait for `drain`. */
export function print(text: string): boolean {
  return process.stdout.write(`${shown(text)}\n`);
}

function escaped(character: string): string {
  let units = '';
  for (let at = 0; at < character.length; at += 1) {
    units += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }
  return units;
}
