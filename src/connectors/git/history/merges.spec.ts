import { MergeContent, type Merged, mergedBy } from './merges';

const person = (name: string) => ({ name, email: `${name}@x` });
const merged = (hash: string, ...wrote: Merged['wrote']): Merged => ({
  hash,
  author: person(hash),
  authoredAt: 1,
  committedAt: 1,
  trailers: [],
  wrote,
});

describe('merges', () => {
  it('bring in the commits that their first parent did not have, each once', () => {
    const nodes = new Map(
      Object.entries({ r: [], x: ['r'], y: ['x'], m1: ['r', 'x'], m2: ['m1', 'y'], m3: ['m2', 'x'] }).map(
        ([hash, parents]) => [hash, { parents }],
      ),
    );
    const found = mergedBy(['r', 'm1', 'm2', 'm3'], nodes);
    expect([...found]).toEqual([
      ['m1', ['x']],
      ['m2', ['y']],
    ]);
  });

  it('name the makers of a content by path and by bytes', () => {
    const content = new MergeContent([
      merged('one', { path: 'draft.svg', blob: 'b1' }),
      merged('two', { path: 'a.svg', blob: 'b0' }),
      merged('three', { path: 'z.svg', blob: 'b3' }),
    ]);
    const makers = content.makersOf('a.svg', 'b1');
    expect(makers?.last.hash).toBe('one');
    expect(makers?.all.map(({ hash }) => hash)).toEqual(['one', 'two']);
    expect(makers?.exact.map(({ hash }) => hash)).toEqual(['one']);
    expect(content.makersOf('nobody.svg', 'b9')).toBeUndefined();
  });
});
