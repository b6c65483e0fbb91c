/**
 * Gives what the work gives. When the signal aborts first, it rejects with what `late` makes: at once, or after a grace of
 * so many milliseconds, in which the work can still end by itself.
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
