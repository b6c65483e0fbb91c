import { isUtf8 } from 'node:buffer';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance } from 'fastify';
import { WebSocket } from 'ws';
import { BODY_LIMIT } from './limits';

/** The WebSocket close code for a message whose data do not match its type. */
const INVALID_DATA = 1007;

/** An error that is answered with 400 and this message. */
export function notUtf8(what = 'The body is not UTF-8.'): FastifyError {
  return Object.assign(new Error(what), { name: 'FastifyError', code: 'NOT_UTF8', statusCode: 400 });
}

/** JSON is UTF-8 (RFC 8259): a type with another charset is refused, whatever the bytes are. */
export function isUtf8Type(type: string): boolean {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^";\s]*)"?/i.exec(type) ?? [];
  return /^(utf-?8|us-ascii)$/i.test(charset);
}

/**
 * Refuses requests that are not UTF-8 with 400: a lenient decoder would replace every invalid byte with the same
 * character, and that would be recorded. Applies to JSON bodies and to the URL of the request.
 */
export function refuseOtherThanUtf8(adapter: FastifyAdapter): void {
  const fastify: FastifyInstance = adapter.getInstance();
  const parse = fastify.getDefaultJsonParser('error', 'error');
  adapter.useBodyParser('application/json', false, { bodyLimit: BODY_LIMIT }, (request, body: Buffer, done) => {
    const type = request.headers['content-type'] ?? '';
    if (!isUtf8Type(type)) done(notUtf8(`A body of JSON is UTF-8; the request says ${type}.`));
    else if (!isUtf8(body)) done(notUtf8());
    else parse(request, body.toString('utf8'), (error, parsed) => done(error, parsed));
  });
  fastify.addHook('onRequest', (request, _reply, next) => {
    next(isDecodable(request.url) ? undefined : notUtf8('The address of the request is not UTF-8, or not escaped.'));
  });
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

/** A socket that rejects binary messages that are not UTF-8; the library itself checks text messages. */
export class Utf8Socket extends WebSocket {
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    const [data, isBinary] = args;
    if (event === 'message' && isBinary === true && !isUtf8(data as Buffer)) {
      this.close(INVALID_DATA, 'The message is not UTF-8.');
      return true;
    }
    return super.emit(event, ...args);
  }
}
