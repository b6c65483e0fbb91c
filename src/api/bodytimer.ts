import type { IncomingMessage, Server } from 'node:http';

/**
 * Ends requests whose body does not arrive in time. Node's own limit would hold for uploads too, which may take hours and
 * are watched by how long nothing comes.
 */
export class BodyTimer {
  constructor(
    private readonly server: Server,
    /** Milliseconds. */
    private readonly limit: number,
  ) {}

  watch(request: IncomingMessage): void {
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    if (encoding === undefined && (length === undefined || length === '0')) return;
    const timer = setTimeout(() => {
      const late = Object.assign(new Error('the body did not arrive in time'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
      this.server.emit('clientError', late, request.socket);
    }, this.limit);
    timer.unref();
    const over = (): void => clearTimeout(timer);
    request.once('end', over);
    request.once('close', over);
  }
}
