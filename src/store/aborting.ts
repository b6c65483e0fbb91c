/**
 * Settles as the work does. If the signal aborts first, it rejects with the error that `late` makes: at once, or after
 * a grace period in milliseconds in which the work may still settle.
 */
export function unlessAborted<T>(
  signal: AbortSignal,
  work: Promise<T>,
  late: () => Error,
  graceMs?: number,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined;
    const abort = () => {
      if (graceMs === undefined) reject(late());
      else grace = setTimeout(() => reject(late()), graceMs);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
    const over = () => {
      clearTimeout(grace);
      signal.removeEventListener('abort', abort);
    };
    work.then(
      (answer) => {
        over();
        resolve(answer);
      },
      (error) => {
        over();
        reject(error);
      },
    );
  });
}
