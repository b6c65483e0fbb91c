import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Bench, eventOf, idOf } from '../../../test/support/shelf';
import { openDatabase } from '../../store/sqlite/driver';
import type { Runtime } from '../runtime';
import { Session } from './session';
import { SqliteTarget } from './target';

jest.setTimeout(120_000);

const ASSETS = 120;
const CHANGES = 250;

let bench: Bench;
let runtime: Runtime;
let expected: Awaited<ReturnType<Runtime['hash']>>;

/** A log of several transactions. */
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

it('gives the same tables whatever the size of its transactions', async () => {
  const transactions = jest.spyOn(Session.prototype, 'flush');
  const { events } = await runtime.rebuild();
  expect(events).toBe(ASSETS * CHANGES);
  expect(transactions).toHaveBeenCalledTimes(events / 5_000);
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

it('goes on in small transactions when another process begins to write to the tables', async () => {
  const { apply } = SqliteTarget.prototype;
  const portions = jest.spyOn(SqliteTarget.prototype, 'apply').mockImplementation(function (
    this: SqliteTarget,
    ...how
  ) {
    const applied = apply.call(this, ...how);
    // The second transaction has ended, and the third has not begun.
    if (portions.mock.calls.length === 10) writeBeside();
    return applied;
  });
  const transactions = jest.spyOn(Session.prototype, 'flush');
  await runtime.rebuild();
  expect(transactions).toHaveBeenCalledTimes(2 + (ASSETS * CHANGES - 10_000) / 1_000);
  expect(await runtime.hash()).toEqual(expected);
});
