import { START } from '../../../src/store/store';
import type { Chapter } from '../contract';
import { event, events, follow, idsOf, newStream, whole } from '../given';

/** S7: a subscription is an endless `readAll`. */
export const subscribing: Chapter = {
  'reports at once that an empty log is caught up': async ({ store }) => {
    const seen = await follow(store, START, (_seen, { caughtUp }) => caughtUp);
    expect(seen).toEqual([]);
  },

  'delivers existing events, reports that it has caught up, and continues live': async ({ store }) => {
    const stream = newStream();
    const [early, late] = [events(3), events(2)];
    await store.append(stream, 'none', early);
    let caughtUpAt: number | undefined;
    const seen = await follow(store, START, (soFar, { caughtUp }) => {
      if (caughtUp && caughtUpAt === undefined) {
        caughtUpAt = soFar.length;
        void store.append(stream, 2, late);
      }
      return soFar.length === 5;
    });
    expect(caughtUpAt).toBe(3);
    expect(idsOf(seen)).toEqual(idsOf([...early, ...late]));
  },

  'begins after its position and pages through more than 1,000 events': async ({ store }) => {
    const stream = newStream();
    const { position } = await store.append(stream, 'none', events(5));
    const batches = [events(1_000), events(1_000), events(7)];
    let expected = 4;
    for (const batch of batches) expected = (await store.append(stream, expected, batch)).revision;
    const seen = await follow(store, position, (_seen, { events: page, caughtUp }) => {
      expect(page.length).toBeLessThanOrEqual(1_000);
      return caughtUp;
    });
    expect(idsOf(seen)).toEqual(idsOf(batches.flat()));
  },

  'ends on its signal while it waits': async ({ store }) => {
    const end = new AbortController();
    for await (const { caughtUp } of store.subscribe({ after: START, signal: end.signal })) {
      if (caughtUp) setImmediate(() => end.abort());
    }
    expect(end.signal.aborted).toBe(true);
  },

  'delivers nothing if its signal has already aborted': async ({ store }) => {
    const deliveries: unknown[] = [];
    for await (const delivery of store.subscribe({ after: START, signal: AbortSignal.abort() })) {
      deliveries.push(delivery);
    }
    expect(deliveries).toEqual([]);
  },

  'lets a reader leave midway, and another take its place': async ({ store }) => {
    await store.append(newStream(), 'none', events(3));
    for await (const _ of store.subscribe({ after: START, signal: new AbortController().signal })) break;
    expect(await follow(store, START, (_seen, { caughtUp }) => caughtUp)).toHaveLength(3);
  },

  'shows each of those who come at random moments of a storm of writes exactly the rest of the log': async ({
    store,
  }) => {
    const last = event({ type: 'StormOver' });
    const subscribers: Promise<{ after: string; seen: readonly string[] }>[] = [];
    const subscribe = async (after: string) => {
      const seen = await follow(store, after, (soFar) => soFar.at(-1)?.id === last.id);
      return { after, seen: seen.map(({ position }) => position) };
    };
    subscribers.push(subscribe(START));
    await Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        const stream = newStream();
        let expected: number | 'none' = 'none';
        for (let round = 0; round < 25; round += 1) {
          const { revision, position } = await store.append(stream, expected, events(1 + ((round + writer) % 5)));
          expected = revision;
          if (subscribers.length < 16 && Math.random() < 0.1) subscribers.push(subscribe(position));
        }
      }),
    );
    await store.append(newStream(), 'none', [last]);
    const log = (await whole(store.readAll())).map(({ position }) => position);
    for (const { after, seen } of await Promise.all(subscribers)) {
      expect(seen).toEqual(log.filter((position) => position > after));
    }
  },
};
