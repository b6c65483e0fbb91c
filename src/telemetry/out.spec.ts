import fc from 'fast-check';
import { inLines, shown, shownInLine, shownJson } from './out';

/** Sequences that a terminal obeys, and characters that make text read differently than written. */
const DANGEROUS: readonly (readonly [what: string, text: string])[] = [
  ['clearing the screen', '\u001b[2J'],
  ['the title of the window', '\u001b]0;owned\u0007'],
  ['the clipboard', '\u001b]52;c;cm0gLXJmIH4=\u0007'],
  ['a link that leads elsewhere', '\u001b]8;;http://evil.example\u001b\\ok\u001b]8;;\u001b\\'],
  ['the same in one character', '\u009b2J'],
  ['a command string of eight bits', '\u0090q\u009c'],
  ['going back to the start of the line', 'refused\rapproved'],
  ['going back one place', 'refused\b\b\b'],
  ['a bell', '\u0007'],
  ['a vertical tab and a form feed', '\u000b\u000c'],
  ['another character set', '\u000e\u000f'],
  ['delete', '\u007f'],
  ['turning the direction of what follows', '\u202egnp.exe'],
  ['an isolate that is never ended', '\u2066abc'],
  ['marks of direction', '\u200e\u200f\u061c'],
  ['separators of lines and paragraphs', 'one\u2028two\u2029three'],
  ['letters that nobody sees', '\u{e0041}\u{e0042}'],
  ['a next-line control', 'one\u0085two'],
  ['a byte order mark', '\ufeff'],
  ['half a character', '\ud83d'],
];

/**
 * An independent check for code points, other than tab and line feed, that affect a terminal or the reading direction.
 */
function isSafe(text: string): boolean {
  return [...text].every((character) => {
    const code = character.codePointAt(0)!;
    if (code < 0x20) return code === 0x09 || code === 0x0a;
    if (code >= 0x7f && code <= 0x9f) return false;
    if (code === 0x061c || code === 0xfeff || (code >= 0xd800 && code <= 0xdfff)) return false;
    if (code === 0x200e || code === 0x200f || (code >= 0x2028 && code <= 0x202e)) return false;
    return !(code >= 0x2066 && code <= 0x2069) && !(code >= 0xe0000 && code <= 0xe007f);
  });
}

describe.each(DANGEROUS)('text with %s', (_what, text) => {
  it('is shown with these characters escaped, and the rest unchanged', () => {
    expect(isSafe(text)).toBe(false);
    expect(isSafe(shown(`before ${text} behind`))).toBe(true);
    expect(shown(`before ${text} behind`)).toMatch(/^before .* behind$/s);
  });

  it('is shown as equivalent JSON', () => {
    const said = { [text]: [text] };
    expect(isSafe(shownJson(said))).toBe(true);
    expect(JSON.parse(shownJson(said))).toEqual(said);
  });
});

it('leaves the text of every language unchanged, including joined emoji', () => {
  const text = 'Été\tGröße 夏季促销 โปสเตอร์ مُحَمَّد שלום क्‍ष 👩‍👩‍👧 …\n→ naïve';
  expect(shown(text)).toBe(text);
});

it('keeps JSON equivalent, and shows nothing dangerous, whatever the value', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), text, (value, any) => {
      expect(JSON.parse(shownJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      expect(isSafe(shownJson(value))).toBe(true);
      expect(isSafe(shown(any))).toBe(true);
      expect(shownInLine(any)).not.toContain('\n');
    }),
  );
});

it('shows each text of a report on one line, so that none passes for a separate line', () => {
  expect(inLines({ links: ['a\nreconciled: true'], count: 2, none: null })).toEqual({
    links: ['a\\nreconciled: true'],
    count: 2,
    none: null,
  });
});
