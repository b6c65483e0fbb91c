import { setImmediate as nextTurn } from 'node:timers/promises';
import { meaningOf } from './meaning';

/** Maximum number of concurrent appends; more do not raise the server's throughput, and all are lost together. */
const MOST = 256;

/** The append was not sent: one before it failed, or its caller gave up. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
  readonly type = 'not-sent';
}

interface Waiting {
  start(): void;
  refuse(error: Error): void;
}

/** `alone`: nothing else is sent until this append is over, so it may be repeated without losing its place. */
type Work<T> = (alone: boolean) => Promise<T>;

/**
 * Keeps the appends of one batch stream in the order in which they were requested.
 *
 * Of several appends started at once on a fresh batch stream the client sends the first one last, and it does not
 * report when it creates one. So an append goes alone while the state of the stream is unknown: when nothing is in
 * flight, and after every failure. Once it is answered, others go together for as long as any is in flight.
 *
 * If an append fails without an answer, the appends waiting behind it are refused with NotSent, and so are appends that
 * arrive before its caller can have learned of the failure: no append may be written without the one before it.
 */
export class Turns {
  /** The stream has answered, and has had an append in flight ever since. */
  private open = false;
  private leading = false;
  private failing = false;
  private underWay = 0;
  /** Counts failures: an answer to an append sent before one says nothing about the stream created after it. */
  private generation = 0;
  private readonly waiting = new Set<Waiting>();

  take<T>(work: Work<T>, signal?: AbortSignal): Promise<T> {
    if (this.failing) return Promise.reject(behindFailure());
    if (signal?.aborted) return Promise.reject(givenUp());
    if (this.mayStart && this.waiting.size === 0) return this.start(work);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.waiting.delete(mine);
        signal?.removeEventListener('abort', abort);
      };
      const mine: Waiting = {
        start: () => {
          leave();
          this.start(work).then(resolve, reject);
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
      };
      const abort = () => mine.refuse(givenUp());
      signal?.addEventListener('abort', abort);
      this.waiting.add(mine);
    });
  }

  private get mayStart(): boolean {
    return !this.leading && (!this.open || this.underWay < MOST);
  }

  private start<T>(work: Work<T>): Promise<T> {
    const alone = !this.open;
    if (alone) this.leading = true;
    this.underWay += 1;
    const { generation } = this;
    return work(alone).then(
      (answer) => {
        this.over(alone, generation);
        return answer;
      },
      (error) => {
        if (generation === this.generation && !isAnswer(error)) this.failed();
        this.over(alone, generation);
        throw error;
      },
    );
  }

  private over(alone: boolean, generation: number): void {
    this.underWay -= 1;
    if (alone) this.leading = false;
    if (alone && generation === this.generation) this.open = true;
    for (const next of this.waiting) {
      if (!this.mayStart) break;
      next.start();
    }
    if (this.underWay === 0) this.open = false;
  }

  private failed(): void {
    this.generation += 1;
    this.open = false;
    this.failing = true;
    void nextTurn().then(() => {
      this.failing = false;
    });
    for (const next of [...this.waiting]) next.refuse(behindFailure());
  }
}

/** The server has decided the append, so the stream works. */
function isAnswer(error: unknown): boolean {
  const { name, cause } = error as Error;
  if (name === 'Conflict' || name === 'TooLarge') return true;
  return ['conflict', 'tooLarge', 'deleted', 'denied', 'late'].includes(meaningOf(cause));
}

const behindFailure = (): NotSent => new NotSent('an earlier append was not confirmed');
const givenUp = (): NotSent => new NotSent('its caller gave up before it was sent');
