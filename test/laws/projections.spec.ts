import fc from 'fast-check';
import { PROJECTIONS } from '../../projections/all';
import type { NewEvent } from '../../src/domain/event';
import type { Projection } from '../../src/tables/projection';
import { opening, story } from '../domain/arbitrary';
import { World } from '../domain/world';
import { Bench, eventOf, idOf } from '../support/shelf';

const projections = PROJECTIONS as unknown as readonly Projection[];

/** The events of a random story as the store receives them; the sources' clocks disagree. */
function told(acts: typeof opening, days: readonly number[]): { stream: string; event: NewEvent }[] {
  const world = new World();
  for (const { actor, command } of acts) world.does(actor, command(world));
  return world.history.map(({ stream, event }, n) => {
    const { metadata } = eventOf(
      { is: 'reviewed' },
      idOf(`told ${n}`),
      `2026-01-0${days[n % days.length]}T00:00:00.000Z`,
    );
    const { type, data } = event;
    return {
      stream,
      event: { id: idOf(`told ${n}`), type, data, metadata: { ...metadata, actorId: event.metadata.actorId } },
    };
  });
}

describe('every projection', () => {
  it('is the same live, rebuilt, interrupted and in batches of any size', async () => {
    const days = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 });
    const batch = fc.integer({ min: 1, max: 9 });
    const property = fc.asyncProperty(story, days, batch, async (acts, clock, batchSize) => {
      const bench = new Bench();
      try {
        const events = told([...opening, ...acts], clock);
        const half = Math.floor(events.length / 2);
        for (const { stream, event } of events.slice(0, half)) await bench.append(stream, event);
        const first = await bench.runtime({ projections, batchSize });
        await first.catchUp();
        await first.stop();
        for (const { stream, event } of events.slice(half)) await bench.append(stream, event);
        const live = await bench.runtime({ projections, batchSize, rebuildBatchSize: batchSize });
        await live.catchUp();
        expect((await live.progress()).filter(({ status }) => status !== 'live')).toEqual([]);
        const whole = await bench.runtime({ projections, tables: 'whole.sqlite' });
        await whole.catchUp();
        const expected = await whole.hash();
        expect(await live.hash()).toEqual(expected);
        await live.rebuild();
        expect(await live.hash()).toEqual(expected);
      } finally {
        await bench.close();
      }
    });
    await fc.assert(property, { numRuns: 12 });
  }, 120_000);

  it('is the same in every engine, live and rebuilt', async () => {
    const days = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 });
    const property = fc.asyncProperty(story, days, async (acts, clock) => {
      const [here, there] = [new Bench({ engine: 'sqlite' }), new Bench({ engine: 'postgres' })];
      try {
        for (const { stream, event } of told([...opening, ...acts], clock)) {
          await here.append(stream, event);
          await there.append(stream, event);
        }
        const [inFile, onServer] = [
          await here.runtime({ projections }),
          await there.runtime({ projections, batchSize: 7 }),
        ];
        await inFile.catchUp();
        await onServer.catchUp();
        const expected = await inFile.hash();
        expect(await onServer.hash()).toEqual(expected);
        await onServer.rebuild();
        expect(await onServer.hash()).toEqual(expected);
      } finally {
        await here.close();
        await there.close();
      }
    });
    await fc.assert(property, { numRuns: 4 });
  }, 120_000);
});
