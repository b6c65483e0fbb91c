/** How long the adapter waits for what, in milliseconds. */
export interface Timers {
  /** For the answer to an append; then its outcome is unknown. */
  readonly appendMs: number;
  /** For a page of a reading. */
  readonly readMs: number;
  /** Without a sign of life from a long reading that somebody waits for; then it goes on page by page. */
  readonly quietMs: number;
  /** For the confirmation of a subscription. */
  readonly confirmMs: number;
  /** Without a sign of life from a subscription until it is compared with the log. */
  readonly idleMs: number;
  /** First pause after a subscription failed, doubled with each further failure. */
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
 * The client's own deadlines do not work on every path, so each call also has a timer of ours. `expired` is called when
 * it runs out, to cancel the call. If the signal aborts, the waiting ends too.
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
