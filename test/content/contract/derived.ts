import type { ContentChapter } from '../contract';
import { given, listed, refusalOf } from '../given';

export const derived: ContentChapter = {
  async 'are found by content digest and rule name'({ store, other, leftovers }) {
    const [one, two] = [given(10).digest, given(10).digest];
    const picture = given(40_000).bytes;
    await store.putDerived(one, 'thumbnail-320@2.webp', picture);
    expect((await other.derived(one, 'thumbnail-320@2.webp'))?.equals(picture)).toBe(true);
    expect(await other.derived(one, 'thumbnail-320@3.webp')).toBeUndefined();
    expect(await other.derived(two, 'thumbnail-320@2.webp')).toBeUndefined();
    expect(await leftovers()).toEqual([]);
  },

  async 'replace one another'({ store }) {
    const { digest } = given(1);
    await store.putDerived(digest, 'facts', Buffer.from('old'));
    await store.putDerived(digest, 'facts', Buffer.from('new'));
    expect(String(await store.derived(digest, 'facts'))).toBe('new');
  },

  async 'are not listed as content'({ store }) {
    const { digest } = given(1);
    await store.putDerived(digest, 'facts', Buffer.from('{}'));
    expect([await store.size(digest), await listed(store)]).toEqual([undefined, []]);
  },

  async 'have names that cannot leave their folder'({ store }) {
    const { digest } = given(1);
    for (const name of ['../../x', '..', '.', '', 'a/b', 'a..b', 'A', 'a\0b', `x${'y'.repeat(120)}`]) {
      expect(await refusalOf(store.putDerived(digest, name, Buffer.from('x')))).toBeInstanceOf(RangeError);
      expect(await refusalOf(store.derived(digest, name))).toBeInstanceOf(RangeError);
    }
  },
};
