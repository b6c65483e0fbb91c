import type { Log } from '../telemetry/log';

/**
 * Logs unhandled rejections instead of letting Node end the process: the GraphQL library leaves one if an item of a
 * list fails at once after an earlier item that fails later, and one request must not end the service for all others.
 * Events are durable before they are answered, so continuing loses nothing. Returns a function that removes the
 * handler.
 */
export function logRejections(log: Pick<Log, 'fault'>): () => void {
  const listener = (reason: unknown): void => log.fault(reason);
  process.on('unhandledRejection', listener);
  return () => void process.off('unhandledRejection', listener);
}
