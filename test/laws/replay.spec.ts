import { once } from 'node:events';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Runtime } from '../../src/tables/runtime';
import { bundle, type Program } from '../support/bundle';
import { ENGINES, type EngineName, runsOn } from '../support/engines';
import { Bench, idOf, item, shelf } from '../support/shelf';
import { type Step, steps } from './model';

// Two engines, many examples, and perhaps a busy machine.
jest.setTimeout(120_000);

async function happen(bench: Bench, history: readonly Step[]): Promise<void> {
  for (const { asset, happening, occurredAt } of history) await bench.happens(asset, happening, occurredAt);
}

async function hashOf(runtime: Runtime) {
  await runtime.catchUp();
  return runtime.hash();
}

async function on(engine: EngineName, body: (bench: Bench) => Promise<void>): Promise<void> {
  const bench = new Bench({ engine });
  try {
    await body(bench);
  } finally {
    await bench.close();
  }
}

describe.each(ENGINES)('the tables of a projection in %s', (engine) => {
  const withBench = (body: (bench: Bench) => Promise<void>) => on(engine, body);

  it('are the same live, rebuilt, and in batches of any size', async () => {
    const property = fc.asyncProperty(steps(), fc.integer({ min: 1, max: 9 }), async (history, batchSize) => {
      await withBench(async (bench) => {
        const live = await bench.runtime({ tables: 'live.sqlite', batchSize });
        await live.start();
        await happen(bench, history);
        const whole = await bench.runtime({ tables: 'whole.sqlite' });
        const expected = await hashOf(whole);
        expect(await hashOf(live)).toEqual(expected);
        await live.rebuild();
        expect(await hashOf(live)).toEqual(expected);
        await whole.rebuild({ projection: 'shelf' });
        expect(await hashOf(whole)).toEqual(expected);
      });
    });
    await fc.assert(property, { numRuns: runsOn(engine, 30) });
  });

  it('are the same for the same events in another store', async () => {
    const property = fc.asyncProperty(steps(), async (history) => {
      await withBench(async (one) => {
        await withBench(async (other) => {
          await happen(one, history);
          await happen(other, history);
          const hash = (await hashOf(await one.runtime())).projections;
          expect((await hashOf(await other.runtime())).projections).toEqual(hash);
        });
      });
    });
    await fc.assert(property, { numRuns: runsOn(engine, 10) });
  });

  it('are the same after any number of stops, and after a rebuild interrupted anywhere', async () => {
    const cut = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 });
    const property = fc.asyncProperty(steps(60), cut, async (history, cuts) => {
      await withBench(async (bench) => {
        let rest = history;
        for (const length of cuts) {
          const runtime = await bench.runtime({ batchSize: 2 });
          await runtime.start();
          await happen(bench, rest.slice(0, length));
          rest = rest.slice(length);
          await runtime.stop();
        }
        await happen(bench, rest);
        const expected = await hashOf(await bench.runtime({ tables: 'undisturbed.sqlite' }));
        const runtime = await bench.runtime({ rebuildBatchSize: 1 });
        expect(await hashOf(runtime)).toEqual(expected);
        for (const length of cuts) {
          const breaking = new AbortController();
          let batches = 0;
          const onProgress = () => {
            batches += 1;
            if (batches === length) breaking.abort();
          };
          const broken = runtime.rebuild({ signal: breaking.signal, onProgress });
          await broken.catch((error) => expect(error).toBe(breaking.signal.reason));
          expect(await hashOf(runtime)).toEqual(expected);
        }
        await runtime.rebuild();
        expect(await hashOf(runtime)).toEqual(expected);
      });
    });
    await fc.assert(property, { numRuns: runsOn(engine, 20) });
  });

  it('show every row once, page by page, in any order, nulls included', async () => {
    const order = fc.uniqueArray(fc.constantFrom('title', 'status', 'changes', 'placed', 'changedAt') as never, {
      maxLength: 3,
    });
    const descending = fc.array(fc.boolean(), { minLength: 3, maxLength: 3 });
    const asked = fc.record({
      order,
      descending,
      limit: fc.integer({ min: 1, max: 3 }),
      past: fc.boolean(),
      tag: fc.boolean(),
    });
    const property = fc.asyncProperty(
      steps(),
      fc.array(asked, { minLength: 5, maxLength: 5 }),
      async (history, questions) => {
        await withBench(async (bench) => {
          await happen(bench, history);
          for (const name of ['x', 'y', 'z']) {
            await bench.happens(name, { is: 'registered', title: null as never, tags: ['red'] });
          }
          const runtime = await bench.runtime();
          await runtime.catchUp();
          const reader = runtime.reader('shelf');
          for (const question of questions) {
            const by = (question.order as readonly ('title' | 'placed')[]).map((column, n) => ({
              by: column,
              descending: question.descending[n],
            }));
            const where = question.tag ? { tags: { has: 'red' } } : {};
            const at = question.past ? { position: String(history.length).padStart(20, '0') } : undefined;
            const whole = await reader.select(item, { limit: 100, order: by, where, at });
            const paged: (typeof whole)[number][] = [];
            for (let after: (typeof whole)[number] | undefined; ; ) {
              const page = await reader.select(item, { limit: question.limit, order: by, where, at, after });
              paged.push(...page);
              if (page.length < question.limit) break;
              after = page.at(-1);
            }
            expect(paged).toEqual(whole);
            expect(whole.length).toBe(await reader.count(item, { where, at }));
          }
        });
      },
    );
    await fc.assert(property, { numRuns: runsOn(engine, 30) });
  });
});

