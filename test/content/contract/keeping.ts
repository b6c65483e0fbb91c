import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentChapter } from '../contract';
import { bytesOf, given, listed, MB, pieces, refusalOf } from '../given';

export const keeping: ContentChapter = {
  async 'stores bytes under their digest, whatever their number'({ store, other, leftovers }) {
    for (const size of [0, 1, 65_537, MB, 9 * MB + 1]) {
      const { bytes, digest } = given(size);
      expect(await store.put(pieces(bytes))).toEqual({ digest, bytes: size, fresh: true });
      expect(await store.size(digest)).toBe(size);
      expect((await bytesOf(await other.open(digest))).equals(bytes)).toBe(true);
    }
    expect(await leftovers()).toEqual([]);
  },

  async 'stores the same bytes once, and reports that they existed'({ store, other }) {
    const { bytes, digest } = given(MB);
    await store.put(pieces(bytes));
    expect(await other.put(pieces(bytes, 1000))).toEqual({ digest, bytes: MB, fresh: false });
    expect(await listed(store)).toEqual([{ digest, bytes: MB, since: expect.any(Number) }]);
  },

  async 'repairs damaged content when the same bytes are stored again'({ store, overwrite }) {
    const { bytes, digest } = given(100_000);
    await store.put(pieces(bytes));
    await overwrite(digest, Buffer.from(bytes).fill(0, 500, 510));
    await store.put(pieces(bytes));
    expect((await bytesOf(await store.open(digest))).equals(bytes)).toBe(true);
  },

  async 'stores the content of eight concurrent writers, in pairs'({ store, other, leftovers }) {
    const contents = Array.from({ length: 4 }, () => given(2 * MB));
    const writers = [...contents, ...contents].map(({ bytes }, n) => (n % 2 ? store : other).put(pieces(bytes)));
    await Promise.all(writers);
    for (const { bytes, digest } of contents) {
      expect((await bytesOf(await store.open(digest))).equals(bytes)).toBe(true);
    }
    expect((await listed(store)).map(({ digest }) => digest)).toEqual(contents.map(({ digest }) => digest).sort());
    expect(await leftovers()).toEqual([]);
  },

  async 'takes over a file made in its own directory'({ store }) {
    const { bytes, digest } = given(300_000);
    const file = join(await store.incoming(), 'mine');
    await writeFile(file, bytes);
    expect(await store.take(file, { digest, bytes: bytes.length })).toEqual({ digest, bytes: 300_000, fresh: true });
    expect((await bytesOf(await store.open(digest))).equals(bytes)).toBe(true);
    expect(existsSync(file)).toBe(false);
  },

  async 'stores nothing that exceeds the limit'({ store, leftovers }) {
    const refused = await refusalOf(store.put(pieces(given(200_001).bytes), { limit: 200_000 }));
    expect(refused).toMatchObject({ name: 'ContentTooLarge', limit: 200_000 });
    expect([await listed(store), await leftovers()]).toEqual([[], []]);
    expect(await store.put(pieces(given(200_000).bytes), { limit: 200_000 })).toMatchObject({ fresh: true });
  },

  async 'stores nothing with another digest than expected'({ store, leftovers }) {
    const [wished, sent] = [given(10), given(10)];
    const refused = await refusalOf(store.put(pieces(sent.bytes), { digest: wished.digest }));
    expect(refused).toMatchObject({ name: 'ContentDiffers', expected: wished.digest, found: sent.digest });
    expect([await listed(store), await leftovers()]).toEqual([[], []]);
  },

  async 'stores nothing of an interrupted stream'({ store, leftovers }) {
    async function* broken() {
      yield given(3 * MB).bytes;
      throw new Error('the connection is lost');
    }
    expect((await refusalOf(store.put(broken()))).message).toBe('the connection is lost');
    expect([await listed(store), await leftovers()]).toEqual([[], []]);
  },

  async 'lists content in digest order, starting anywhere'({ store }) {
    const digests: string[] = [];
    for (let n = 0; n < 12; n += 1) digests.push((await store.put(pieces(given(n).bytes))).digest);
    digests.sort();
    const all = await listed(store);
    expect(all.map(({ digest }) => digest)).toEqual(digests);
    for (const { since } of all) expect(Math.abs(Date.now() - since)).toBeLessThan(60_000);
    expect((await listed(store, digests[4])).map(({ digest }) => digest)).toEqual(digests.slice(5));
  },

  async 'deletes content once, with everything derived from it'({ store, other }) {
    const { bytes, digest } = given(10);
    await store.put(pieces(bytes));
    await store.putDerived(digest, 'small', bytes);
    expect([await store.delete(digest), await other.delete(digest)]).toEqual([true, false]);
    expect(await other.size(digest)).toBeUndefined();
    expect(await other.derived(digest, 'small')).toBeUndefined();
  },
};
