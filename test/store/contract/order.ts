import type { Chapter } from '../contract';
import { events, idsOf, newStream, whole } from '../given';

const AT_ONCE = 40;

/** S14: concurrent appends. */
export const order: Chapter = {
  'writes concurrent appends in the order of the calls, from the very first on': async (opened) => {
    expect(opened.store.ordered).toBe(true);
    const asked: string[] = [];
    const together = async (store: typeof opened.store) => {
      const appends = Array.from({ length: AT_ONCE }, () => ({ stream: newStream(), batch: events(2) }));
      asked.push(...idsOf(appends.flatMap(({ batch }) => batch)));
      await Promise.all(appends.map(({ stream, batch }) => store.append(stream, 'none', batch)));
      expect(idsOf(await whole(store.readAll()))).toEqual(asked);
    };
    await together(opened.store);
    await together(opened.store);
    await together(await opened.reopen());
  },

  'writes appends behind those in flight': async (opened) => {
    const { store } = opened;
    const asked: string[] = [];
    const append = (stream: string, expected: 'none' | number): Promise<unknown> => {
      const batch = events(1);
      asked.push(...idsOf(batch));
      return store.append(stream, expected, batch);
    };
    const life = async (_: unknown, index: number) => {
      const stream = newStream();
      await append(stream, 'none');
      for (let revision = 0; revision < 3 + (index % 4); revision += 1) await append(stream, revision);
    };
    await Promise.all(Array.from({ length: 12 }, life));
    expect(idsOf(await whole(store.readAll()))).toEqual(asked);
  },
};
