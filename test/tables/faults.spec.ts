import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { RuntimeOptions } from '../../src/tables/runtime';
import { bundle, type Program } from '../support/bundle';
import { cut, eachInTrouble, sql, TAKEN_OVER_MS, Trouble } from '../support/trouble';

let trouble: Trouble;

eachInTrouble((begun) => {
  trouble = begun;
});

describe('a projector that lost its lock', () => {
  it('writes nothing more, and takes the lock again if nobody else has', async () => {
    const tables = await trouble.bench.tablesAt();
    const runtime = await trouble.open(tables);
    await runtime.start();
    await runtime.waitFor(await trouble.much(0, 20));
    expect(await cut(tables, 'palimpsest projecting')).toBeGreaterThan(0);
    const last = await trouble.much(20, 60);
    expect(await runtime.waitFor(last, { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    expect((await runtime.hash()).projections).toEqual(await trouble.undisturbed());
  });

  it('is refused by its lock number, whatever it assumes', async () => {
    const tables = await trouble.bench.tablesAt();
    const runtime = await trouble.open(tables);
    await runtime.start();
    await runtime.waitFor(await trouble.much(0, 10));
    await sql(tables, `UPDATE %s.runtime_fence SET token = token + 1`);
    const last = await trouble.much(10, 30);
    expect(await runtime.waitFor(last, { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    expect((await runtime.hash()).projections).toEqual(await trouble.undisturbed());
  });
});

describe('of two projectors', () => {
  let program: Program;

  beforeAll(async () => {
    program = await bundle(join(__dirname, '..', 'laws', 'projecting-program.ts'));
  });

  afterAll(() => program.remove());

  async function another(tables: RuntimeOptions['tables']): Promise<ChildProcess> {
    const child = program.run(trouble.bench.directory, 'project', JSON.stringify(tables));
    await once(child.stdout!, 'data');
    return child;
  }

  it('one works, and the other takes over when it is killed or hangs', async () => {
    const tables = await trouble.bench.tablesAt();
    const first = await another(tables);
    const reading = await trouble.open(tables);
    expect(await reading.waitFor(await trouble.much(0, 10), { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    const second = await another(tables);
    first.kill('SIGSTOP');
    expect(await reading.waitFor(await trouble.much(10, 20), { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    first.kill('SIGCONT');
    expect(await reading.waitFor(await trouble.much(20, 30), { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    second.kill('SIGKILL');
    expect(await reading.waitFor(await trouble.much(30, 40), { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    const gone = once(first, 'exit');
    first.kill('SIGKILL');
    await gone;
    expect((await reading.hash()).projections).toEqual(await trouble.undisturbed());
  }, 60_000);

  it('any may be killed at any moment, a hundred times', async () => {
    const tables = await trouble.bench.tablesAt();
    const reading = await trouble.open(tables);
    for (let round = 0; round < 100; round++) {
      const child = await another(tables);
      const gone = once(child, 'exit');
      await trouble.much(round * 10, round * 10 + (round % 10) + 1);
      child.kill('SIGKILL');
      await gone;
    }
    await reading.catchUp();
    expect((await reading.hash()).projections).toEqual(await trouble.undisturbed());
  }, 300_000);
});

describe('a batch that PostgreSQL cannot write', () => {
  it('is written as a whole later, and meanwhile none of it is visible', async () => {
    const tables = await trouble.bench.tablesAt();
    const faults: string[] = [];
    const runtime = await trouble.open(tables, { onFault: (fault) => faults.push(String(fault)) });
    await runtime.start();
    const kept = await trouble.much(0, 20);
    await runtime.waitFor(kept);
    // The error of a full disk, from the moment a history row is written.
    await sql(
      tables,
      `CREATE FUNCTION %s.no_room() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
       CREATE TRIGGER no_room BEFORE INSERT ON %s."shelf_item_past__1" EXECUTE FUNCTION %s.no_room()`,
    );
    const last = await trouble.much(20, 40);
    expect(await runtime.waitFor(last, { timeoutMs: 300 })).toBe(false);
    expect(faults.join()).toContain('No space left on device');
    await sql(tables, 'DROP TRIGGER no_room ON %s."shelf_item_past__1"');
    expect(await runtime.waitFor(last, { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    expect((await runtime.hash()).projections).toEqual(await trouble.undisturbed());
  });
});

describe('progress notifications', () => {
  it('resume when the connection that delivers them was cut', async () => {
    const tables = await trouble.bench.tablesAt();
    const [projecting, reading] = [await trouble.open(tables), await trouble.open(tables)];
    await projecting.start();
    expect(await reading.waitFor(await trouble.much(0, 5))).toBe(true);
    expect(await cut(tables, 'palimpsest listener')).toBe(2);
    expect(await reading.waitFor(await trouble.much(5, 15), { timeoutMs: TAKEN_OVER_MS })).toBe(true);
  });
});
