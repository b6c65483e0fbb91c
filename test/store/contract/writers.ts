import type { Appended } from '../../../src/store/store';
import type { Chapter } from '../contract';
import { event, events, idsOf, newStream, outcome, whole } from '../given';

type Settled = Partial<Appended> & { readonly error?: string; readonly actual?: number | 'none' };

/** Many concurrent writers: every answer is true, and none depends on the failure of another. */
export const writers: Chapter = {
  '32 writers on 8 streams: as many events are there as appends were answered with success': async (opened) => {
    const { store } = opened;
    const streams = Array.from({ length: 8 }, () => newStream());
    const written = new Map<string, Appended>();
    let refused = 0;
    await Promise.all(
      Array.from({ length: 32 }, async (_, writer) => {
        const stream = streams[writer % streams.length]!;
        let expected: number | 'none' = 'none';
        for (let done = 0; done < 10; ) {
          const one = event();
          const settled = (await outcome(store.append(stream, expected, [one]))) as Settled;
          if (settled.error === undefined) {
            written.set(one.id, settled as Appended);
            expected = settled.revision!;
            done += 1;
          } else {
            expect(settled.error).toBe('Conflict');
            expected = settled.actual!;
            refused += 1;
          }
        }
      }),
    );
    const log = await whole(store.readAll());
    expect(log).toHaveLength(320);
    expect(refused).toBeGreaterThan(0);
    for (const { id, revision, position } of log) expect(written.get(id)).toEqual({ revision, position });
    for (const stream of streams) {
      const revisions = (await whole(store.readStream(stream))).map(({ revision }) => revision);
      expect(revisions).toEqual(Array.from({ length: 40 }, (_, index) => index));
    }
  },

  'one of several appends for the same place wins, and the others are told where the stream is': async (opened) => {
    const { store } = opened;
    const stream = newStream();
    const settled = await Promise.all(
      Array.from({ length: 5 }, () => outcome(store.append(stream, 'none', events(2))) as Promise<Settled>),
    );
    expect(settled.filter(({ error }) => error === undefined)).toHaveLength(1);
    expect(settled.filter(({ error }) => error !== undefined)).toEqual(
      Array.from({ length: 4 }, () => ({ error: 'Conflict', actual: 1 })),
    );
    expect(await whole(store.readStream(stream))).toHaveLength(2);
  },

  'an append that is sent twice at once is written once and answered alike': async (opened) => {
    const { store } = opened;
    const stream = newStream();
    const batch = events(2);
    const answers = await Promise.all([1, 2, 3].map(() => store.append(stream, 'none', batch)));
    expect(answers).toEqual([answers[0], answers[0], answers[0]]);
    expect(idsOf(await whole(store.readStream(stream)))).toEqual(idsOf(batch));
  },

  'a conflict and a malformed append in between leave the appends around them alone': async (opened) => {
    const { store } = opened;
    const [before, after] = [newStream(), newStream()];
    const settled = (await Promise.all([
      outcome(store.append(before, 'none', events(1))),
      outcome(store.append(before, 5, events(1))),
      outcome(store.append(before, 0, [event({ id: 'no uuid' })])),
      outcome(store.append(after, 'none', events(1))),
    ])) as Settled[];
    expect(settled.map(({ error }) => error)).toEqual([undefined, 'Conflict', 'Invalid', undefined]);
    expect(await whole(store.readAll())).toHaveLength(2);
  },
};
