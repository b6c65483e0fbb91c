import { join } from 'node:path';
import { library } from '../../projections/library/fold';
import type { RecordedEvent } from '../../src/domain/event';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import type { Store } from '../../src/store/store';
import { createRuntime, type RuntimeOptions } from '../../src/tables/runtime';
import { absolute, type Bench, type BenchContext, type Row } from './bench';
import { appendLives } from './lives';

const EVENTS = 1_000_000;
const PROBED = 50_000;

/**
 * Folds the log into the current state of every asset with its history, from an empty tables file until it can be read.
 */
export async function replayInto(
  { directory, note }: BenchContext,
  name: string,
  atLeast: number,
  tables: RuntimeOptions['tables'],
): Promise<readonly Row[]> {
  const store = openSqliteStore(join(directory, 'events.sqlite'), { synchronous: 'OFF' });
  try {
    note(`appending ${EVENTS.toLocaleString('en')} events`);
    const events = await appendLives(store, EVENTS);
    note('folding them');
    const runtime = await createRuntime({ store, projections: [library], tables });
    const began = performance.now();
    await runtime.catchUp();
    const value = events / ((performance.now() - began) / 1_000);
    await runtime.stop();
    const probe = 'raw JSON.parse and a trivial fold';
    const measured = { name, value, unit: 'events/s', probe, probeValue: await rawFold(store) };
    return [absolute(measured, { atLeast })];
  } finally {
    await store.close();
  }
}

/** Events per second that this machine parses and counts by stream, without reading or writing. */
async function rawFold(store: Store): Promise<number> {
  const texts: string[] = [];
  for await (const page of store.readAll({ limit: PROBED })) {
    for (const event of page) texts.push(JSON.stringify(event));
  }
  const revisions = new Map<string, number>();
  const began = performance.now();
  for (const text of texts) {
    const { stream, revision } = JSON.parse(text) as RecordedEvent;
    revisions.set(stream, revision);
  }
  return texts.length / ((performance.now() - began) / 1_000);
}

function replayLibrary(context: BenchContext): Promise<readonly Row[]> {
  const tables = { adapter: 'sqlite', file: join(context.directory, 'tables.sqlite') } as const;
  return replayInto(context, 'replay-library', 100_000, tables);
}

export const benches: readonly Bench[] = [{ name: 'replay-library', run: replayLibrary }];
