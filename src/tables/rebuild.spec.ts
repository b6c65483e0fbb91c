import { join } from 'node:path';
import { spaced } from '../../test/copy/houses';
import { Bench, eventOf, idOf, item } from '../../test/support/shelf';
import { faultOf, openDatabase } from '../store/sqlite/driver';
import type { Store } from '../store/store';
import { RebuildBusy, RebuildDiffers } from './rebuild';
import { SqliteTarget } from './sqlite/target';

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

describe('a rebuild that tells how far it is', () => {
  it('counts events, also where positions count something else', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await bench.happens(name, registered(name));
    const store = Object.assign(Object.create(bench.store) as Store, spaced(bench.store, 1_000));
    const runtime = await bench.runtime({ store, batchSize: 2 });
    const told: (readonly number[])[] = [];
    expect(await runtime.rebuild({ onProgress: (...far) => told.push(far.slice(0, 2) as number[]) })).toMatchObject({
      events: 5,
    });
    for (const [done, total] of told) expect([done! <= total!, total! <= 6]).toEqual([true, true]);
    expect(told.at(-1)).toEqual([5, 5]);
  });
});

describe('a rebuild that has folded everything', () => {
  it('can be ended while its tables get their indexes, and lets others in between meanwhile', async () => {
    await inFile();
    await bench.happens('a', registered('Kept'));
    const runtime = await bench.runtime();
    await runtime.catchUp();
    const before = await runtime.hash();
    const breaking = new AbortController();
    const said: string[] = [];
    const onProgress = (_done: number, _total: number, doing?: string) => {
      if (!doing) return;
      said.push(doing);
      let turns = 0;
      const turn = () => {
        turns += 1;
        if (turns === 3) breaking.abort();
        else setImmediate(turn);
      };
      setImmediate(turn);
    };
    await expect(runtime.rebuild({ signal: breaking.signal, onProgress })).rejects.toThrow('aborted');
    expect(said).toEqual(['indexing shelf']);
    const file = openDatabase(join(bench.directory, 'tables.sqlite'), { readOnly: true });
    expect(file.prepareArrays(`SELECT sealed FROM runtime_projection WHERE role = 'build'`).all()).toEqual([[0]]);
    file.close();
    expect(await runtime.hash()).toEqual(before);
    expect(await runtime.rebuild()).toMatchObject({ events: 0, switched: ['shelf'] });
    expect(await runtime.hash()).toEqual(before);
  });

  it('can be ended while it compares', async () => {
    await bench.happens('b', registered('Other'));
    const runtime = await bench.runtime();
    await runtime.catchUp();
    const breaking = new AbortController();
    const onProgress = (_done: number, _total: number, now?: string) =>
      now === 'comparing shelf' && breaking.abort(new Error('enough'));
    await expect(runtime.rebuild({ signal: breaking.signal, onProgress })).rejects.toThrow('enough');
    await expect(runtime.hash('shelf', { signal: breaking.signal })).rejects.toThrow('enough');
    expect(await runtime.rebuild()).toMatchObject({ events: 0, switched: ['shelf'] });
  });
});

describe('a long log rebuilt beside a process that projects', () => {
  it('leaves it its turn to write after every portion', async () => {
    await inFile();
    await bench.happens('a', registered('a'));
    for (let at = 0; at < 5; at++) {
      const titles = Array.from({ length: 500 }, (_, n) => ({ is: 'changed', title: `${at} ${n}` }) as const);
      const events = titles.map((each, n) => eventOf(each, idOf(`${at} ${n}`), '2026-01-01T00:00:00.000Z'));
      await bench.store.append(`asset-${idOf('a')}`, at * 500, events);
    }
    const waited = async (): Promise<boolean[]> => {
      const file = openDatabase(join(bench.directory, 'tables.sqlite'));
      const turns: boolean[] = [];
      const onProgress = (_done: number, _total: number, doing?: string) => {
        if (doing) return;
        try {
          file.exec('BEGIN IMMEDIATE; COMMIT');
          turns.push(false);
        } catch (error) {
          turns.push(faultOf(error) === 'busy');
        }
      };
      await (await bench.runtime()).rebuild({ onProgress });
      file.close();
      return turns;
    };
    // What is left in the end is less than a portion, and is committed a moment later.
    expect((await waited()).slice(0, -1)).toEqual([true, true]);
    const serving = await bench.runtime();
    await serving.start();
    expect((await waited()).slice(0, -1)).toEqual([false, false]);
  });
});

describe('a rebuild', () => {
  it('takes turns with a process that goes on projecting', async () => {
    const serving = await bench.runtime();
    await serving.start();
    const rebuilding = await bench.runtime({ rebuildBatchSize: 1 });
    const writing = (async () => {
      for (let n = 0; n < 60; n++)
        await bench.happens(`a${n % 5}`, n < 5 ? registered(`T${n}`) : { is: 'changed', title: `U${n}` });
    })();
    const done = await rebuilding.rebuild();
    await writing;
    expect(done.switched).toEqual(['shelf']);
    await serving.catchUp();
    const undisturbed = await bench.runtime({ tables: 'undisturbed.sqlite' });
    await undisturbed.catchUp();
    expect(await serving.hash()).toEqual(await undisturbed.hash());
  });

  it('says what differs when the live tables were not what the log says, and puts them right', async () => {
    await inFile();
    const runtime = await bench.runtime();
    await bench.happens('a', registered('True'));
    await runtime.catchUp();
    const db = openDatabase(join(bench.directory, 'tables.sqlite'));
    db.exec(`UPDATE shelf_item__1 SET title = 'Forged'`);
    db.close();
    expect(await runtime.reader('shelf').get(item, { asset: idOf('a') })).toMatchObject({ title: 'Forged' });
    await expect(runtime.rebuild()).rejects.toThrow(RebuildDiffers);
    expect(await runtime.reader('shelf').get(item, { asset: idOf('a') })).toMatchObject({ title: 'True' });
    await runtime.rebuild();
  });

  it('is refused while another one runs', async () => {
    const [one, other] = [await bench.runtime(), await bench.runtime()];
    await bench.happens('a', registered('A'));
    // Which of them is first is the server's to say, where the tables are on one.
    const ends = await Promise.allSettled([one.rebuild(), other.rebuild()]);
    const refusals = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    expect(refusals).toEqual([expect.any(RebuildBusy)]);
  });
});

describe('a build in the background', () => {
  it('is begun again after what may pass, such as a full disk', async () => {
    await inFile();
    for (let at = 0; at < 5; at++) {
      const titles = Array.from({ length: 500 }, (_, n) => ({ is: 'changed', title: `${at} ${n}` }) as const);
      const events = titles.map((each, n) => eventOf(each, idOf(`${at} ${n}`), '2026-01-01T00:00:00.000Z'));
      await bench.store.append(`asset-${idOf('a')}`, at === 0 ? 'none' : at * 500 - 1, events);
    }
    const faults: unknown[] = [];
    const full = Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
    const { apply } = SqliteTarget.prototype;
    const folding = jest.spyOn(SqliteTarget.prototype, 'apply').mockImplementation(function (
      this: SqliteTarget,
      ...how
    ) {
      if (folding.mock.calls.length === 2) throw full;
      return apply.call(this, ...how);
    });
    try {
      const runtime = await bench.runtime({ onFault: (fault: unknown) => faults.push(fault) });
      await runtime.start();
      await runtime.catchUp();
      expect(await runtime.progress()).toMatchObject([{ status: 'live', position: await bench.store.head() }]);
      expect(faults).toContain(full);
    } finally {
      folding.mockRestore();
    }
  });
});
