import { setTimeout as pause } from 'node:timers/promises';
import type { NewEvent } from '../../domain/event';
import { unlessAborted } from '../aborting';
import { type CheckedEvent, checkAppend } from '../appendcheck';
import {
  type Appended,
  type AppendOptions,
  Conflict,
  type ExpectedRevision,
  TooLarge,
  Unavailable,
  UnknownOutcome,
} from '../store';
import { bytesOf, type Names, outgoing } from './encoding';
import { appendError, MAX_APPEND_BYTES, meaningOf, readError } from './meaning';
import { positionFrom } from './positions';
import { NotSent, Turns } from './turns';
import type { Incoming, Outgoing, Wire } from './wire';

/** How often an append is sent to a server that reports that it did not take it. */
const ATTEMPTS = 3;
const RETRY_MS = 100;
/**
 * Timeout of a standing check in milliseconds: a server that gives up does so soon, for instance if the same append is
 * sent twice at once.
 */
const PATIENCE_MS = 5_000;

/** An append that passed every check. */
export interface Ready {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly Outgoing[];
  /** The size the server will count for it. */
  readonly bytes: number;
}

/**
 * Sends appends and interprets the answers. Everything is checked before it is sent: a malformed append can end the
 * process.
 */
export class Writer {
  private readonly turns = new Turns();

  constructor(
    private readonly wire: Wire,
    private readonly names: Names,
    /** Called with the position of each event known to be written. */
    private readonly onWritten: (position: number) => void,
  ) {}

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
    { signal }: AppendOptions = {},
  ): Promise<Appended> {
    const ready = this.ready(stream, expected, checkAppend(stream, expected, events), events);
    const reached = this.wire.reach(this.names.outside(stream));
    await unlessGivenUp(signal, reached).catch((error) => {
      throw readError(error);
    });
    return this.write(ready, signal);
  }

  /** Throws TooLarge if the server would. */
  ready(
    stream: string,
    expected: ExpectedRevision,
    checked: readonly CheckedEvent[],
    events: readonly NewEvent[],
  ): Ready {
    const sent = checked.map((event, index) => outgoing(event, events[index]!.data, `events[${index}]`));
    const bytes = checked.reduce((sum, event, index) => sum + bytesOf(event, sent[index]!), 0);
    if (bytes > MAX_APPEND_BYTES) throw new TooLarge('events', MAX_APPEND_BYTES, bytes);
    return { stream, expected, events: sent, bytes };
  }

  /** Takes its turn behind earlier appends. */
  async write({ stream, expected, events: sent }: Ready, signal?: AbortSignal): Promise<Appended> {
    // An append with others sent behind it must not be repeated by itself: it would be written after them.
    const work = (alone: boolean) => this.send(stream, expected, sent, alone ? ATTEMPTS : 1, signal);
    try {
      return await (this.wire.ordered ? this.turns.take(work, signal) : work(true));
    } catch (error) {
      if (error instanceof NotSent) throw appendError(error, stream, expected);
      // The stream shows whether an append was already written; the server's rules for repeats differ from ours.
      const standing = error instanceof Conflict ? await this.standing(stream, expected, sent, signal) : undefined;
      if (standing === undefined) throw error;
      return standing;
    }
  }

  private async send(
    stream: string,
    expected: ExpectedRevision,
    events: readonly Outgoing[],
    attempts: number,
    signal: AbortSignal | undefined,
  ): Promise<Appended> {
    const began = performance.now();
    let late: unknown;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.wire.append(this.names.outside(stream), expected, events, signal);
        if (answer.commit === undefined) return await this.unplaced(stream, expected, events, signal);
        this.onWritten(answer.commit);
        return { revision: answer.revision, position: positionFrom(answer.commit) };
      } catch (error) {
        if (error instanceof UnknownOutcome) throw error;
        // Repeating the append is safe: the ids and the expected revision are the same.
        const meaning = meaningOf(error);
        const again = meaning === 'moved' || (meaning === 'late' && performance.now() - began < PATIENCE_MS);
        if (!again || attempt === attempts) {
          const failure = appendError(error, stream, expected);
          // The refusal of this attempt says nothing about an earlier attempt that the server gave up on.
          throw late !== undefined && failure instanceof Unavailable ? appendError(late, stream, expected) : failure;
        }
        if (meaning === 'late') late = error;
        await pause(RETRY_MS * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Handles an answer without a position. */
  private async unplaced(
    stream: string,
    expected: ExpectedRevision,
    events: readonly Outgoing[],
    signal: AbortSignal | undefined,
  ): Promise<Appended> {
    const standing = await this.standing(stream, expected, events, signal);
    if (standing !== undefined) return standing;
    throw new UnknownOutcome('the event store answered an append without its position');
  }

  /** The original answer for these events, if they directly follow the expected revision. Their ids decide. */
  private async standing(
    stream: string,
    expected: ExpectedRevision,
    events: readonly Outgoing[],
    signal: AbortSignal | undefined,
  ): Promise<Appended | undefined> {
    const first = expected === 'none' ? 0 : expected + 1;
    const there = await this.there(stream, first, events.length, signal);
    const last = there.at(-1);
    if (last?.commit === undefined || there.length < events.length) return undefined;
    if (!there.every(({ id, revision }, index) => id === events[index]!.id && revision === first + index)) {
      return undefined;
    }
    return { revision: last.revision, position: positionFrom(last.commit) };
  }

  private async there(
    stream: string,
    from: number,
    count: number,
    signal: AbortSignal | undefined,
  ): Promise<readonly Incoming[]> {
    try {
      return await unlessGivenUp(signal, this.wire.readStream(this.names.outside(stream), from, count));
    } catch (error) {
      throw new UnknownOutcome(
        'an append conflicted, and the event store could not be asked which events were written',
        {
          cause: error,
        },
      );
    }
  }
}

/** Rejects with NotSent as soon as the signal aborts. */
function unlessGivenUp<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return work;
  return unlessAborted(signal, work, () => new NotSent('the server did not answer before its caller gave up'));
}