describe.each(ENGINES)('a process that projects into %s', (engine) => {
  const withBench = (body: (bench: Bench) => Promise<void>) => on(engine, body);
  let program: Program;

  beforeAll(async () => {
    program = await bundle(join(__dirname, 'projecting-program.ts'));
  });

  afterAll(() => program.remove());

  it.each(['project', 'rebuild'])(
    'that is killed while it works (%s) leaves tables that another continues',
    async (what) => {
      await withBench(async (bench) => {
        for (let round = 0; round < 6; round++) {
          const child = program.run(bench.directory, what, JSON.stringify(await bench.tablesAt()));
          const gone = once(child, 'exit');
          await once(child.stdout!, 'data');
          // In each round it gets a little further before it is killed.
          for (let n = 0; n <= round * 20; n++) {
            const name = `asset ${(round + n) % 7}`;
            if (n % 5 === 0)
              await bench.happens(name, { is: 'registered', title: `Title ${n}`, tags: ['a', `b${n % 3}`] });
            else await bench.happens(name, n % 7 === 6 ? { is: 'retired' } : { is: 'changed', title: `Poster ${n}` });
          }
          child.kill('SIGKILL');
          await gone;
        }
        const expected = await hashOf(await bench.runtime({ tables: 'undisturbed.sqlite' }));
        const runtime = await bench.runtime();
        expect(await hashOf(runtime)).toEqual(expected);
        await runtime.rebuild();
        expect(await hashOf(runtime)).toEqual(expected);
      });
    },
  );

  it('hands over to a waiting process when it is killed, and meanwhile both read its tables', async () => {
    await withBench(async (bench) => {
      const child = program.run(bench.directory, 'project', JSON.stringify(await bench.tablesAt()));
      const gone = once(child, 'exit');
      await once(child.stdout!, 'data');
      const first = await bench.happens('a', { is: 'registered', title: 'First', tags: [] });
      const runtime = await bench.runtime({ projections: [shelf()] });
      await runtime.start();
      expect(await runtime.waitFor(first)).toBe(true);
      child.kill('SIGKILL');
      await gone;
      const second = await bench.happens('a', { is: 'changed', title: 'Second' });
      expect(await runtime.waitFor(second)).toBe(true);
      expect(await runtime.reader('shelf').get(item, { asset: idOf('a') })).toMatchObject({ title: 'Second' });
    });
  });
});
