import fc from 'fast-check';
import { lfsPointerOf } from './lfs';

const OID = 'c'.repeat(64);
const VERSION = 'version https://git-lfs.github.com/spec/v1';
const LINES = [VERSION, `oid sha256:${OID}`, 'size 7'];
const read = (text: string) => lfsPointerOf(Buffer.from(text));

describe('a Git LFS pointer', () => {
  it('is parsed whatever its line ends and the white space around it', () => {
    const ends = fc.constantFrom('\n', '\r\n', '\n\n', ' \n', '\t\r\n', '\n ');
    fc.assert(
      fc.property(ends, ends, fc.constantFrom('', '\n', '\r\n', '  '), (first, second, last) => {
        expect(read(`${LINES[0]}${first}${LINES[1]}${second}${LINES[2]}${last}`)).toEqual({ digest: OID, bytes: 7 });
      }),
    );
  });

  it.each([
    ['an older version', LINES.join('\n').replace('git-lfs.github.com', 'hawser.github.com')],
    ['the first version', LINES.join('\n').replace('https://git-lfs.github.com/spec/v1', 'http://git-media.io/v/2')],
    ['extensions', [VERSION, `ext-0-foo sha256:${'a'.repeat(64)}`, ...LINES.slice(1)].join('\n')],
    ['capital letters in the digest', LINES.join('\n').replace(OID, OID.toUpperCase())],
  ])('may have %s', (_, text) => expect(read(text)).toEqual({ digest: OID, bytes: 7 }));

  it.each([
    ['a text about one', `# about\n${LINES.join('\n')}`],
    ['another digest', LINES.join('\n').replace('sha256:', 'md5:')],
    ['a digest that is too short', LINES.join('\n').replace(OID, OID.slice(1))],
    ['a digest that is too long', LINES.join('\n').replace(OID, `${OID}c`)],
    ['no size', LINES.slice(0, 2).join('\n')],
    ['a negative size', LINES.join('\n').replace('size 7', 'size -7')],
    ['another order', [VERSION, LINES[2], LINES[1]].join('\n')],
    ['a key twice', [...LINES, 'size 8'].join('\n')],
    ['a key of its own', [...LINES, 'note hello'].join('\n')],
    ['the mark of a conflict', ['<<<<<<< HEAD', ...LINES].join('\n')],
    ['another version', LINES.join('\n').replace('spec/v1', 'spec/v9')],
    ['more bytes than a pointer has', `${LINES.join('\n')}${'\n'.repeat(1024)}`],
    ['nothing in it', ''],
  ])('is ordinary content with %s', (_, text) => expect(read(text)).toBeUndefined());
});
