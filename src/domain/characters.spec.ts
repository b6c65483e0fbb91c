import fc from 'fast-check';
import { isBlank, nfc, nfcList, unseenIn, visible } from './characters';

describe('what would not be seen', () => {
  it.each([
    ['a NUL', '\0', 'U+0000'],
    ['a line break', '\n', 'U+000A'],
    ['an escape', '\x1b', 'U+001B'],
    ['a delete', '\x7f', 'U+007F'],
    ['a control of the second row', '\x9b', 'U+009B'],
    ['a line separator', '\u2028', 'U+2028'],
    ['a right-to-left override', '\u202e', 'U+202E'],
    ['an isolate', '\u2066', 'U+2066'],
    ['an annotation', '\ufff9', 'U+FFF9'],
    ['a character that is none', '\uffff', 'U+FFFF'],
    ['one beyond the first plane', '\u{1fffe}', 'U+1FFFE'],
    ['a tag without a flag', 'a\u{e0067}', 'U+E0067'],
    ['a flag that never ends', '\u{1f3f4}\u{e0067}\u{e0062}', 'U+E0067'],
    ['an unassigned tag', '\u{e0fff}', 'U+E0FFF'],
  ])('in a line is %s', (_what, unseen, named) => {
    expect(unseenIn(`a${unseen}b`, 'line')).toBe(named);
  });

  it.each([
    ['letters of every script', 'Zoë 促销 ฤดู مُحَمَّد שָׁלוֹם'],
    ['marks of direction', 'a\u200e\u200f\u061c'],
    ['joiners and soft hyphens', 'می\u200cخواهم \u00ad \u200b \u2060 👩\u200d🎨'],
    ['the flag of Scotland', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
    ['a variant of a Han character', '葛\u{e0100}'],
  ])('is none of %s', (_what, text) => {
    expect(unseenIn(text, 'line')).toBeUndefined();
    expect(visible(text, 'line')).toBe(text);
  });

  it('may be a break or a tab in prose, and nothing else', () => {
    expect(unseenIn('one\r\n\ttwo', 'prose')).toBeUndefined();
    expect(unseenIn('one\u202e', 'prose')).toBe('U+202E');
    expect(unseenIn('é\u0085', 'prose')).toBe('U+0085');
  });

  it('is written out where it cannot be refused, and then is seen', () => {
    expect(visible('a\u202eb\n', 'line')).toBe('a\\u{202e}b\\u{a}');
    expect(visible('a\u202eb\n', 'prose')).toBe('a\\u{202e}b\n');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('line' as const, 'prose' as const), (text, layout) => {
        const seen = visible(text, layout);
        expect(unseenIn(seen, layout)).toBeUndefined();
        expect(seen === text).toBe(unseenIn(text, layout) === undefined);
      }),
    );
  });
});

describe('normal form C', () => {
  it('is what Unicode says it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(nfc(text)).toBe(text.normalize('NFC'))));
  });

  it('makes one label of two spellings, and leaves duplicates to the check of the list', () => {
    expect(nfcList(['Cafe\u0301', 'Café', 'bar'])).toEqual(['Café', 'bar']);
    expect(nfcList(['bar', 'bar', 'Cafe\u0301'])).toEqual(['bar', 'bar', 'Café']);
    const same = ['Café', 'bar'];
    expect(nfcList(same)).toBe(same);
  });
});

describe('a text without a visible character', () => {
  it.each([[''], [' \u3000\n'], ['\u200b'], ['\u3164'], ['\u2800'], ['\u00ad\u2060'], ['\ufe0f'], ['\u{e0100}']])(
    'is blank: %j',
    (text) => {
      expect(isBlank(text)).toBe(true);
    },
  );

  it.each([['a'], ['\u200bא'], ['👩\u200d🎨'], ['\u0301'], ['-'], ['ㅎ']])('is not %j', (text) => {
    expect(isBlank(text)).toBe(false);
  });
});
