import { existsSync } from 'node:fs';
import { createApp, openStore } from '../../app';
import type { Config } from '../../config';
import { START } from '../../store/store';
import type { Check } from './check';

/** Clocks of one machine agree better than this, in milliseconds. */
const CLOCK_TOLERANCE = 60_000;

/** The store's clock gave the last event its `recordedAt`; a clock set back since then would confuse every `at`. */
export async function checkClock(config: Config, now: number): Promise<readonly Check[]> {
  const name = 'clock';
  const last = hasEvents(config) ? await lastRecordedAt(config) : undefined;
  const ahead = last === undefined ? 0 : Date.parse(last) - now;
  if (ahead > CLOCK_TOLERANCE) {
    const detail = `the last event was recorded at ${last}, ${Math.round(ahead / 1000)} s ahead of the clock`;
    const advice = 'Set the clock of this machine and let a time service keep it';
    return [{ name, ok: false, detail, advice }];
  }
  const detail = `it is ${new Date(now).toISOString()}${last === undefined ? '' : `; last event recorded at ${last}`}`;
  return [{ name, ok: true, detail, advice: '' }];
}

/** False where there is no file yet, and looking would make one. */
function hasEvents({ events }: Config): boolean {
  return events.adapter !== 'sqlite' || existsSync(events.file);
}

async function lastRecordedAt(config: Config): Promise<string | undefined> {
  const store = await openStore(config);
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

/** Where each projection stands, and what stopped it. */
export async function checkProjections(config: Config): Promise<readonly Check[]> {
  if (!hasEvents(config)) {
    return [{ name: 'projections', ok: true, detail: 'no events yet', advice: '' }];
  }
  const app = await createApp(config);
  try {
    const head = await app.store.head();
    return (await app.runtime.progress()).map(({ name, version, position, status, poison }) => {
      const place = { name: `projection ${name}` };
      if (poison !== undefined) {
        const detail = `stopped at position ${poison.position} by ${poison.type} in ${poison.stream.split('-')[0]}: ${poison.message}`;
        const advice = `A newer version may know this event: update, then \`palimpsest rebuild --projection ${name}\``;
        return { ...place, ok: false, detail, advice };
      }
      const behind = lag(position, head);
      const detail =
        behind === 0 ? `version ${version}, up to date` : `version ${version}, ${status}, ${behind} positions behind`;
      return {
        ...place,
        ok: true,
        detail,
        advice: behind === 0 ? '' : 'It catches up while a server or `palimpsest project` runs',
      };
    });
  } finally {
    await app.close();
  }
}

/** How far apart two positions are. Only an upper bound of the number of events: positions may have gaps. */
function lag(position: string, head: string): number {
  return Math.max(0, Number(BigInt(head) - BigInt(position)));
}
