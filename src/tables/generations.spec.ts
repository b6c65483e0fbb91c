import { join } from 'node:path';
import { Bench, eventOf, type Happening, idOf, item, shelf } from '../../test/support/shelf';
import { openDatabase } from '../store/sqlite/driver';
import type { Store } from '../store/store';
import { TablesNotReady } from './engine';
import { createRuntime } from './runtime';

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});

afterEach(() => bench.close());

/** For what looks into the tables file itself, whichever engine this run is of. */
async function inFile(): Promise<void> {
  await bench.close();
  bench = new Bench({ engine: 'sqlite' });
}

const registered = (title: string) => ({ is: 'registered', title, tags: ['t'] }) as const;

describe('a new version of a projection', () => {
  it('is built beside the old tables, which answer meanwhile', async () => {
    const old = await bench.runtime();
    await bench.happens('a', registered('Kept'));
    await old.catchUp();
    await old.stop();
    const next = await bench.runtime({ projections: [shelf({ version: 2 })] });
    expect(await next.reader('shelf').count(item, {})).toBe(1);
    expect(await next.progress()).toMatchObject([{ version: 1, status: 'waiting' }]);
    const position = await bench.happens('b', registered('New'));
    await next.start();
    await next.catchUp();
    expect(await next.progress()).toMatchObject([{ version: 2, status: 'live', position }]);
    expect(await next.reader('shelf').count(item, {})).toBe(2);
  });

  it('answers nothing while the tables there have another shape', async () => {
    const old = await bench.runtime();
    await bench.happens('a', registered('Kept'));
    await old.catchUp();
    await old.stop();
    const changed = shelf({ version: 2 });
    const narrower = { ...changed, tables: { ...changed.tables, item: { ...item, indexes: [] } } };
    const next = await bench.runtime({ projections: [narrower] });
    await expect(next.reader('shelf').count(narrower.tables.item, {})).rejects.toThrow(TablesNotReady);
    await expect(next.reader('shelf').position()).rejects.toThrow(TablesNotReady);
    expect(await next.progress()).toMatchObject([{ status: 'waiting', position: '0'.padStart(20, '0') }]);
    await next.catchUp();
    expect(await next.reader('shelf').count(narrower.tables.item, {})).toBe(1);
  });
});

describe('a long log', () => {
  const EVENTS = 2_500;

  /** Two assets whose titles change all the time. */
  async function happens(): Promise<void> {
    for (const name of ['a', 'b']) {
      const stream = `asset-${idOf(name)}`;
      const events = Array.from({ length: EVENTS / 2 }, (_, n) => {
        const happening = n === 0 ? registered(name) : ({ is: 'changed', title: `${name} ${n}` } as const);
        return eventOf(happening, idOf(`${name} ${n}`), '2026-01-01T00:00:00.000Z');
      });
      for (let at = 0; at < events.length; at += 250)
        await bench.store.append(stream, at === 0 ? 'none' : at - 1, events.slice(at, at + 250));
    }
  }

  it('leaves rows out of memory and finds them again, in a rebuild that is broken off too', async () => {
    const live = await bench.runtime({ tables: 'live.sqlite' });
    await live.start();
    const assets = Array.from({ length: 3_000 }, (_, n) => n);
    const happenTo = (some: readonly number[], happening: Happening, round: number) =>
      Promise.all(some.map((n) => bench.happens(`${n}`, happening, new Date(86_400_000 * (n + round)).toISOString())));
    await happenTo(assets, registered('New'), 0);
    await happenTo(assets.slice(0, 400), { is: 'changed', title: 'Changed' }, 1);
    await happenTo(assets.slice(300, 500), { is: 'retired' }, 2);
    await happenTo(assets.slice(400, 600), registered('Back'), 3);
    await live.catchUp();
    const expected = await live.hash();
    const built = await bench.runtime({ rebuildBatchSize: 100 });
    await built.catchUp();
    expect(await built.hash()).toEqual(expected);
    const breaking = new AbortController();
    const onProgress = (done: number, total: number) => done > total * 0.7 && breaking.abort();
    await expect(built.rebuild({ signal: breaking.signal, onProgress })).rejects.toThrow('aborted');
    await built.rebuild();
    expect(await built.hash()).toEqual(expected);
  }, 120_000);

  it('is read once to build tables, and they are what one event after the other would have made', async () => {
    const live = await bench.runtime({ tables: 'live.sqlite', batchSize: 3 });
    await live.start();
    await happens();
    let read = 0;
    const store: Store = {
      ...bench.store,
      async *readAll(range) {
        for await (const page of bench.store.readAll(range)) {
          // What finds out how long the log is reads its beginning.
          if (range?.limit === undefined) read += page.length;
          yield page;
        }
      },
    };
    const built = await bench.runtime({ store, tables: 'built.sqlite' });
    await built.catchUp();
    expect(read).toBe(EVENTS);
    await live.catchUp();
    expect(await built.hash()).toEqual(await live.hash());
  });

  it('is folded a thousand events at a time; what was not committed when it ends is folded again', async () => {
    await inFile();
    await happens();
    const runtime = await bench.runtime({ rebuildBatchSize: 2_000 });
    await runtime.catchUp();
    for (const { portions, left } of [
      { portions: 1, left: EVENTS },
      { portions: 2, left: EVENTS - 2_000 },
    ]) {
      const breaking = new AbortController();
      let seen = 0;
      const onProgress = () => {
        seen += 1;
        if (seen === portions) breaking.abort();
      };
      await expect(runtime.rebuild({ signal: breaking.signal, onProgress })).rejects.toThrow('aborted');
      // Nobody holds the lock any more.
      const file = openDatabase(join(bench.directory, 'tables.sqlite'));
      file.exec('BEGIN IMMEDIATE; COMMIT');
      file.close();
      const { events } = await runtime.rebuild();
      expect(events).toBe(left);
    }
  });
});

