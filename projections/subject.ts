import { subjectIn } from '../src/domain/stream';
import { Missing } from '../src/tables/projection';

/** The id of what an event is about. */
export function subjectOf(event: { readonly stream: string }): string {
  return subjectIn(event.stream);
}

/** A fold that misses a row which an earlier event must have written stops there, visibly, instead of guessing. */
export function found<R>(row: R | undefined, event: { readonly type: string; readonly stream: string }): R {
  if (row === undefined)
    throw new Missing(`${event.type} in ${event.stream} builds on an event that is not in the log`);
  return row;
}
