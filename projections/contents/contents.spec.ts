import fc from 'fast-check';
import { observeContents, plan, SUMMER } from '../../test/domain/commands';
import { sha256, uuidOf } from '../../test/domain/world';
import { Story } from '../../test/projections/story';
import { changed, type File, type Leaf, leafBehind, MOST } from './leaves';
import { contentsOf, filesIn } from './queries';

describe('the contents of campaigns', () => {
  let story: Story;
  const winter = uuidOf('winter');
  const poster = uuidOf('poster asset');
  beforeEach(async () => {
    story = await Story.open();
    await story.does('ana', plan());
    await story.does('ana', plan({ campaign: winter }));
  });
  afterEach(() => story.close());

  const row = async (campaign: string, at?: Parameters<typeof contentsOf>[2]) =>
    (await contentsOf(await story.reader('contents'), [campaign], at))[0];
  const files = async (campaign: string, at?: Parameters<typeof contentsOf>[2], first = 1000) =>
    (await filesIn(await story.reader('contents'), await row(campaign, at), { first })).rows;
  const paths = async (campaign: string, at?: Parameters<typeof contentsOf>[2]) =>
    (await files(campaign, at)).map(([path]) => path);
  const file = (path: string) => ({ path, digest: sha256(path) });

  it('lists files by path, with the asset and version where they have one', async () => {
    await story.does('bot', observeContents([file('b'), { ...file('a'), bytes: 1, asset: poster, version: 3 }]));
    expect(await files(SUMMER)).toEqual([
      ['a', sha256('a'), 1, poster, 3],
      ['b', sha256('b'), null, null, null],
    ]);
    expect(await row(SUMMER)).toMatchObject({ files: 2, offRecord: 1 });
  });

  it('begins with what another campaign contains, and changes nothing there', async () => {
    await story.does('bot', observeContents([file('a'), file('b')]));
    await story.does('bot', observeContents([file('c')], { campaign: winter, base: SUMMER, gone: ['a'] }));
    await story.does('bot', observeContents([file('d')]));
    expect(await paths(winter)).toEqual(['b', 'c']);
    expect(await paths(SUMMER)).toEqual(['a', 'b', 'd']);
  });

  it('tells what was in a campaign as of a past moment', async () => {
    const [first] = await story.does('bot', observeContents([file('a')]));
    const then = story.now;
    story.now = '2026-04-02T09:00:00.000Z';
    await story.does('bot', observeContents([file('b')], { gone: ['a'] }));
    expect(await paths(SUMMER)).toEqual(['b']);
    for (const at of [{ position: first!.position }, { recordedAt: then }, { occurredAt: then }]) {
      expect(await paths(SUMMER, at)).toEqual(['a']);
    }
    expect(await row(SUMMER, { occurredAt: '2026-01-01T00:00:00.000Z' })).toBeUndefined();
  });

  it('gives pages, and the files of one asset', async () => {
    const all = Array.from({ length: 300 }, (_, index) => `icons/${String(index).padStart(3, '0')}.svg`);
    const put = all.map((path, index) => ({ ...file(path), ...(index % 100 === 7 ? { asset: poster } : {}) }));
    await story.does('bot', observeContents(put));
    const reader = await story.reader('contents');
    const seen: string[] = [];
    for (let after: string | undefined, more = true; more; after = seen.at(-1)) {
      const page = await filesIn(reader, await row(SUMMER), { first: 70, after });
      seen.push(...page.rows.map(([path]) => path));
      more = page.hasNext;
    }
    expect(seen).toEqual(all);
    const ofPoster = await filesIn(reader, await row(SUMMER), { first: 2, asset: poster });
    expect(ofPoster.rows.map(([name]) => name)).toEqual(['icons/007.svg', 'icons/107.svg']);
    expect(ofPoster.hasNext).toBe(true);
  });
});

/** Leaves in memory. */
class Shelf {
  private readonly kept: (readonly File[])[] = [];
  readonly read = (leaf: Leaf): readonly File[] => this.kept[leaf[2]]!;
  readonly write = (files: readonly File[]): Leaf => {
    this.kept.push(files);
    return ['', 0, this.kept.length - 1, files[0]![0], files.length];
  };
}

const path = fc.integer({ min: 0, max: 600 }).map((number) => `p${number}`);
const change = fc.record({
  put: fc.uniqueArray(path, { maxLength: 400 }),
  gone: fc.uniqueArray(path, { maxLength: 200 }),
});

describe('leaves', () => {
  it('hold what a plain map would hold after the same changes, in order, however often they were split and joined', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const shelf = new Shelf();
        const plain = new Map<string, File>();
        let leaves: readonly Leaf[] = [];
        for (const [index, { put, gone }] of changes.entries()) {
          const files = put.map((name): File => [name, String(index), null, null, null]);
          leaves = changed(leaves, { put: files, gone }, shelf.read, shelf.write);
          for (const name of gone) plain.delete(name);
          for (const file of files) plain.set(file[0], file);
        }
        expect(leaves.flatMap(shelf.read)).toEqual([...plain.values()].sort(([a], [b]) => (a < b ? -1 : 1)));
        for (const leaf of leaves) {
          const files = shelf.read(leaf);
          expect(files[0]?.[0]).toBe(leaf[3]);
          expect(files.length).toBe(leaf[4]);
          expect(files.length).toBeLessThanOrEqual(MOST);
        }
        for (const name of plain.keys()) {
          const before = leaves.slice(0, leafBehind(leaves, name)).flatMap(shelf.read);
          expect(before.every(([other]) => other <= name)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('are shared where nothing changed', () => {
    const shelf = new Shelf();
    const all = Array.from({ length: 2000 }, (_, at): File => [`p${10_000 + at}`, 'x', null, null, null]);
    const before = changed([], { put: all, gone: [] }, shelf.read, shelf.write);
    const after = changed(before, { put: [['p11000', 'y', null, null, null]], gone: [] }, shelf.read, shelf.write);
    expect(after.filter((leaf) => !before.includes(leaf))).toHaveLength(1);
  });
});
