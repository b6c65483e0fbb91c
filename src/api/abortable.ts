/** The answers of a subscription. A generator that waits for its next item cannot return: the signal ends the wait first. */
export function abortable<T>(begin: (signal: AbortSignal) => AsyncGenerator<T>): AsyncIterableIterator<T> {
  const ending = new AbortController();
  const items = begin(ending.signal);
  return {
    next: () => items.next(),
    return: () => {
      ending.abort();
      return items.return(undefined);
    },
    throw: (error: unknown) => items.throw(error),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
