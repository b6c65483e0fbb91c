/**
 * Writes text to a terminal or a log. Titles, paths, ids and messages come from outside and may hold sequences that
 * move the cursor, set the window title, put text on the clipboard or reverse the direction of text. All output is
 * escaped here, as `\u001b` and the like, and nowhere else.
 */

/**
 * Control characters other than tab and line feed, characters that change text direction or break lines, and invisible
 * tags.
 */
const UNSAFE =
  /(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}\p{Cs}]/gu;

/** Text of one or more lines, safe to print on any terminal. */
export function shown(text: string): string {
  return text.replace(UNSAFE, escaped);
}

/** The same on one line: nothing in it can pass for a separate line. */
export function shownInLine(text: string): string {
  return shown(text).replaceAll('\n', '\\n');
}

/** Equivalent JSON, safe to print on any terminal. The escaped characters can occur only inside strings. */
export function shownJson(value: unknown): string {
  return shown(JSON.stringify(value));
}

/** A copy of the value with every string shown on one line, for a multi-line report. */
export function inLines<T>(value: T): T {
  if (typeof value === 'string') return shownInLine(value) as T;
  if (Array.isArray(value)) return value.map(inLines) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inLines(member)])) as T;
}

/** Writes text for a person to standard error; standard output is for results. */
export function note(text: string): void {
  process.stderr.write(`${shown(text)}\n`);
}

/** Writes a result to standard output. False if the reader is slower: wait for `drain`. */
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
