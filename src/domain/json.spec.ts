import fc from 'fast-check';
import { checkJson, MAX_NESTING, MAX_STRING_BYTES, utf8Bytes } from './json';

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

describe('values an event can keep', () => {
  it.each([
    ['an integer beyond 2^53', { price: 2 ** 53 }, 'price', 'must not be an integer beyond 2^53'],
    ['NaN', { price: Number.NaN }, 'price', 'must not be NaN or Infinity'],
    ['Infinity', [1, Number.POSITIVE_INFINITY], '1', 'must not be NaN or Infinity'],
    ['a lone surrogate', { a: { b: ['\ud800'] } }, 'a.b.0', 'must not hold an unpaired surrogate'],
    ['NUL', { title: 'a\0b' }, 'title', 'must not hold the character NUL'],
    ['a string over 16 kB', { note: 'é'.repeat(8_193) }, 'note', 'must have at most 16384 bytes'],
    ['a function', { act: () => 1 }, 'act', 'must be a JSON value, not a function'],
    ['a date object', { day: new Date(0) }, 'day', 'must be a plain object'],
    ['a bad property name', { a: { 'x\0': 1 } }, 'a.x\0', 'the name must not hold the character NUL'],
    [
      'a property that decoding would lose',
      JSON.parse('{"__proto__": 1}'),
      '__proto__',
      'the name must be another one',
    ],
  ])('names the place of %s', (_what, value, path, reason) => {
    expect(checkJson(value)).toMatchObject({ path, reason });
  });

  it('allows sixteen levels of nesting and names the seventeenth', () => {
    expect(checkJson(nested(MAX_NESTING))).toBeUndefined();
    expect(checkJson(nested(MAX_NESTING + 1), 'data')?.path).toBe(`data${'.0'.repeat(MAX_NESTING)}`);
  });

  it('allows a string of exactly the limit and starts the path where it is told', () => {
    expect(checkJson('x'.repeat(MAX_STRING_BYTES))).toBeUndefined();
    expect(checkJson('x'.repeat(MAX_STRING_BYTES + 1), 'input.note')?.path).toBe('input.note');
  });

  it('keeps a property name with a dot as one step', () => {
    expect(checkJson({ 'a.b': [Number.NaN] })?.steps).toEqual(['a.b', '0']);
  });

  it('counts UTF-8 bytes as an encoder does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => utf8Bytes(text) === Buffer.byteLength(text)),
    );
  });

  it('accepts what comes back from JSON exactly as it went in', () => {
    const plain = fc.jsonValue({ maxDepth: 5, noUnicodeString: false }).filter((v) => checkJson(v) === undefined);
    fc.assert(fc.property(plain, (value) => expect(JSON.parse(JSON.stringify(value))).toStrictEqual(normal(value))));
  });
});

/** JSON has no minus zero. */
function normal(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_name, member) => (Object.is(member, -0) ? 0 : member)));
}
