import type { ContentChapter } from '../contract';
import { bytesOf, given, MB, pieces, refusalOf } from '../given';

export const reading: ContentChapter = {
  async 'returns exactly the requested range'({ store }) {
    const { bytes, digest } = given(2 * MB);
    await store.put(pieces(bytes));
    for (const [start, end] of [
      [0, 1],
      [0, 9],
      [MB - 1, MB + 70_000],
      [2 * MB - 1, 2 * MB - 1],
    ] as const) {
      const got = await bytesOf(await store.open(digest, { start, end }));
      expect(got.equals(bytes.subarray(start, end + 1))).toBe(true);
    }
  },

  async 'refuses a range outside the content'({ store }) {
    const { bytes, digest } = given(10);
    await store.put(pieces(bytes));
    for (const stretch of [
      { start: 0, end: 10 },
      { start: 10, end: 10 },
      { start: 5, end: 4 },
      { start: -1, end: 4 },
      { start: 0.5, end: 4 },
    ]) {
      expect(await refusalOf(store.open(digest, stretch))).toBeInstanceOf(RangeError);
    }
  },

  async 'reports missing content'({ store }) {
    const { digest } = given(1);
    expect(await store.size(digest)).toBeUndefined();
    expect(await refusalOf(store.open(digest))).toMatchObject({ name: 'ContentMissing', digest });
    expect(await store.delete(digest)).toBe(false);
  },

  async 'lets a reader stop early'({ store }) {
    const { bytes, digest } = given(4 * MB);
    await store.put(pieces(bytes));
    for (let n = 0; n < 30; n += 1) {
      const stream = await store.open(digest);
      for await (const _ of stream) break;
      expect(stream.destroyed).toBe(true);
    }
    expect((await bytesOf(await store.open(digest))).equals(bytes)).toBe(true);
  },
};
