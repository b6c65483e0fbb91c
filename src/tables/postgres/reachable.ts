import { TablesUnavailable } from '../engine';
import type { Connection } from './driver';
import { stateOf, whyUnavailable } from './faults';

/** Opens a connection that calls itself so. */
export type Open = (application: string) => Promise<Connection>;

/** The same, with what keeps PostgreSQL from answering as TablesUnavailable. */
export async function reachable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw explained(error);
  }
}

export function explained(error: unknown): unknown {
  const why = whyUnavailable(error);
  if (why !== undefined) {
    return new TablesUnavailable(`PostgreSQL, which holds the read models, does not answer: ${why}`, { cause: error });
  }
  if (!isMissing(error)) return error;
  const advice = 'where that lasts, drop their schema, and all of them are made anew from the events';
  return new TablesUnavailable(`PostgreSQL lacks tables of the read models: ${(error as Error).message}; ${advice}`, {
    cause: error,
  });
}

/** The tables are missing: they were dropped, or a crash undid their creation. */
export function isMissing(error: unknown): boolean {
  const state = stateOf(error);
  return state === '42P01' || state === '3F000';
}

export function isPassing(error: unknown): boolean {
  return error instanceof TablesUnavailable || whyUnavailable(error) !== undefined;
}
