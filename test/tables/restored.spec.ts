import { TablesRefused, TablesUnavailable } from '../../src/tables/engine';
import type { RuntimeOptions } from '../../src/tables/runtime';
import { OwnPostgres } from '../support/postgres';
import { Bench, idOf, item } from '../support/shelf';
import { cut, eachInTrouble, registered, sql, TAKEN_OVER_MS, Trouble } from '../support/trouble';

let trouble: Trouble;

eachInTrouble((begun) => {
  trouble = begun;
});

describe('a PostgreSQL that becomes unreachable', () => {
  it('is waited for: readers get an error, and everything resumes by itself', async () => {
    const server = await OwnPostgres.start('fsync=on');
    try {
      const tables = { adapter: 'postgres', url: server.url, schema: 'palimpsest' } as const;
      const runtime = await trouble.open(tables);
      await runtime.start();
      await runtime.waitFor(await trouble.much(0, 20));
      await server.order('kill');
      const reader = runtime.reader('shelf');
      await expect(reader.get(item, { asset: idOf('asset 0') })).rejects.toThrow(TablesUnavailable);
      await expect(runtime.progress()).rejects.toThrow(/PostgreSQL, which holds the read models, does not answer/);
      const last = await trouble.much(20, 60);
      expect(await runtime.waitFor(last, { timeoutMs: 50 })).toBe(false);
      await server.order('start');
      expect(await runtime.waitFor(last, { timeoutMs: 60_000 })).toBe(true);
      expect(await reader.count(item, {})).toBeGreaterThan(0);
      const expected = await trouble.undisturbed();
      expect((await runtime.hash()).projections).toEqual(expected);
      await runtime.stop();
    } finally {
      await server.remove();
    }
  }, 120_000);

  it('may be unreachable when a process starts', async () => {
    const server = await OwnPostgres.start();
    try {
      await server.order('stop');
      const faults: unknown[] = [];
      const tables = { adapter: 'postgres', url: server.url, schema: 'palimpsest' } as const;
      const runtime = await trouble.open(tables, { onFault: (fault) => faults.push(fault) });
      await runtime.start();
      expect(faults).toEqual([expect.any(TablesUnavailable)]);
      const last = await trouble.much(0, 10);
      await server.order('start');
      expect(await runtime.waitFor(last, { timeoutMs: 60_000 })).toBe(true);
      await runtime.stop();
    } finally {
      await server.remove();
    }
  }, 120_000);
});

describe('dropped tables', () => {
  const drop = (tables: RuntimeOptions['tables']) => sql(tables, 'DROP SCHEMA %s CASCADE');

  it('are rebuilt while the projecting process runs, and every reader finds them', async () => {
    const tables = await trouble.bench.tablesAt();
    const [projecting, reading] = [await trouble.open(tables), await trouble.open(tables)];
    await projecting.start();
    expect(await reading.waitFor(await trouble.much(0, 20))).toBe(true);
    await drop(tables);
    const last = await trouble.much(20, 40);
    expect(await reading.waitFor(last, { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    expect((await reading.hash()).projections).toEqual(await trouble.undisturbed());
  });

  it('are rebuilt by the next holder of the lock, without a new listener', async () => {
    const tables = await trouble.bench.tablesAt();
    const runtime = await trouble.open(tables);
    await runtime.start();
    await runtime.waitFor(await trouble.much(0, 20));
    await drop(tables);
    await cut(tables, 'palimpsest projecting');
    const last = await trouble.much(20, 40);
    expect(await runtime.waitFor(last, { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    expect((await runtime.hash()).projections).toEqual(await trouble.undisturbed());
  });
});

describe('tables that were restored from a backup', () => {
  it('are refused with advice if they are ahead of the log', async () => {
    const tables = await trouble.bench.tablesAt();
    const before = await trouble.open(tables);
    await trouble.much(0, 20);
    await before.catchUp();
    const position = await before.reader('shelf').position();
    await before.stop();
    const older = new Bench({ engine: 'postgres' });
    try {
      await older.happens('x', registered('Older'));
      const after = await trouble.open(tables, { store: older.store });
      await expect(after.start()).rejects.toThrow(TablesRefused);
      await expect(after.catchUp()).rejects.toThrow(/DROP SCHEMA "t_\w+" CASCADE/);
      expect(await after.reader('shelf').position()).toBe(position);
      await after.stop();
    } finally {
      await older.close();
    }
  });

  it('are folded further if they are only behind', async () => {
    const tables = await trouble.bench.tablesAt();
    const before = await trouble.open(tables);
    await trouble.much(0, 20);
    await before.catchUp();
    await before.stop();
    const last = await trouble.much(20, 40);
    const after = await trouble.open(tables);
    await after.start();
    expect(await after.waitFor(last)).toBe(true);
    expect((await after.hash()).projections).toEqual(await trouble.undisturbed());
  });
});

describe('tables that are restored while nothing happens', () => {
  /** Atomically saves the content of every table, or restores it. */
  const every = (what: string) => `
    DO $$ DECLARE t text; BEGIN
      FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = trim(both '"' FROM '%s') LOOP EXECUTE format('${what}', t, t, t); END LOOP;
    END $$`;

  it('are folded further without waiting for an event', async () => {
    const tables = await trouble.bench.tablesAt();
    const runtime = await trouble.open(tables);
    await runtime.start();
    await runtime.waitFor(await trouble.much(0, 20));
    await sql(tables, 'CREATE SCHEMA aside');
    await sql(tables, every('CREATE TABLE aside.%%I AS SELECT * FROM %s.%%I').replaceAll('%%', '%'));
    const last = await trouble.much(20, 40);
    await runtime.waitFor(last);
    await sql(tables, every('DELETE FROM %s.%%I; INSERT INTO %s.%%I SELECT * FROM aside.%%I').replaceAll('%%', '%'));
    const reading = await trouble.open(tables);
    expect(await reading.waitFor(last, { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    expect((await runtime.hash()).projections).toEqual(await trouble.undisturbed());
  });
});
