import { ranges } from './unicode';

/** A control, a character that turns the direction of what follows, one that stands for none, or an invisible tag. */
const UNSEEN =
  '\\0-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u206f\\ufdd0-\\ufdef\\ufff9-\\ufffb\\ufffe\\uffff' +
  `\\u{e0000}-\\u{e00ff}\\u{e01f0}-\\u{e0fff}${Array.from({ length: 16 }, (_, plane) => `\\u{${(plane + 1).toString(16)}fffe}-\\u{${(plane + 1).toString(16)}ffff}`).join('')}`;

/** The flags of England, Scotland and Wales are a black flag and tags, up to the one that ends them. */
const FLAG = '\\u{1f3f4}[\\u{e0030}-\\u{e0039}\\u{e0061}-\\u{e007a}]+\\u{e007f}';

const IN_LINE = new RegExp(`${FLAG}|([${UNSEEN}])`, 'gu');
const IN_PROSE = new RegExp(`${FLAG}|[\\t\\n\\r]|([${UNSEEN}])`, 'gu');
const PLAIN_LINE = /^[\x20-\x7e]*$/;
const PLAIN_PROSE = /^[\t\n\r\x20-\x7e]*$/;

/** A line has no breaks; prose may have them, and tabs. */
export type Layout = 'line' | 'prose';

/**
 * The first character that a text must not hold, as `U+202E`: one that would not be seen, or would make others seen
 * otherwise than they are. Undefined where there is none.
 */
export function unseenIn(text: string, layout: Layout): string | undefined {
  if ((layout === 'line' ? PLAIN_LINE : PLAIN_PROSE).test(text)) return undefined;
  for (const [, unseen] of text.matchAll(layout === 'line' ? IN_LINE : IN_PROSE)) {
    if (unseen !== undefined) return codePoint(unseen);
  }
  return undefined;
}

/** The text with what would not be seen written out, `\u{202e}`: for what was said elsewhere and cannot be refused. */
export function visible(text: string, layout: Layout): string {
  if ((layout === 'line' ? PLAIN_LINE : PLAIN_PROSE).test(text)) return text;
  return text.replace(layout === 'line' ? IN_LINE : IN_PROSE, (found, unseen?: string) =>
    unseen === undefined ? found : `\\u{${unseen.codePointAt(0)!.toString(16)}}`,
  );
}

/** Joiners, selectors, soft hyphens, fillers and the empty Braille cell: nothing is seen of them alone. */
const EMPTY = 'ad 34f 61c 115f-1160 17b4-17b5 180b-180f 200b-200f 2060-2064 2800 3164 fe00-fe0f feff ffa0 e0100-e01ef';
const BLANK = new RegExp(`^[\\s${ranges(EMPTY)}]*$`, 'u');

/** Whether a text has no visible character. */
export function isBlank(text: string): boolean {
  return BLANK.test(text);
}

function codePoint(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}

const ASCII = /^[\0-\x7f]*$/;

/** Normal form C: the same letters are the same string, whichever way they were typed. */
export function nfc(text: string): string {
  return ASCII.test(text) ? text : text.normalize('NFC');
}

/** A list of labels in normal form C, each once. The very same list where nothing changes. */
export function nfcList(labels: readonly string[]): readonly string[] {
  if (labels.every((label) => nfc(label) === label)) return labels;
  // A label that was already a duplicate is kept: the check of the list reports it.
  const given = new Map<string, string>();
  return labels.flatMap((label) => {
    const normal = nfc(label);
    const before = given.get(normal);
    if (before !== undefined && before !== label) return [];
    given.set(normal, label);
    return [normal];
  });
}
