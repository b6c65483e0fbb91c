import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { events, newStream, whole } from '../../test/store/given';
import { eventsAt } from './places';
import { openSqliteStore } from './sqlite/adapter';
import type { Store } from './store';

const streams = [newStream(), newStream(), newStream('campaign')];
let directory: string;
let store: Store;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-'));
  store = openSqliteStore(join(directory, 'events.sqlite'), { synchronous: 'OFF' });
  for (const stream of streams) await store.append(stream, 'none', events(100));
});
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

it('returns the events at any places, in the requested order, each as often as requested', async () => {
  const log = new Map(
    await Promise.all(streams.map(async (stream) => [stream, await whole(store.readStream(stream))] as const)),
  );
  const place = fc.record({ stream: fc.constantFrom(...streams), revision: fc.nat(99) });
  const law = fc.asyncProperty(fc.array(place, { maxLength: 40 }), async (places) => {
    expect(await eventsAt(store, places)).toEqual(places.map(({ stream, revision }) => log.get(stream)![revision]));
  });
  await fc.assert(law, { numRuns: 100 });
});

it('reads nearby events of one stream with one read, and reads no more than needed', async () => {
  const asked: unknown[] = [];
  const watched: Pick<Store, 'readStream'> = {
    readStream: (stream, range) => {
      asked.push({ stream, ...range });
      return store.readStream(stream, range);
    },
  };
  const [first, second] = streams as [string, string];
  const of = (stream: string, ...revisions: number[]) => revisions.map((revision) => ({ stream, revision }));
  await eventsAt(watched, [...of(first, 12, 10, 11, 80), ...of(second, 0)]);
  expect(asked).toHaveLength(3);
  expect(asked).toEqual(
    expect.arrayContaining([
      { stream: first, after: 9, limit: 3 },
      { stream: first, after: 79, limit: 1 },
      { stream: second, after: -1, limit: 1 },
    ]),
  );
});

it('names the missing event if a place has none', async () => {
  const stream = streams[0]!;
  await expect(eventsAt(store, [{ stream, revision: 100 }])).rejects.toThrow(
    `the log has no event 100 of stream ${stream}`,
  );
});
