import { Readable } from 'node:stream';
import fc from 'fast-check';
import { linesOf, Pieces, piecesOf } from './pieces';

async function all<T>(given: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of given) found.push(one);
  return found;
}

/** The same bytes in other chunks. */
function cut(bytes: Buffer, places: readonly number[]): Readable {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return Readable.from(
    at
      .slice(1)
      .map((end, index) => bytes.subarray(at[index], end))
      .filter(({ length }) => length > 0),
  );
}

it('splits output like JavaScript’s own split, however it is chunked', async () => {
  const text = fc.array(fc.constantFrom('a', 'bc', '\0', '\n', 'é'), { maxLength: 60 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(), { maxLength: 8 }), async (whole, places) => {
      const bytes = Buffer.from(whole);
      const ended = (parts: string[]) => (parts.at(-1) === '' ? parts.slice(0, -1) : parts);
      expect((await all(piecesOf(cut(bytes, places)))).map(String)).toEqual(ended(whole.split('\0')));
      expect(await all(linesOf(cut(bytes, places)))).toEqual(ended(whole.split('\n')));
    }),
  );
});

it('refuses a piece without an end', () => {
  const pieces = new Pieces(0, 100);
  expect([...pieces.push(Buffer.from('a'.repeat(60)))]).toEqual([]);
  expect(() => [...pieces.push(Buffer.from('a'.repeat(60)))]).toThrow('more than 100 bytes');
});
