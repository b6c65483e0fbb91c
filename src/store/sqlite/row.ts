import type { CheckedEvent } from '../appendcheck';
import { positionOf } from '../instant';
import { type CheckedMove, ORIGINAL } from '../moving';
import { pack } from './codec';
import type { SqlValue } from './driver';
import { sumOf } from './sum';

/** Where an event goes in the file, and its time in milliseconds since 1970. */
export interface Next {
  /** Number of its stream. */
  readonly stream: number;
  readonly revision: number;
  readonly position: number;
  readonly recorded: number;
}

/** The row of an event, in the order of the columns. Undefined if one of its words has no number. */
export function rowOf(
  event: CheckedEvent | CheckedMove,
  next: Next,
  numberOf: (word: string) => number | undefined,
): readonly SqlValue[] | undefined {
  const { kind, who, ids, occurred, extra } = pack(event);
  const [kindId, whoId] = [numberOf(kind), numberOf(who)];
  if (kindId === undefined || whoId === undefined) return undefined;
  const { stream, revision, position } = next;
  const from = 'original' in event ? event.original : undefined;
  const recorded = from?.recorded ?? next.recorded;
  const more = from === undefined ? extra : withOriginal(extra, from.position, positionOf(position));
  const row = [position, stream, revision, kindId, whoId, recorded, occurred, ids, more, event.json];
  row.push(sumOf(row));
  return row;
}

/** Nothing is added to an event that is first recorded here. */
function withOriginal(extra: string | null, original: string | undefined, position: string): string | null {
  if (original === undefined || original === position) return extra;
  return JSON.stringify({ ...JSON.parse(extra ?? '{}'), [ORIGINAL.position]: original });
}
