import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../../src/postgres';
import { TablesRefused, TablesUnavailable } from '../../src/runtime/engine';
import { createRuntime, type Runtime, type RuntimeOptions } from '../../src/runtime/runtime';
import { bundle, type Program } from '../support/bundle';
import { OwnPostgres } from '../support/postgres';
import { Bench, idOf, item, shelf } from '../support/shelf';

/** What takes over does so within this. Milliseconds. */
const TAKEN_OVER_MS = 10_000;

let bench: Bench;
let running: Runtime[];

beforeEach(() => {
  bench = new Bench({ engine: 'postgres' });
  running = [];
});

afterEach(async () => {
  for (const runtime of running) await runtime.stop();
  await bench.close();
});

async function open(tables: RuntimeOptions['tables'], more: Partial<RuntimeOptions> = {}): Promise<Runtime> {
  const runtime = await createRuntime({ store: bench.store, projections: [shelf()], tables, batchSize: 3, ...more });
  running.push(runtime);
  return runtime;
}

const registered = (title: string) => ({ is: 'registered', title, tags: ['t'] }) as const;

/** Events that go on while something breaks; gives the last position. */
async function much(from: number, to: number): Promise<string> {
  let last = '';
  for (let n = from; n < to; n++) {
    const happening = n % 5 === 0 ? registered(`Title ${n}`) : ({ is: 'changed', title: `Poster ${n}` } as const);
    last = await bench.happens(`asset ${n % 7}`, n % 11 === 10 ? { is: 'retired' } : happening);
  }
  return last;
}

/** What an undisturbed fold of the same log gives. */
async function undisturbed() {
  const runtime = await bench.runtime({ tables: 'undisturbed' });
  await runtime.catchUp();
  return (await runtime.hash()).projections;
}

/** Ends the connections whose name begins so, as an operator or a broken network would. */
async function cut(tables: RuntimeOptions['tables'], name: string): Promise<number> {
  if (tables.adapter !== 'postgres') throw new Error('there is no server');
  const admin = await connect(tables);
  const ended = await admin.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND starts_with(application_name, $1)',
    [name],
  );
  await admin.end();
  return ended.length;
}

async function sql(tables: RuntimeOptions['tables'], text: string): Promise<void> {
  if (tables.adapter !== 'postgres') throw new Error('there is no server');
  const admin = await connect(tables);
  await admin.script(text.replaceAll('%s', `"${tables.schema}"`));
  await admin.end();
}

