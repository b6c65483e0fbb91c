import { setTimeout as pause } from 'node:timers/promises';
import type { MovedAppend, Target } from '../moving';
import { Conflict, type Store, UnknownOutcome } from '../store';
import { Comparison, type LogDifference, type Read } from './compare';
import { Runs } from './runs';

/** How often the copy compares and resumes after another program wrote to the target. */
const ATTEMPTS = 5;
/**
 * How often an append is repeated, first after 50 ms, then after double the pause each time: half a minute in total.
 */
const REPEATS = 9;

/** `comparing` what the target already holds, `copying`, `verifying` what was copied. */
export type Phase = 'comparing' | 'copying' | 'verifying';

export interface CopyOptions {
  readonly source: Pick<Store, 'readAll' | 'head'>;
  readonly target: Target;
  readonly signal: AbortSignal;
  /** Events completed in this phase, and the estimated total. */
  readonly onProgress: (phase: Phase, done: number, total: number) => void;
}

/** The target holds events that the source does not. Nothing was written. */
export class NotACopy extends Error {
  override readonly name = 'NotACopy';
}

/** Another program wrote to the target, or the source lacks the beginning of a stream. */
export class CopyDisturbed extends Error {
  override readonly name = 'CopyDisturbed';
}

export type Side = ReturnType<Read['sum']>;

export interface CopyResult {
  /** Events written by this run. */
  readonly copied: number;
  readonly source: Side;
  readonly target: Side;
  readonly same: boolean;
  /** The first difference, if there is one. */
  readonly differences: readonly LogDifference[];
  /** Events added to the source since this run began. Repeating the command copies them too. */
  readonly since: number;
  readonly seconds: number;
}

/**
 * Fills a store with the events of another, up to the head of the source at the start: what the target already holds is
 * compared, the rest is written in the order of the source, then read back and compared. The target's own content
 * determines where to resume, so a copy can be killed at any time. Throws NotACopy if the target holds anything else.
 */
export async function copy(options: CopyOptions): Promise<CopyResult> {
  const { source, target, signal, onProgress } = options;
  const began = performance.now();
  const head = await source.head();
  let phase: Phase = 'comparing';
  const comparison = new Comparison(signal, ({ source: { events, position } }) =>
    onProgress(phase, events, estimate(events, position, head)),
  );
  const rest = () => source.readAll({ after: comparison.source.position, until: head });
  const standing = () => target.readAll({ after: comparison.target.position });

  await comparison.goOn(rest(), standing(), { begun: true });
  if (comparison.difference) throw new NotACopy(notACopy(comparison.difference));
  const before = comparison.source.events;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await pour(options, comparison.source, head);
      break;
    } catch (error) {
      if (!(error instanceof Conflict) || attempt === ATTEMPTS) throw refused(error);
      // The target has changed, which is harmless if it was a late append of a run that was killed.
      await comparison.goOn(rest(), standing(), { begun: true });
      if (comparison.difference) throw new CopyDisturbed(disturbed(comparison.difference));
    }
  }
  phase = 'verifying';
  onProgress(phase, comparison.source.events, estimate(comparison.source.events, comparison.source.position, head));
  await comparison.goOn(rest(), standing());
  const { difference } = comparison;
  let since = 0;
  for await (const page of source.readAll({ after: head })) since += page.length;
  return {
    copied: comparison.target.events - before,
    source: comparison.source.sum(),
    target: comparison.target.sum(),
    same: difference === undefined,
    differences: difference === undefined ? [] : [difference],
    since,
    seconds: Math.round(performance.now() - began) / 1_000,
  };
}

/** Writes the events behind a position of the source. The next group is read while the target writes one. */
async function pour({ source, target, signal, onProgress }: CopyOptions, from: Read, head: string): Promise<void> {
  onProgress('copying', from.events, estimate(from.events, from.position, head));
  const runs = new Runs();
  let done = from.events;
  let writing: Promise<void> = Promise.resolve();
  const hand = async (groups: Iterable<readonly MovedAppend[]>): Promise<void> => {
    for (const group of groups) {
      signal.throwIfAborted();
      await writing;
      writing = receive(target, group);
      // The promise is awaited before the next write; until then its failure must not end the process as an unhandled
      // rejection.
      writing.catch(() => undefined);
    }
  };
  try {
    for await (const page of source.readAll({ after: from.position, until: head })) {
      await hand(runs.add(page));
      done += page.length;
      onProgress('copying', done, estimate(done, page.at(-1)!.position, head));
    }
    await hand(runs.end());
  } finally {
    await writing;
  }
}

/** Repeats an append while its outcome is unknown, which S2 makes safe. */
async function receive(target: Target, group: readonly MovedAppend[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await target.receive(group);
    } catch (error) {
      if (!(error instanceof UnknownOutcome) || attempt === REPEATS) throw error;
      await pause(2 ** attempt * 25);
    }
  }
}

/** Estimates the number of events up to the head: the positions of some stores count bytes, not events. */
function estimate(done: number, position: string, head: string): number {
  return Math.max(1, done, Math.round((done * Number(head)) / Math.max(1, Number(position))));
}

const placeOf = ({ event, stream, revision, what }: LogDifference): string =>
  `event ${event} (${stream}, revision ${revision}): ${what}`;

function notACopy(difference: LogDifference): string {
  const advice =
    difference.what === 'only in the target'
      ? 'It has been written to since it was copied. It is in use now: copy from it instead, or into an empty store.'
      : 'A copy needs an empty store, or one that an earlier copy of the same source began. Name another file or another stream prefix.';
  return `the target holds other events than the source, ${placeOf(difference)}. Nothing was written. ${advice}`;
}

function disturbed(difference: LogDifference): string {
  return `another program wrote to the target during the copy, ${placeOf(difference)}. Start again with an empty target, and let no other program write to it until the copy has ended.`;
}

/** Another store cannot start a stream above revision 0. */
function refused(error: unknown): unknown {
  if (!(error instanceof Conflict)) return error;
  const { stream, expected, actual } = error;
  return new CopyDisturbed(
    `the target has ${stream} at ${actual} where the source goes on from ${expected}: the source lacks the beginning of this stream, or another program writes to the target`,
  );
}
