import type { RecordedEvent } from '../domain/event';
import type { Store } from '../store/store';
import type { At } from '../tables/reader';
import { fault } from './errors';

/** How far a client's clock may be ahead, in milliseconds. */
const AHEAD_MS = 60_000;

interface Times {
  readonly position?: string | null;
  readonly recordedAt?: string | null;
  readonly occurredAt?: string | null;
}

/** A moment as the schema takes it: `@oneOf` leaves exactly one of the four. */
export interface PointInTime extends Times {
  readonly both?: Times | null;
}

/** The moment that an argument names; undefined for the present. Throws BAD_USER_INPUT if it is invalid. */
export function pastOf(at: PointInTime | At | null | undefined, argument = 'at'): At | undefined {
  if (at === null || at === undefined) return undefined;
  const both = 'both' in at ? (at.both ?? undefined) : undefined;
  const { position, recordedAt, occurredAt }: Times = both ?? at;
  const [known, recorded, occurred] = [position ?? undefined, recordedAt ?? undefined, occurredAt ?? undefined];
  if (both && (known === undefined) === (recorded === undefined)) {
    throw fault('BAD_USER_INPUT', `${argument}.both takes occurredAt and exactly one of position and recordedAt.`, [
      argument,
      'both',
    ]);
  }
  const path = both ? [argument, 'both'] : [argument];
  for (const [name, instant] of Object.entries({ recordedAt: recorded, occurredAt: occurred })) {
    if (instant === undefined || Date.parse(instant) <= Date.now() + AHEAD_MS) continue;
    throw fault('BAD_USER_INPUT', `${[...path, name].join('.')} lies in the future: ${instant}.`, [...path, name]);
  }
  const named = {
    ...(known !== undefined && { position: known }),
    ...(recorded !== undefined && { recordedAt: recorded }),
    ...(occurred !== undefined && { occurredAt: occurred }),
  };
  return Object.keys(named).length === 0 ? undefined : (named as At);
}

/** Throws BAD_USER_INPUT for a position beyond the end of the log. */
export async function expectReached(position: string, store: Pick<Store, 'head'>, argument: string): Promise<void> {
  const head = await store.head();
  if (position > head) {
    throw fault('BAD_USER_INPUT', `${argument}: position ${position} lies behind the end of the log, ${head}.`, [
      argument,
    ]);
  }
}

type First = Pick<RecordedEvent, 'position' | 'recordedAt'>;
/** The first event of a log never changes. */
const firsts = new WeakMap<object, First>();

/** Throws BAD_USER_INPUT for a moment before anything was recorded: the caller probably means another log. */
export async function expectBegun(at: At, store: Pick<Store, 'readAll'>, argument: string): Promise<void> {
  if (!('position' in at || 'recordedAt' in at)) return;
  const first = firsts.get(store) ?? (await firstOf(store));
  if (first === undefined) return;
  firsts.set(store, first);
  const [asked, began] = 'position' in at ? [at.position, first.position] : [at.recordedAt, first.recordedAt];
  if (asked >= began) return;
  throw fault('BAD_USER_INPUT', `${argument}: ${asked} lies before the first event of the log, ${began}.`, [argument]);
}

async function firstOf(store: Pick<Store, 'readAll'>): Promise<First | undefined> {
  for await (const [first] of store.readAll({ limit: 1 })) return first;
  return undefined;
}
