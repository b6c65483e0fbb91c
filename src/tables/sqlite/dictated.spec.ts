import { join } from 'node:path';
import fc from 'fast-check';
import { type Step, steps } from '../../../test/laws/model';
import { Bench, type Happening, shelf } from '../../../test/support/shelf';
import type { RecordedEvent } from '../../domain/event';
import { positionOf } from '../../store/instant';
import { type Database, openDatabase } from '../../store/sqlite/driver';
import type { Projection } from '../projection';
import { pages, replay } from '../replay';
import { DictatedTarget } from './dictated';
import { openSqliteEngine } from './engine';
import { NumberedKeys } from './numbered';

const { find: found } = NumberedKeys.prototype;

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

/** A store reads larger pages than these logs are long. */
async function* inPortions(range: AsyncIterable<readonly RecordedEvent[]>, portion: number) {
  for await (const page of range) {
    for (let at = 0; at < page.length; at += portion) yield page.slice(at, at + portion);
  }
}

/** New tables in a file, filled in two threads, and made the live ones. */
async function dictate(
  bench: Bench,
  name: string,
  { breaks, ...way }: Way,
  prepare = (_db: Database) => {},
): Promise<void> {
  const file = join(bench.directory, name);
  const engine = await openSqliteEngine(file, PROJECTIONS);
  const keeper = await engine.keeper('rebuilding');
  const db = openDatabase(file);
  for (const each of PROJECTIONS) await keeper.beginOrResume(each);
  prepare(db);
  const fold = async (until: string | undefined): Promise<DictatedTarget> => {
    const { position } = (await keeper.survey()).find('shelf', 'build')!;
    const target = new DictatedTarget({ db, file, pragmas: SLOW, projections: PROJECTIONS, ...way });
    const range = inPortions(
      bench.store.readAll({ after: positionOf(position), ...(until && { until }) }),
      way.portion,
    );
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

/** As if so few keys were too many to be kept in memory. */
function fewKeysFit(count: number): jest.SpyInstance {
  return jest.spyOn(NumberedKeys.prototype, 'useful', 'get').mockImplementation(function (this: NumberedKeys) {
    return (this as unknown as { taken: number }).taken < count;
  });
}

it.each([[[]], [[50, 150]]])(
  'leaves keys to an index where they are too many, as soon as it can be read, broken off at %j',
  async (breaks) => {
    const bench = new Bench({ engine: 'sqlite' });
    const useful = fewKeysFit(30);
    const kept: boolean[] = [];
    const find = jest.spyOn(NumberedKeys.prototype, 'find').mockImplementation(function (this: NumberedKeys, ...asked) {
      kept.push(this.useful);
      return found.call(this, ...asked) as never;
    });
    try {
      const names = Array.from({ length: 100 }, (_, n) => `${n}`);
      for (const name of names) await bench.happens(name, { is: 'registered', title: name, tags: ['red'] });
      for (const title of ['soon', 'later']) {
        for (const name of names) await bench.happens(name, { is: 'changed', title });
      }
      await dictate(bench, 'dictated.sqlite', { capacity: 1, batchSize: 40, portion: 4, breaks });
      // The index is asked for in the first transaction, and can be read at the end of the second, in either projection.
      const late = kept.filter((one) => !one).length;
      expect(late).toBeGreaterThan(0);
      expect(late).toBeLessThanOrEqual(2 * 2 * 40);
      const dictated = await bench.runtime({ projections: PROJECTIONS, tables: 'dictated.sqlite' });
      const whole = await bench.runtime({ projections: PROJECTIONS, tables: 'whole.sqlite' });
      await whole.catchUp();
      expect(await dictated.hash()).toEqual(await whole.hash());
    } finally {
      useful.mockRestore();
      find.mockRestore();
      await bench.close();
    }
  },
);

/** Whenever it is written how far the tables are, the writing thread counts to a million. */
function writeSlowly(db: Database): void {
  db.exec(`CREATE TABLE thousand (n);
    INSERT INTO thousand WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000) SELECT n FROM c;
    CREATE TRIGGER slowly AFTER INSERT ON runtime_projection BEGIN SELECT count(*) FROM thousand a, thousand b; END`);
}

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
    const way = { capacity: 1, batchSize: 3 * GROUP, portion: 3 * GROUP, breaks: [] };
    await dictate(bench, 'dictated.sqlite', way, writeSlowly);
    const dictated = await bench.runtime({ projections: PROJECTIONS, tables: 'dictated.sqlite' });
    const whole = await bench.runtime({ projections: PROJECTIONS, tables: 'whole.sqlite' });
    await whole.catchUp();
    expect(await dictated.hash()).toEqual(await whole.hash());
  } finally {
    await bench.close();
  }
});
