import fc from 'fast-check';
import { fileKindOf } from '../kinds';
import { lfsPointerOf } from './lfs';
import { clip, readPath, tagsOf, titleOf } from './path';

describe('a path', () => {
  it.each([
    ['icons/24/arrow-left_filled.svg', 'arrow left filled', ['icons', '24']],
    ['README', 'README', []],
    ['a/a/.png', '.png', ['a']],
    ['logo.min.svg', 'logo.min', []],
    [' / .svg', '.svg', []],
    ['\u200b/\u00ad/\u2800.svg', '\u2800.svg', []],
  ])('%s', (path, title, tags) => {
    expect(titleOf(path).trim()).toBe(title);
    expect(tagsOf(path)).toEqual(tags);
  });

  it.each([
    ['a.SVG', 'image'],
    ['a.woff2', 'font'],
    ['a.blend', 'model3d'],
    ['a.fig', 'design'],
    ['svg', undefined],
    ['a.constructor', undefined],
    ['dir.svg/file', undefined],
  ])('%s is of the kind %s', (path, kind) => expect(fileKindOf(path)?.kind).toBe(kind));

  it('keeps UTF-8 and escapes other bytes', () => {
    expect(readPath(Buffer.from('é 100%.svg'))).toEqual({ path: 'é 100%.svg', escaped: false });
    expect(readPath(Buffer.from('\xe9 100%.svg', 'latin1'))).toEqual({ path: '%E9 100%25.svg', escaped: true });
  });

  it('escapes invisible characters, and keeps other control characters of writing systems', () => {
    expect(readPath(Buffer.from('a\u202egvs.exe 5%'))).toEqual({ path: 'a%E2%80%AEgvs.exe 5%25', escaped: true });
    expect(readPath(Buffer.from('a\x1b[2J\n.svg'))).toEqual({ path: 'a%1B[2J%0A.svg', escaped: true });
    expect(readPath(Buffer.from('می\u200cخواهم.svg'))).toEqual({ path: 'می\u200cخواهم.svg', escaped: false });
  });

  it('shows different bytes differently, whatever the names', () => {
    const shown = (path: string) => readPath(Buffer.from(path, 'latin1')).path;
    expect(['a\n.svg', 'a%0A.svg', 'a%250A.svg', 'a%25250A.svg'].map(shown)).toEqual([
      'a%0A.svg',
      'a%250A.svg',
      'a%25250A.svg',
      'a%2525250A.svg',
    ]);
    expect(['a%20b.svg', 'a%0a.svg', '%41.svg', '100%.svg'].map(shown)).toEqual([
      'a%20b.svg',
      'a%0a.svg',
      '%41.svg',
      '100%.svg',
    ]);
    const unit = fc.constantFrom('%', '0', 'A', '2', '5', 'E', '9', '\n', '\xe9', 'x');
    fc.assert(fc.property(fc.string({ unit }), fc.string({ unit }), (a, b) => a === b || shown(a) !== shown(b)));
  });

  it('handles a repeatedly escaped path quickly, and keeps other percent signs of web addresses', () => {
    expect(readPath(Buffer.from(`%${'25'.repeat(20_000)}0A`)).escaped).toBe(true);
    expect(readPath(Buffer.from(`%${'25'.repeat(1_000)}0A`)).escaped).toBe(true);
    expect(readPath(Buffer.from('caf%C3%A9%25.svg'))).toEqual({ path: 'caf%C3%A9%25.svg', escaped: false });
  });

  it('never splits a character', () => {
    expect(clip('ab😀', 3)).toBe('ab');
    expect(clip('ab😀', 4)).toBe('ab😀');
  });
});

describe('content', () => {
  it('is distinguished as a Git LFS pointer from a text that mentions one', () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'c'.repeat(64)}\nsize 7\n`;
    expect(lfsPointerOf(Buffer.from(pointer))).toEqual({ digest: 'c'.repeat(64), bytes: 7 });
    expect(lfsPointerOf(Buffer.from(`# about\n${pointer}`))).toBeUndefined();
    expect(lfsPointerOf(Buffer.from(pointer.replace('sha256', 'md5')))).toBeUndefined();
    expect(lfsPointerOf(Buffer.alloc(0))).toBeUndefined();
  });
});
