import { join } from 'node:path';
import fc from 'fast-check';
import { type Step, steps } from '../../../test/laws/model';
import { Bench, type Happening, shelf } from '../../../test/support/shelf';
import { openDatabase } from '../../sqlite';
import { positionOf } from '../../store/instant';
import type { Projection } from '../projection';
import { pages, replay } from '../replay';
import { DictatedTarget } from './dictated';
import { openSqliteEngine } from './engine';

jest.setTimeout(120_000);

const PROJECTIONS = [shelf() as unknown as Projection, shelf({ name: 'twin' }) as unknown as Projection];

/** What makes every commit wait for the disk, several times, so that the folding thread gets ahead. */
const SLOW = ['PRAGMA synchronous = FULL', 'PRAGMA wal_autocheckpoint = 1'];

interface Way {
  /** Rows that stay in memory, events in one transaction, and events folded at once. */
  readonly capacity: number;
  readonly batchSize: number;
  readonly portion: number;
  /** Where it is broken off, and begun again. */
  readonly breaks: readonly number[];
}

/** New tables in a file, filled in two threads, and made the live ones. */
async function dictate(bench: Bench, name: string, { breaks, ...way }: Way): Promise<void> {
  const file = join(bench.directory, name);
  const engine = await openSqliteEngine(file, PROJECTIONS);
  const keeper = await engine.keeper('rebuilding');
  const db = openDatabase(file);
  for (const each of PROJECTIONS) await keeper.beginOrResume(each);
  const fold = async (until: string | undefined): Promise<DictatedTarget> => {
    const { position } = (await keeper.survey()).find('shelf', 'build')!;
    const target = new DictatedTarget({ db, file, pragmas: SLOW, projections: PROJECTIONS, ...way });
    const range = bench.store.readAll({ after: positionOf(position), ...(until && { until }) });
    const applying = {
      ...target,
      apply: target.apply.bind(target),
      finish: until ? undefined : target.finish.bind(target),
    };
    expect(await replay(pages(range), applying, { after: position, batchSize: way.portion })).toBe(true);
    return target;
  };
  for (const at of [...breaks].sort((a, b) => a - b)) await (await fold(positionOf(at))).close();
  await fold(undefined);
  for (const each of PROJECTIONS) {
    await keeper.seal(each);
    expect(await keeper.promote(each)).toBe(true);
  }
  db.close();
  await keeper.close();
  await engine.close();
}

const ways = fc.record({
  capacity: fc.integer({ min: 1, max: 4 }),
  batchSize: fc.integer({ min: 1, max: 9 }),
  portion: fc.integer({ min: 1, max: 5 }),
  breaks: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 2 }),
});

async function happen(bench: Bench, history: readonly Step[]): Promise<void> {
  for (const { asset, happening, occurredAt } of history) await bench.happens(asset, happening, occurredAt);
}

it('makes the same tables as one thread does, whatever stays in memory and wherever it is broken off', async () => {
  const law = fc.asyncProperty(steps(80), ways, async (history, way) => {
    const bench = new Bench({ engine: 'sqlite' });
    try {
      await happen(bench, history);
      await dictate(bench, 'dictated.sqlite', way);
      const dictated = await bench.runtime({ projections: PROJECTIONS, tables: 'dictated.sqlite' });
      const whole = await bench.runtime({ projections: PROJECTIONS, tables: 'whole.sqlite' });
      await dictated.catchUp();
      await whole.catchUp();
      expect(await dictated.hash()).toEqual(await whole.hash());
      expect(await dictated.progress()).toEqual(await whole.progress());
    } finally {
      await bench.close();
    }
  });
  await fc.assert(law, { numRuns: 25 });
});

it('finds rows again that have just left memory, while they are still being written', async () => {
  const bench = new Bench({ engine: 'sqlite' });
  const GROUP = 60;
  const group = (number: number) => Array.from({ length: GROUP }, (_, n) => `${number} ${n}`);
  const happenTo = (names: readonly string[], happening: Happening) =>
    Promise.all(names.map((name) => bench.happens(name, happening)));
  try {
    // Every transaction registers a group, and changes some that it wrote one, two and four transactions ago.
    for (let round = 0; round < 40; round++) {
      await happenTo(group(round), { is: 'registered', title: `${round}`, tags: ['red'] });
      await happenTo(group(round - 1).slice(GROUP / 2), { is: 'changed', title: 'soon' });
      await happenTo(group(round - 2).slice(0, GROUP / 2), { is: 'changed', title: 'later' });
      await happenTo(group(round - 4), round % 2 === 0 ? { is: 'retired' } : { is: 'changed', title: 'late' });
    }
    await dictate(bench, 'dictated.sqlite', { capacity: 1, batchSize: 3 * GROUP, portion: 3 * GROUP, breaks: [] });
    const dictated = await bench.runtime({ projections: PROJECTIONS, tables: 'dictated.sqlite' });
    const whole = await bench.runtime({ projections: PROJECTIONS, tables: 'whole.sqlite' });
    await whole.catchUp();
    expect(await dictated.hash()).toEqual(await whole.hash());
  } finally {
    await bench.close();
  }
});