describe('a projector that lost its lock', () => {
  it('writes nothing more, and takes it again where nobody else has', async () => {
    const tables = await bench.tablesAt();
    const runtime = await open(tables);
    await runtime.start();
    await runtime.waitFor(await much(0, 20));
    expect(await cut(tables, 'palimpsest projecting')).toBeGreaterThan(0);
    const last = await much(20, 60);
    expect(await runtime.waitFor(last, { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    expect((await runtime.hash()).projections).toEqual(await undisturbed());
  });

  it('is refused by the number of its lock, whatever it believes', async () => {
    const tables = await bench.tablesAt();
    const runtime = await open(tables);
    await runtime.start();
    await runtime.waitFor(await much(0, 10));
    await sql(tables, `UPDATE %s.runtime_fence SET token = token + 1`);
    const last = await much(10, 30);
    expect(await runtime.waitFor(last, { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    expect((await runtime.hash()).projections).toEqual(await undisturbed());
  });
});

describe('of two projectors', () => {
  let program: Program;

  beforeAll(async () => {
    program = await bundle(join(__dirname, '..', 'laws', 'projecting-program.ts'));
  });

  afterAll(() => program.remove());

  async function another(tables: RuntimeOptions['tables']): Promise<ChildProcess> {
    const child = program.run(bench.directory, 'project', JSON.stringify(tables));
    await once(child.stdout!, 'data');
    return child;
  }

  it('one works, and the other takes over when it is killed or hangs', async () => {
    const tables = await bench.tablesAt();
    const first = await another(tables);
    const reading = await open(tables);
    expect(await reading.waitFor(await much(0, 10), { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    const second = await another(tables);
    first.kill('SIGSTOP');
    expect(await reading.waitFor(await much(10, 20), { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    first.kill('SIGCONT');
    expect(await reading.waitFor(await much(20, 30), { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    second.kill('SIGKILL');
    expect(await reading.waitFor(await much(30, 40), { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    const gone = once(first, 'exit');
    first.kill('SIGKILL');
    await gone;
    expect((await reading.hash()).projections).toEqual(await undisturbed());
  }, 60_000);

  it('any may be killed at any moment, a hundred times', async () => {
    const tables = await bench.tablesAt();
    const reading = await open(tables);
    for (let round = 0; round < 100; round++) {
      const child = await another(tables);
      const gone = once(child, 'exit');
      await much(round * 10, round * 10 + (round % 10) + 1);
      child.kill('SIGKILL');
      await gone;
    }
    await reading.catchUp();
    expect((await reading.hash()).projections).toEqual(await undisturbed());
  }, 300_000);
});

describe('a PostgreSQL that goes away', () => {
  it('is waited for: readers are told, and everything goes on by itself', async () => {
    const server = await OwnPostgres.start('fsync=on');
    try {
      const tables = { adapter: 'postgres', url: server.url, schema: 'palimpsest' } as const;
      const runtime = await open(tables);
      await runtime.start();
      await runtime.waitFor(await much(0, 20));
      await server.order('kill');
      const reader = runtime.reader('shelf');
      await expect(reader.get(item, { asset: idOf('asset 0') })).rejects.toThrow(TablesUnavailable);
      await expect(runtime.progress()).rejects.toThrow(/PostgreSQL, which holds the read models, does not answer/);
      const last = await much(20, 60);
      expect(await runtime.waitFor(last, { timeoutMs: 50 })).toBe(false);
      await server.order('start');
      expect(await runtime.waitFor(last, { timeoutMs: 60_000 })).toBe(true);
      expect(await reader.count(item, {})).toBeGreaterThan(0);
      const expected = await undisturbed();
      expect((await runtime.hash()).projections).toEqual(expected);
      await runtime.stop();
    } finally {
      await server.remove();
    }
  }, 120_000);

  it('may be away when a process starts', async () => {
    const server = await OwnPostgres.start();
    try {
      await server.order('stop');
      const faults: unknown[] = [];
      const tables = { adapter: 'postgres', url: server.url, schema: 'palimpsest' } as const;
      const runtime = await open(tables, { onFault: (fault) => faults.push(fault) });
      await runtime.start();
      expect(faults).toEqual([expect.any(TablesUnavailable)]);
      const last = await much(0, 10);
      await server.order('start');
      expect(await runtime.waitFor(last, { timeoutMs: 60_000 })).toBe(true);
      await runtime.stop();
    } finally {
      await server.remove();
    }
  }, 120_000);
});

describe('tables that somebody dropped', () => {
  const drop = (tables: RuntimeOptions['tables']) => sql(tables, 'DROP SCHEMA %s CASCADE');

  it('are made anew under the process that projects, and every reader finds them', async () => {
    const tables = await bench.tablesAt();
    const [projecting, reading] = [await open(tables), await open(tables)];
    await projecting.start();
    expect(await reading.waitFor(await much(0, 20))).toBe(true);
    await drop(tables);
    const last = await much(20, 40);
    expect(await reading.waitFor(last, { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    expect((await reading.hash()).projections).toEqual(await undisturbed());
  });

  it('are made by whoever takes the lock next, without anybody listening anew', async () => {
    const tables = await bench.tablesAt();
    const runtime = await open(tables);
    await runtime.start();
    await runtime.waitFor(await much(0, 20));
    await drop(tables);
    await cut(tables, 'palimpsest projecting');
    const last = await much(20, 40);
    expect(await runtime.waitFor(last, { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    expect((await runtime.hash()).projections).toEqual(await undisturbed());
  });
});

describe('tables that were restored from a backup', () => {
  it('are refused with advice where they stand beyond the log', async () => {
    const tables = await bench.tablesAt();
    const before = await open(tables);
    await much(0, 20);
    await before.catchUp();
    const position = await before.reader('shelf').position();
    await before.stop();
    const older = new Bench({ engine: 'postgres' });
    try {
      await older.happens('x', registered('Older'));
      const after = await open(tables, { store: older.store });
      await expect(after.start()).rejects.toThrow(TablesRefused);
      await expect(after.catchUp()).rejects.toThrow(/DROP SCHEMA "t_\w+" CASCADE/);
      expect(await after.reader('shelf').position()).toBe(position);
      await after.stop();
    } finally {
      await older.close();
    }
  });

  it('are folded on where they only stand further back', async () => {
    const tables = await bench.tablesAt();
    const before = await open(tables);
    await much(0, 20);
    await before.catchUp();
    await before.stop();
    const last = await much(20, 40);
    const after = await open(tables);
    await after.start();
    expect(await after.waitFor(last)).toBe(true);
    expect((await after.hash()).projections).toEqual(await undisturbed());
  });
});

describe('tables that are restored while nothing happens', () => {
  /** Puts what every table holds aside, or what was put aside back, at one moment. */
  const every = (what: string) => `
    DO $$ DECLARE t text; BEGIN
      FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = trim(both '"' FROM '%s') LOOP EXECUTE format('${what}', t, t, t); END LOOP;
    END $$`;

  it('are folded on without waiting for an event', async () => {
    const tables = await bench.tablesAt();
    const runtime = await open(tables);
    await runtime.start();
    await runtime.waitFor(await much(0, 20));
    await sql(tables, 'CREATE SCHEMA aside');
    await sql(tables, every('CREATE TABLE aside.%%I AS SELECT * FROM %s.%%I').replaceAll('%%', '%'));
    const last = await much(20, 40);
    await runtime.waitFor(last);
    await sql(tables, every('DELETE FROM %s.%%I; INSERT INTO %s.%%I SELECT * FROM aside.%%I').replaceAll('%%', '%'));
    const stands = async () => (await runtime.progress())[0]!.position;
    expect(await stands()).not.toBe(last);
    for (let left = 200; left > 0 && (await stands()) !== last; left--) await pause(50);
    expect(await stands()).toBe(last);
    expect((await runtime.hash()).projections).toEqual(await undisturbed());
  });
});

describe('a batch that PostgreSQL cannot take', () => {
  it('is kept as a whole later, and meanwhile nothing of it is read', async () => {
    const tables = await bench.tablesAt();
    const faults: string[] = [];
    const runtime = await open(tables, { onFault: (fault) => faults.push(String(fault)) });
    await runtime.start();
    const kept = await much(0, 20);
    await runtime.waitFor(kept);
    // What a full disk answers, from the moment a row of the past is written.
    await sql(
      tables,
      `CREATE FUNCTION %s.no_room() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
       CREATE TRIGGER no_room BEFORE INSERT ON %s."shelf_item_past__1" EXECUTE FUNCTION %s.no_room()`,
    );
    const last = await much(20, 40);
    expect(await runtime.waitFor(last, { timeoutMs: 300 })).toBe(false);
    expect(faults.join()).toContain('No space left on device');
    await sql(tables, 'DROP TRIGGER no_room ON %s."shelf_item_past__1"');
    expect(await runtime.waitFor(last, { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    expect((await runtime.hash()).projections).toEqual(await undisturbed());
  });
});

describe('progress', () => {
  it('is heard again when the connection on which it is told was cut', async () => {
    const tables = await bench.tablesAt();
    const [projecting, reading] = [await open(tables), await open(tables)];
    await projecting.start();
    expect(await reading.waitFor(await much(0, 5))).toBe(true);
    expect(await cut(tables, 'palimpsest listener')).toBe(2);
    expect(await reading.waitFor(await much(5, 15), { timeoutMs: TAKEN_OVER_MS })).toBe(true);
  });
});
