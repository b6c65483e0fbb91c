import { statSync } from 'node:fs';
import { createApp, openStoreToRead } from '../../app';
import type { Config } from '../../config/config';
import { categoryOf } from '../../domain/stream';
import { START, type Store } from '../../store/store';
import type { Progress } from '../../tables/progress';
import type { Check } from './check';

/** Milliseconds by which a machine's clock may be behind times it recorded itself. */
const CLOCK_TOLERANCE = 60_000;

/** Milliseconds: if an event waits longer than this to be folded, no projector is running. */
const LONG_WAIT = 10 * 60_000;

const FOREIGN =
  'Check that PALIMPSEST_EVENTS and PALIMPSEST_TABLES belong together; if the event store was restored from an older ' +
  'backup, stop everything, drop the schema or delete tables.sqlite, and start the projector';

/** The last `recordedAt` must not be ahead of the clock: a clock that was set back gives wrong answers to `at`. */
export async function checkClock(config: Config, now: number): Promise<readonly Check[]> {
  const name = 'clock';
  const last = hasEvents(config) ? await lastRecordedAt(config) : undefined;
  const ahead = last === undefined ? 0 : Date.parse(last) - now;
  if (ahead > CLOCK_TOLERANCE) {
    const detail = `the last event was recorded at ${last}, ${Math.round(ahead / 1000)} s ahead of the clock`;
    const advice = 'Correct the clock of this machine and synchronise it with a time service';
    return [{ name, ok: false, detail, advice }];
  }
  const detail = `it is ${new Date(now).toISOString()}${last === undefined ? '' : `; last event recorded at ${last}`}`;
  return [{ name, ok: true, detail, advice: '' }];
}

/** False if there is no file yet, or an empty one. */
export function hasEvents({ events }: Config): boolean {
  return events.adapter !== 'sqlite' || (statSync(events.file, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

async function lastRecordedAt(config: Config): Promise<string | undefined> {
  const store = await openStoreToRead(config);
  try {
    const head = await store.head();
    if (head === START) return undefined;
    const before = (BigInt(head) - 1n).toString().padStart(START.length, '0');
    let last: string | undefined;
    for await (const page of store.readAll({ after: before })) last = page.at(-1)?.recordedAt ?? last;
    return last;
  } finally {
    await store.close();
  }
}

/** The position of each projection, and what stopped it. */
export async function checkProjections(config: Config, now: number): Promise<readonly Check[]> {
  if (!hasEvents(config)) {
    return [{ name: 'projections', ok: true, detail: 'no events yet', advice: '' }];
  }
  const app = await createApp(config, { readOnly: true });
  try {
    const standings = await app.runtime.progress();
    // Read last: tables of this log cannot be ahead of it then, even if events are written meanwhile.
    const head = await app.store.head();
    return await Promise.all(standings.map((standing) => checkProjection(app.store, standing, head, now)));
  } finally {
    await app.close();
  }
}

async function checkProjection(
  store: Pick<Store, 'readAll'>,
  { name, version, position, status, poison }: Progress,
  head: string,
  now: number,
): Promise<Check> {
  const place = { name: `projection ${name}` };
  if (poison !== undefined) {
    const detail = `stopped at position ${poison.position} by ${poison.type} in ${categoryOf(poison.stream)}: ${poison.message}`;
    const advice = `A newer version may know this event: update, then \`palimpsest rebuild --projection ${name}\``;
    return { ...place, ok: false, detail, advice };
  }
  if (BigInt(position) > BigInt(head)) {
    const detail = `the tables stand at ${position}, beyond the end of the log at ${head}: they were built from another log`;
    return { ...place, ok: false, detail, advice: FOREIGN };
  }
  const behind = lag(position, head);
  if (behind === 0) return { ...place, ok: true, detail: `version ${version}, up to date`, advice: '' };
  const age = await ageOfOldest(store, position, now);
  const waits = `version ${version}, ${status}, ${behind} positions behind; the oldest unfolded event is ${inWords(age)} old`;
  const advice = 'It catches up while a server or `palimpsest project` runs';
  if (age < LONG_WAIT) return { ...place, ok: true, detail: waits, advice };
  return { ...place, ok: false, detail: waits, advice: `${advice}: check that one does, and read its log` };
}

/** How long the first event after a checkpoint has been waiting, in milliseconds. */
async function ageOfOldest(store: Pick<Store, 'readAll'>, after: string, now: number): Promise<number> {
  for await (const [oldest] of store.readAll({ after, limit: 1 }))
    return Math.max(0, now - Date.parse(oldest!.recordedAt));
  return 0;
}

function inWords(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 2) return `${Math.round(milliseconds / 1_000)} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** The distance of two positions: an upper bound of the number of events, since positions may have gaps. */
function lag(position: string, head: string): number {
  return Number(BigInt(head) - BigInt(position));
}
