import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentChapter } from '../contract';
import { given, listed, pieces, refusalOf } from '../given';

export const faults: ContentChapter = {
  async 'refuses an invalid digest before it touches anything'({ store, leftovers }) {
    for (const name of [
      '../../etc/passwd',
      '',
      'ab',
      given(1).digest.toUpperCase(),
      `${given(1).digest}/`,
      '.'.repeat(64),
    ]) {
      expect(await refusalOf(store.size(name))).toBeInstanceOf(RangeError);
      expect(await refusalOf(store.open(name))).toBeInstanceOf(RangeError);
      expect(await refusalOf(store.file(name))).toBeInstanceOf(RangeError);
      expect(await refusalOf(store.delete(name))).toBeInstanceOf(RangeError);
      const file = join(await store.incoming(), 'mine');
      await writeFile(file, 'x');
      expect(await refusalOf(store.take(file, { digest: name, bytes: 1 }))).toBeInstanceOf(RangeError);
      expect(existsSync(file)).toBe(true);
    }
    expect([await listed(store), await leftovers()]).toEqual([[], ['mine']]);
  },

  async 'reports that it cannot be used'({ store, cutOff }) {
    const { bytes, digest } = given(1000);
    await store.put(pieces(bytes));
    await store.probe();
    await cutOff();
    const refused = await Promise.all([
      refusalOf(store.put(pieces(given(10).bytes))),
      refusalOf(store.open(digest)),
      refusalOf(store.size(digest)),
      refusalOf(store.probe()),
      refusalOf(listed(store)),
    ]);
    expect(refused.map(({ name }) => name)).toEqual(Array(5).fill('ContentUnavailable'));
    expect(refused[0]!.message).toContain(`the content in ${store.place} cannot be used: `);
  },
};
