import type { NewEvent } from '../../../src/domain/event';
import { Conflict, type ExpectedRevision } from '../../../src/store/store';
import type { Chapter } from '../contract';
import { event, events, idsOf, newStream, outcome, whole } from '../given';

/** S1, S2, S3: the answer of an append, first and repeated. */
export const appends: Chapter = {
  'answers with the revision and the position of the last event': async (opened) => {
    const { store } = opened;
    const stream = newStream();
    const first = await store.append(stream, 'none', events(3));
    expect(first.revision).toBe(2);
    expect(first.position).toBe(await store.head());
    const second = await store.append(stream, 2, events(1));
    expect(second.revision).toBe(3);
    expect(second.position > first.position).toBe(true);
  },

  'numbers the events of every stream from 0 without a gap': async (opened) => {
    const { store } = opened;
    const streams = [newStream(), newStream('campaign')];
    for (const stream of streams) {
      await store.append(stream, 'none', events(2));
      await store.append(stream, 1, events(3));
    }
    for (const stream of streams) {
      const read = await whole(store.readStream(stream));
      expect(read.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4]);
    }
  },

  'refuses new events for a stream that already exists, when none was expected': refuses('none'),
  'refuses new events for a stream beyond the expected revision': refuses(0),
  'refuses new events for a stream that has not reached the expected revision': refuses(7),

  'reports that a stream does not exist': async (opened) => {
    const stream = newStream();
    const refused = opened.store.append(stream, 4, events(1));
    await expect(refused).rejects.toMatchObject({ name: 'Conflict', stream, expected: 4, actual: 'none' });
  },

  'accepts the same event id in two streams': async (opened) => {
    const { store } = opened;
    const [one, other] = [newStream(), newStream()];
    const same = events(1);
    await store.append(one, 'none', same);
    expect((await store.append(other, 'none', same)).revision).toBe(0);
  },

  'returns the first answer to an identical append and writes nothing': async (opened) => {
    const { store } = opened;
    const stream = newStream();
    const batch = events(3);
    const first = await store.append(stream, 'none', batch);
    expect(await store.append(stream, 'none', batch)).toEqual(first);
    await store.append(stream, 2, events(2));
    expect(await store.append(stream, 'none', batch)).toEqual(first);
    expect(await whole(store.readStream(stream))).toHaveLength(5);
  },

  'returns the first answer after a restart too': async (opened) => {
    const stream = newStream();
    const batch = events(2);
    const first = await opened.store.append(stream, 'none', batch);
    const store = await opened.reopen();
    expect(await store.append(stream, 'none', batch)).toEqual(first);
    expect(await whole(store.readStream(stream))).toHaveLength(2);
  },

  'answers a leading part with the position of its own last event': async (opened) => {
    const { store } = opened;
    const stream = newStream();
    const batch = events(3);
    await store.append(stream, 'none', batch);
    const read = await whole(store.readStream(stream));
    const answer = await store.append(stream, 'none', batch.slice(0, 2));
    expect(answer).toEqual({ revision: 1, position: read[1]?.position });
  },

  'recognises events by id: the first data stays': async (opened) => {
    const { store } = opened;
    const stream = newStream();
    const [one] = events(1);
    const first = await store.append(stream, 'none', [one!]);
    expect(await store.append(stream, 'none', [{ ...one!, data: { version: 99 } }])).toEqual(first);
    expect((await whole(store.readStream(stream)))[0]?.data).toEqual(one!.data);
  },

  'refuses stored events followed by a new one': overlap(([a, b, c]) => [a!, b!, c!, event()]),
  'refuses a new event followed by stored ones': overlap(([a, b]) => [event(), a!, b!]),
  'refuses the same events in another order': overlap(([a, b, c]) => [b!, a!, c!]),
  'refuses some of the events with a gap': overlap(([a, , c]) => [a!, c!]),
  'refuses events stored one revision later': overlap(([, b, c]) => [b!, c!]),
};

function refuses(expected: ExpectedRevision): Chapter[string] {
  return async ({ store }) => {
    const stream = newStream();
    await store.append(stream, 'none', events(2));
    const refused = store.append(stream, expected, events(1));
    await expect(refused).rejects.toBeInstanceOf(Conflict);
    await expect(refused).rejects.toMatchObject({ stream, expected, actual: 1 });
    expect(await whole(store.readStream(stream))).toHaveLength(2);
  };
}

function overlap(of: (standing: readonly NewEvent[]) => readonly NewEvent[]): Chapter[string] {
  return async ({ store }) => {
    const stream = newStream();
    const batch = events(3);
    await store.append(stream, 'none', batch);
    expect(await outcome(store.append(stream, 'none', of(batch)))).toEqual({ error: 'Conflict', actual: 2 });
    expect(idsOf(await whole(store.readStream(stream)))).toEqual(idsOf(batch));
  };
}
