import type { Log } from '../telemetry/log';

/**
 * Logs rejections that nothing handles instead of letting Node end the process: the GraphQL library leaves one where an
 * item of a list fails at once after an earlier item that fails later, and what one request asks must not take the server
 * from all others. Events are durable before they are answered, so nothing is lost by going on. Returns what undoes it.
 */
export function logRejections(log: Pick<Log, 'fault'>): () => void {
  const listener = (reason: unknown): void => log.fault(reason);
  process.on('unhandledRejection', listener);
  return () => void process.off('unhandledRejection', listener);
}
