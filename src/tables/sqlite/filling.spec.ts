import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Bench, eventOf, idOf } from '../../../test/support/shelf';
import { openDatabase } from '../../store/sqlite/driver';
import type { Runtime } from '../runtime';
import { DictatedTarget } from './dictated';
import { SqliteTarget } from './target';

jest.setTimeout(120_000);

const ASSETS = 120;
const CHANGES = 250;

let bench: Bench;
let runtime: Runtime;
let expected: Awaited<ReturnType<Runtime['hash']>>;

/** A log that is long enough to be folded in one thread and written in another. */
beforeAll(async () => {
  bench = new Bench({ engine: 'sqlite' });
  for (let asset = 0; asset < ASSETS; asset++) {
    const events = Array.from({ length: CHANGES }, (_, n) => {
      const happening =
        n === 0
          ? ({ is: 'registered', title: 'New', tags: ['red'] } as const)
          : ({ is: 'changed', title: `${n}` } as const);
      return eventOf(happening, idOf(`${asset} ${n}`), new Date(86_400_000 * asset).toISOString());
    });
    await bench.store.append(`asset-${idOf(`${asset}`)}`, 'none', events);
  }
  const small = await bench.runtime({ tables: 'small.sqlite', rebuildBatchSize: 1_000 });
  await small.catchUp();
  expected = await small.hash();
});

beforeEach(async () => {
  runtime = await bench.runtime({ tables: 'tables.sqlite', rebuildBatchSize: 5_000 });
  await runtime.catchUp();
});

afterEach(() => jest.restoreAllMocks());
afterAll(() => bench.close());

/** Whoever writes to the tables beside, as soon as the lock is free. */
function writeBeside(): void {
  const file = openDatabase(join(bench.directory, 'tables.sqlite'), { busyTimeoutMs: 60_000 });
  // Closing would wait for those who read, in this same thread.
  file.exec('INSERT INTO runtime_word (text) VALUES (hex(randomblob(8))); PRAGMA busy_timeout = 0');
  file.close();
}

it('is done in two threads where the log is long, and gives what one would have made', async () => {
  const dictated = jest.spyOn(DictatedTarget.prototype, 'apply');
  const { events } = await runtime.rebuild();
  expect(events).toBe(ASSETS * CHANGES);
  expect(dictated).toHaveBeenCalledTimes(events / 1_000);
  expect(await runtime.hash()).toEqual(expected);
});

it('leaves nothing in the log of writes, which would take as much room as the tables', async () => {
  await runtime.rebuild();
  expect(statSync(join(bench.directory, 'tables.sqlite-wal')).size).toBe(0);
});

it('leaves its lock when it is broken off, and goes on from the last transaction', async () => {
  const breaking = new AbortController();
  const onProgress = (done: number, total: number) => done > total / 2 && breaking.abort();
  await expect(runtime.rebuild({ signal: breaking.signal, onProgress })).rejects.toThrow('aborted');
  const file = openDatabase(join(bench.directory, 'tables.sqlite'));
  file.exec('BEGIN IMMEDIATE; COMMIT');
  file.close();
  const { events } = await runtime.rebuild();
  expect(events).toBeLessThan(ASSETS * CHANGES);
  expect(await runtime.hash()).toEqual(expected);
});

it('goes on in small steps from the last transaction when somebody else writes to the tables too', async () => {
  const { apply } = DictatedTarget.prototype;
  const alone = jest.spyOn(DictatedTarget.prototype, 'apply').mockImplementation(async function (
    this: DictatedTarget,
    ...how
  ) {
    const applied = await apply.call(this, ...how);
    // The second transaction is on its way to its end, and the third has not begun.
    if (alone.mock.calls.length === 10) writeBeside();
    return applied;
  });
  const beside = jest.spyOn(SqliteTarget.prototype, 'apply');
  await runtime.rebuild();
  expect(await alone.mock.results.at(-1)?.value).toBe(false);
  expect(beside).toHaveBeenCalledTimes((ASSETS * CHANGES) / 1_000 - 10);
  expect(await runtime.hash()).toEqual(expected);
});
