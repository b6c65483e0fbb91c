import fc from 'fast-check';
import { checkJson, MAX_NESTING, MAX_STRING_BYTES, utf8Bytes } from './json';

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

describe('values an event can keep', () => {
  it.each([
    ['an integer beyond 2^53', { price: 2 ** 53 }, 'price', 'integer beyond 2^53'],
    ['NaN', { price: Number.NaN }, 'price', 'NaN and Infinity are not JSON numbers'],
    ['Infinity', [1, Number.POSITIVE_INFINITY], '1', 'NaN and Infinity are not JSON numbers'],
    ['a lone surrogate', { a: { b: ['\ud800'] } }, 'a.b.0', 'lone surrogate'],
    ['NUL', { title: 'a\0b' }, 'title', 'NUL character'],
    ['a string over 16 kB', { note: 'é'.repeat(8_193) }, 'note', 'string over 16384 bytes'],
    ['a function', { act: () => 1 }, 'act', 'a function is not a JSON value'],
    ['a date object', { day: new Date(0) }, 'day', 'only plain objects are JSON values'],
    ['a bad property name', { a: { 'x\0': 1 } }, 'a', 'property name: NUL character'],
    ['a property that decoding would lose', JSON.parse('{"__proto__": 1}'), '', 'property name: __proto__ is not kept'],
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
