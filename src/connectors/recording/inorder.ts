import { setTimeout as pause } from 'node:timers/promises';
import type { NewEvent } from '../../domain/event';
import { type Appended, type ExpectedRevision, type Store, Unavailable, UnknownOutcome } from '../../store/store';

/**
 * How often an unconfirmed append is repeated: first after 50 ms, then after double the pause each time, about half a
 * minute in total.
 */
const REPEATS = 9;
const FIRST_PAUSE_MS = 50;

interface Waiting {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
  /** The store's last answer; undefined while the append is queued or in flight. */
  outcome: { readonly appended: Appended } | { readonly error: unknown } | undefined;
}

/**
 * A store whose log has the appends in the order in which they were requested, even if the underlying store goes away
 * in between; if it never recovers, the log has a prefix of them. So requesting the same appends again yields the same
 * log.
 *
 * If an append is not confirmed, nothing new is sent until all in flight are settled. Then it is repeated, followed in
 * order by all that were sent after it, whatever their outcome: identical appends can be repeated (S2). If it fails
 * finally, all behind it fail, and so does every later append.
 */
export class InOrderStore implements Store {
  readonly ordered = true;
  readonly readStream: Store['readStream'];
  readonly readAll: Store['readAll'];
  readonly subscribe: Store['subscribe'];
  readonly head: Store['head'];
  /** Sent appends whose callers are still waiting, in order; `unsent` follows them. */
  private sent: Waiting[] = [];
  private unsent: Waiting[] = [];
  private underWay = 0;
  /** Until the first one is answered, nothing else is sent. */
  private repeating = false;
  private pausing = false;
  private repeats = 0;
  private over = false;

  /** `sleep` takes milliseconds. */
  constructor(
    private readonly store: Store,
    private readonly sleep: (ms: number) => Promise<unknown> = pause,
  ) {
    this.readStream = (...asked) => store.readStream(...asked);
    this.readAll = (...asked) => store.readAll(...asked);
    this.subscribe = (...asked) => store.subscribe(...asked);
    this.head = () => store.head();
  }

  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    if (this.over) return Promise.reject(new Unavailable('an earlier append failed, so nothing of this one was sent'));
    return new Promise((resolve, reject) => {
      this.unsent.push({ stream, expected, events, resolve, reject, outcome: undefined });
      this.sendMore();
    });
  }

  /** The store is closed by the caller that opened it. */
  async close(): Promise<void> {}

  private sendMore(): void {
    while (this.unsent.length > 0 && !this.pausing) {
      if (this.underWay > 0 && (this.repeating || !this.store.ordered)) return;
      this.send(this.unsent.shift()!);
    }
  }

  private send(waiting: Waiting): void {
    this.sent.push(waiting);
    this.underWay += 1;
    const said = (outcome: Waiting['outcome']) => {
      waiting.outcome = outcome;
      this.underWay -= 1;
      this.settle();
    };
    this.store.append(waiting.stream, waiting.expected, waiting.events).then(
      (appended) => said({ appended }),
      (error) => said({ error }),
    );
  }

  /** Answers callers as far as possible, then sends more. */
  private settle(): void {
    for (let first = this.sent[0]; first?.outcome !== undefined; first = this.sent[0]) {
      const { outcome } = first;
      if ('error' in outcome && isDoubt(outcome.error)) {
        this.doubt(outcome.error);
        return;
      }
      this.sent.shift();
      this.repeating = false;
      this.repeats = 0;
      if ('error' in outcome) first.reject(outcome.error);
      else first.resolve(outcome.appended);
    }
    this.sendMore();
  }

  /** The first append was not written, or its outcome is unknown. */
  private doubt(error: Error): void {
    this.repeating = true;
    if (this.underWay > 0) return;
    this.unsent = [...this.sent, ...this.unsent];
    this.sent = [];
    // If the store is unavailable at the first attempt, the caller should know at once.
    const hopeless = this.repeats === 0 && error instanceof Unavailable;
    if (hopeless || this.repeats === REPEATS) {
      this.fail(error);
      return;
    }
    for (const waiting of this.unsent) waiting.outcome = undefined;
    this.pausing = true;
    void this.sleep(FIRST_PAUSE_MS * 2 ** this.repeats).then(() => {
      this.pausing = false;
      this.sendMore();
    });
    this.repeats += 1;
  }

  private fail(error: Error): void {
    this.over = true;
    for (const { reject } of this.unsent.splice(0)) reject(error);
  }
}

function isDoubt(error: unknown): error is Error {
  return error instanceof UnknownOutcome || error instanceof Unavailable;
}
