import type { NewEvent, RecordedEvent } from '../../src/domain/event';
import type { MovedAppend, MovedEvent, Target } from '../../src/store/moving';
import { Conflict, Invalid, type Store } from '../../src/store/store';
import { event, events, follow, metadata, newStream, whole } from './given';

/** An empty store to be filled with the events of another. */
export interface OpenedTarget {
  readonly target: Target;
  /** Closes it and opens the same events for normal work. */
  work(): Promise<Store>;
  close(): Promise<void>;
}

const LONG_AGO = '2019-07-01T08:00:00.123Z';

/** Events as they were recorded elsewhere: `place` is the number in their original position. */
function moved(list: readonly NewEvent[], place = 7_000, recordedAt = LONG_AGO): readonly MovedEvent[] {
  return list.map((each, index) => ({
    ...each,
    original: { position: String(place + index).padStart(20, '0'), recordedAt },
  }));
}

const startOf = (stream: string, count = 1): MovedAppend => ({
  stream,
  expected: 'none',
  events: moved(events(count)),
});
const firstPlace = (read: RecordedEvent): string => read.originalPosition ?? read.position;

type Proof = (opened: OpenedTarget) => Promise<void>;

/** The promises of a store that receives the events of another one. */
const PROMISES: Readonly<Record<string, Proof>> = {
  'gives every reader the time and the place an event was first recorded at': async ({ target, work }) => {
    const stream = newStream();
    const [one, two] = moved(events(2));
    const later = { ...two!, original: { ...two!.original, recordedAt: '2018-01-01T00:00:00.000Z' } };
    await target.receive([{ stream, expected: 'none', events: [one!, later] }]);
    const seen = [await whole(target.readAll()), await whole(target.readStream(stream))];
    const store = await work();
    seen.push(await whole(store.readAll()), await whole(store.readStream(stream)));
    seen.push(await follow(store, '0'.repeat(20), (all) => all.length === 2));
    for (const read of seen) {
      expect(read.map(({ recordedAt }) => recordedAt)).toEqual([LONG_AGO, '2018-01-01T00:00:00.000Z']);
      expect(read.map(firstPlace)).toEqual([one!.original.position, two!.original.position]);
    }
  },

  'gives back the metadata as it was, without a word about the copy': async ({ target }) => {
    const stream = newStream();
    const usual = event({ metadata: metadata({ traceparent: 'x' }) });
    const odd = event({ metadata: { tool: 'of another program' } as never });
    await target.receive([{ stream, expected: 'none', events: moved([usual, odd]) }]);
    const read = await whole(target.readStream(stream));
    expect(read.map((each) => each.metadata)).toEqual([usual.metadata, odd.metadata]);
  },

  'puts the events of many streams in the order in which they come': async ({ target }) => {
    const [one, other] = [newStream(), newStream('campaign')];
    await target.receive([
      startOf(one, 2),
      startOf(other, 1),
      { stream: one, expected: 1, events: moved(events(1), 9_000) },
    ]);
    const read = await whole(target.readAll());
    expect(read.map(({ stream, revision }) => [stream, revision])).toEqual([
      [one, 0],
      [one, 1],
      [other, 0],
      [one, 2],
    ]);
    expect(read.at(-1)!.position).toBe(await target.head());
  },

  'writes nothing where somebody else wrote before': async ({ target }) => {
    const [one, other] = [newStream(), newStream()];
    await target.receive([startOf(one)]);
    const refused = target.receive([startOf(one, 2), startOf(other)]);
    await expect(refused).rejects.toBeInstanceOf(Conflict);
    expect(await whole(target.readStream(other))).toEqual([]);
  },

  'writes nothing twice, whatever is repeated': async ({ target }) => {
    const group = [startOf(newStream(), 3), startOf(newStream(), 2)];
    await target.receive(group);
    await target.receive(group);
    await target.receive([group[1]!]);
    expect(await whole(target.readAll())).toHaveLength(5);
  },

  'refuses what another store cannot have said': async ({ target }) => {
    const [one] = moved([event()]);
    for (const [name, value] of [
      ['recordedAt', '2019-07-01'],
      ['position', '12'],
    ] as const) {
      const odd = { ...one!, original: { ...one!.original, [name]: value } };
      const refused = target.receive([{ stream: newStream(), expected: 'none', events: [odd] }]);
      await expect(refused).rejects.toMatchObject({ name: 'Invalid', path: `events[0].original.${name}` });
    }
    const many = Array.from({ length: 5 }, () => startOf(newStream(), 900));
    await expect(target.receive(many)).rejects.toBeInstanceOf(Invalid);
    expect(await whole(target.readAll())).toEqual([]);
  },

  'gives events that come after the move the clock of this store': async ({ target, work }) => {
    const stream = newStream();
    await target.receive([startOf(stream)]);
    const store = await work();
    const before = new Date(Date.now() - 1_000).toISOString();
    await store.append(stream, 0, events(1));
    const [, own] = await whole(store.readStream(stream));
    expect(own!.recordedAt >= before).toBe(true);
    expect(own!.originalPosition).toBeUndefined();
  },

  'lets nobody say by an ordinary append when something was recorded': async ({ work }) => {
    const store = await work();
    for (const key of ['$originalRecordedAt', '$originalPosition']) {
      const forged = event({ metadata: metadata({ [key]: LONG_AGO }) });
      const refused = store.append(newStream(), 'none', [forged]);
      await expect(refused).rejects.toMatchObject({ name: 'Invalid', path: `events[0].metadata.${key}` });
    }
    const stream = newStream();
    await store.append(stream, 'none', moved(events(1)));
    const [read] = await whole(store.readStream(stream));
    expect(read!.recordedAt > LONG_AGO).toBe(true);
    expect(read!.originalPosition).toBeUndefined();
    expect(store).not.toHaveProperty('receive');
  },
};

/** Run by every adapter that a copy can fill. */
export function targetContract(name: string, open: () => Promise<OpenedTarget>): void {
  describe(`${name} receives the events of another store`, () => {
    test.each(Object.entries(PROMISES))('%s', async (_sentence, proof) => {
      const opened = await open();
      try {
        await proof(opened);
      } finally {
        await opened.close();
      }
    });
  });
}
