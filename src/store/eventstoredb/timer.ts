/** Timeouts of the adapter, in milliseconds. */
export interface Timers {
  /** For the answer to an append, whose outcome is then unknown. */
  readonly appendMs: number;
  /** For a page of a read. */
  readonly readMs: number;
  /** Silence of a long read with a waiting reader, which then continues page by page. */
  readonly quietMs: number;
  /** For the confirmation of a subscription. */
  readonly confirmMs: number;
  /** Silence of a subscription, which is then compared with the log. */
  readonly idleMs: number;
  /** First pause after a failed subscription, doubled with each further failure. */
  readonly backOffMs: number;
  readonly longestBackOffMs: number;
}

export const TIMERS: Timers = {
  appendMs: 10_000,
  readMs: 10_000,
  quietMs: 3_000,
  confirmMs: 10_000,
  idleMs: 10_000,
  backOffMs: 50,
  longestBackOffMs: 5_000,
};

/** Our own timeout passed before the server answered: the outcome is unknown. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly type = 'no-answer';
}

/**
 * The client's own deadlines do not work on every path, so each call also has our own timer. On expiry `expired` is
 * called, to cancel the call. An aborted signal also ends the wait.
 */
export function within<T>(
  ms: number,
  work: Promise<T>,
  { expired, signal }: { readonly expired?: () => void; readonly signal?: AbortSignal | undefined } = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (why: string) => {
      settled();
      reject(new NoAnswer(why));
      expired?.();
    };
    const timer = setTimeout(() => end(`no answer within ${ms} ms`), ms);
    const aborted = () => end('no answer before its caller gave up');
    const settled = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    };
    work.then(
      (answer) => {
        settled();
        resolve(answer);
      },
      (error) => {
        settled();
        reject(error);
      },
    );
    if (signal?.aborted) aborted();
    else signal?.addEventListener('abort', aborted);
  });
}