describe('a tables file', () => {
  beforeEach(inFile);

  it('that belongs to another log is emptied and filled anew', async () => {
    const before = await bench.runtime();
    for (const name of ['a', 'b']) await bench.happens(name, registered(`Title of ${name}`));
    await before.catchUp();
    await before.stop();
    const other = new Bench();
    try {
      const runtime = await createRuntime({
        store: other.store,
        projections: [shelf()],
        tables: { adapter: 'sqlite', file: join(bench.directory, 'tables.sqlite') },
      });
      await other.happens('c', registered('Another log'));
      await runtime.catchUp();
      const rows = await runtime.reader('shelf').select(item, { limit: 9 });
      expect(rows.map(({ title }) => title)).toEqual(['Another log']);
      await runtime.stop();
    } finally {
      await other.close();
    }
  });

  it('is read rightly by a process that has read it since before', async () => {
    const before = await bench.runtime();
    await bench.happens('a', { is: 'registered', title: 'A', tags: ['first', 'second'] });
    await bench.happens('a', { is: 'reviewed' });
    await before.catchUp();
    await before.stop();
    const tables = { adapter: 'sqlite', file: join(bench.directory, 'tables.sqlite') } as const;
    const other = new Bench();
    try {
      const [reading, runtime] = [
        await createRuntime({ store: other.store, projections: [shelf()], tables }),
        await createRuntime({ store: other.store, projections: [shelf()], tables }),
      ];
      const tags = async () => (await reading.reader('shelf').select(item, { limit: 9 })).map((row) => row.tags);
      expect(await tags()).toEqual([['first', 'second']]);
      await other.happens('c', { is: 'registered', title: 'C', tags: ['third', 'fourth', 'first'] });
      await runtime.catchUp();
      expect(await tags()).toEqual([['third', 'fourth', 'first']]);
      await Promise.all([reading.stop(), runtime.stop()]);
    } finally {
      await other.close();
    }
  });
});

describe('a process that only reads', () => {
  it('sees what the projecting one has reached, and is told', async () => {
    const [projecting, reading] = [await bench.runtime(), await bench.runtime()];
    await projecting.start();
    await reading.start();
    const heard = new Promise<string>((resolve) => reading.onAdvance(resolve));
    const position = await bench.happens('a', registered('Seen'));
    expect(await reading.waitFor(position)).toBe(true);
    expect(await heard).toBe(position);
    expect(await reading.reader('shelf').count(item, {})).toBe(1);
    expect(await reading.waitFor('00000000000000000099', { timeoutMs: 30 })).toBe(false);
  });
});
