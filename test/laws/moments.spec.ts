import fc from 'fast-check';
import { PROJECTIONS } from '../../projections/all';
import type { RecordedEvent } from '../../src/domain/event';
import type { Projection, Table } from '../../src/tables/projection';
import type { At, ProjectionReader } from '../../src/tables/reader';
import type { Runtime } from '../../src/tables/runtime';
import { chronicles } from '../projections/chronicle';
import { folded } from '../projections/rows';
import { ENGINES, type EngineName, runsOn } from '../support/engines';
import { Bench, idOf } from '../support/shelf';
import { eventsAt } from './model';

const projections = PROJECTIONS as unknown as readonly Projection[];
const START = Date.parse('2026-03-01T00:00:00.000Z');

jest.setTimeout(240_000);

/** A store with a chronicle, in the order in which its days and streams are mixed. */
async function written(engine: EngineName, log: readonly RecordedEvent[]): Promise<Bench> {
  let tick = START;
  const bench = new Bench({ engine, clock: () => (tick += tick % 3) });
  for (const [n, { stream, type, data, metadata }] of log.entries()) {
    await bench.append(stream, { id: idOf(`event ${n}`), type, data, metadata });
  }
  return bench;
}

async function eventsOf(bench: Bench): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of bench.store.readAll()) events.push(...page);
  return events;
}

/** Rows as text, sorted: JSON leaves out what is undefined, as the tables do. */
const sorted = (rows: readonly object[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();

async function rowsAt(reader: ProjectionReader, table: Table, at: At): Promise<readonly string[]> {
  return sorted(await reader.select(table, { limit: 100_000, at }));
}

async function expectAsFolded(runtime: Runtime, events: readonly RecordedEvent[], at: At): Promise<void> {
  const counted = eventsAt(events, at);
  for (const projection of projections) {
    const expected = folded(projection, counted) as Record<string, readonly object[]>;
    const reader = runtime.reader(projection.name);
    for (const [name, table] of Object.entries(projection.tables)) {
      // It keeps no past: what it holds is the same at every moment.
      if (table.present) continue;
      const found = await rowsAt(reader, table, at);
      expect({ at, projection: projection.name, name, rows: found }).toEqual({
        at,
        projection: projection.name,
        name,
        rows: sorted(expected[name]!),
      });
    }
  }
}

interface Asked {
  readonly event: number;
  readonly day: number;
  readonly by: 'position' | 'recordedAt' | 'occurredAt' | 'both' | 'bothInstants';
}

const asked: fc.Arbitrary<Asked> = fc.record({
  event: fc.nat(200),
  day: fc.integer({ min: -1, max: 22 }),
  by: fc.constantFrom('position', 'recordedAt', 'occurredAt', 'both', 'bothInstants'),
});

function momentOf(events: readonly RecordedEvent[], { event, day, by }: Asked): At {
  const { position, recordedAt } = events[event % events.length]!;
  const occurredAt = new Date(Date.UTC(2026, 0, 1 + day)).toISOString();
  if (by === 'position') return { position };
  if (by === 'recordedAt') return { recordedAt };
  if (by === 'occurredAt') return { occurredAt };
  return by === 'both' ? { position, occurredAt } : { recordedAt, occurredAt };
}

describe.each(ENGINES)('every table of every projection in %s', (engine) => {
  it('has at every moment the result of folding the events that count then, live and rebuilt', async () => {
    const property = fc.asyncProperty(
      chronicles,
      fc.array(asked, { minLength: 50, maxLength: 50 }),
      fc.integer({ min: 1, max: 30 }),
      async ({ log }, questions, batchSize) => {
        const bench = await written(engine, log);
        try {
          const events = await eventsOf(bench);
          const runtime = await bench.runtime({ projections, batchSize });
          await runtime.catchUp();
          expect((await runtime.progress()).filter(({ status }) => status !== 'live')).toEqual([]);
          const moments = questions.map((each) => momentOf(events, each));
          for (const at of moments) await expectAsFolded(runtime, events, at);
          const live = await runtime.hash();
          await runtime.rebuild();
          expect(await runtime.hash()).toEqual(live);
          for (const at of moments.slice(0, 10)) await expectAsFolded(runtime, events, at);
        } finally {
          await bench.close();
        }
      },
    );
    await fc.assert(property, { numRuns: runsOn(engine, 40) });
  });
});
