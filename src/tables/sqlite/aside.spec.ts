import { join } from 'node:path';
import fc from 'fast-check';
import { type Step, steps } from '../../../test/laws/model';
import { bundle, type Program } from '../../../test/support/bundle';
import { Bench, item, note, shelf } from '../../../test/support/shelf';
import type { Projection } from '../projection';
import type { At } from '../reader';
import { Aside } from './aside';
import { ReadConnection } from './connection';
import { SqliteReader } from './reader';
import { openTables } from './tables';

jest.setTimeout(60_000);

let program: Program;
beforeAll(async () => {
  program = await bundle(join(__dirname, 'readingthread.ts'));
});
afterAll(() => program.remove());

/** A statement that takes as long as it counts. */
const COUNTING = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT count(*) FROM n`;
const SECONDS = 20_000_000;

describe('reads that may be long', () => {
  let aside: Aside;
  afterEach(() => aside.close());

  /** Reads beside a runtime of its own, which has made the tables. */
  async function open(longestMs?: number): Promise<Bench> {
    const bench = new Bench({ engine: 'sqlite' });
    const runtime = await bench.runtime({ tables: 'tables.sqlite' });
    await runtime.catchUp();
    aside = new Aside(join(bench.directory, 'tables.sqlite'), program.file, longestMs);
    return bench;
  }

  it('hold up nobody else, and each gets its own answer', async () => {
    const bench = await open();
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 5);
    const counts = [SECONDS / 4, 3, SECONDS / 8, 5];
    const answers = await Promise.all(counts.map((count) => aside.read('shelf', COUNTING, [count])));
    clearInterval(counting);
    expect(answers.map(({ rows }) => rows[0]![0])).toEqual(counts);
    expect(turns).toBeGreaterThan(10);
    await bench.close();
  });

  it('are given up after their time, while others are answered', async () => {
    const bench = await open(1_000);
    await expect(aside.read('shelf', COUNTING, [5 * SECONDS])).rejects.toThrow('the answer takes longer than 1 s');
    expect((await aside.read('shelf', COUNTING, [3])).rows).toEqual([[3]]);
    await bench.close();
  });

  it('say what is wrong with a statement, and go on', async () => {
    const bench = await open();
    await expect(aside.read('shelf', 'SELECT 1 FROM nowhere', [])).rejects.toThrow('no such table: nowhere');
    expect((await aside.read('shelf', COUNTING, [3])).rows).toEqual([[3]]);
    await bench.close();
  });

  it('are refused when the tables are closed', async () => {
    const bench = await open();
    const waiting = aside.read('shelf', COUNTING, [3]);
    await waiting;
    aside.close();
    await expect(aside.read('shelf', COUNTING, [3])).rejects.toThrow('the tables are closed');
    await bench.close();
  });

  it('give the same answers as reads without a thread, at every moment, while events arrive', async () => {
    const property = fc.asyncProperty(steps(30), fc.integer({ min: 1, max: 9 }), async (history, batchSize) => {
      const bench = new Bench({ engine: 'sqlite' });
      const half = history.slice(0, history.length / 2);
      const happens = async (some: readonly Step[]) => {
        for (const { asset, happening, occurredAt } of some) await bench.happens(asset, happening, occurredAt);
      };
      await happens(half);
      const runtime = await bench.runtime({ batchSize, tables: 'tables.sqlite' });
      await runtime.catchUp();
      const path = join(bench.directory, 'tables.sqlite');
      aside = new Aside(path, program.file);
      const db = openTables(path, { readOnly: true });
      const reader = new SqliteReader(new ReadConnection(db, aside), shelf() as unknown as Projection);
      const moments: (At | undefined)[] = [undefined, { occurredAt: '2026-01-05T00:00:00.000Z' }];
      for await (const page of bench.store.readAll()) {
        for (const { position } of page) moments.push({ position });
      }
      const direct = runtime.reader('shelf');
      const ask = (of: typeof direct, at: At | undefined) =>
        Promise.all([
          of.count(item, { at }),
          of.group(item, { by: ['status'], limit: 9, at }),
          of.group(note, { by: ['asset'], limit: 9, at }),
          of.select(item, { limit: 100, order: [{ by: 'asset' }], at }),
        ]);
      for (const at of moments) expect(await ask(reader, at)).toEqual(await ask(direct, at));
      await happens(history.slice(half.length));
      const [during] = await Promise.all([reader.count(item, {}), runtime.catchUp()]);
      expect(during).toBeLessThanOrEqual(4);
      for (const at of moments) expect(await ask(reader, at)).toEqual(await ask(direct, at));
      aside.close();
      db.close();
      await bench.close();
    });
    await fc.assert(property, { numRuns: 8 });
  });
});
