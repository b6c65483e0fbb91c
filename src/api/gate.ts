import { type IncomingMessage, type RequestListener, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Addresses } from './addresses';
import { BodyTimer } from './bodytimer';
import { ERRORS, type ErrorCode, fault, retryAfter } from './errors';
import type { Execution } from './execution';

/** Paths that reveal no content and are requested by load balancers and monitors. */
const PROBES = ['/health/live', '/health/ready', '/metrics'];
const WITHOUT_BODY = ['GET', 'HEAD', 'OPTIONS'];
const JSON_TYPE = 'application/json; charset=utf-8';

/** How long a browser may cache a preflight answer, in seconds. */
const PREFLIGHT_AGE = '600';

export interface GateOptions {
  /** From the headers of a request to the last of its body. Milliseconds. */
  readonly bodyTimeout: number;
  /** The path of GraphQL. */
  readonly path: string;
  readonly addresses: Addresses;
  readonly execution: () => Execution;
  /** Throws or rejects if the request carries no accepted token. */
  readonly authenticate: (request: IncomingMessage) => unknown;
  /** Requests whose handler checks the token itself before it reads the body. */
  readonly ownToken: (request: IncomingMessage) => boolean;
  /** Requests that another door takes whole, body and token. */
  readonly elsewhere: (path: string) => ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
}

/**
 * The checks that every request passes before a byte of its body is read: its `Host` is a name of this server, its
 * `Origin` is allowed, and it carries a token if it has a body. Without a token nobody makes the server store anything.
 */
export class Gate {
  private timer: BodyTimer | undefined;

  constructor(private readonly options: GateOptions) {}

  /** Runs before all request listeners registered so far. */
  guard({ server }: FastifyInstance): void {
    const [inner] = server.listeners('request').slice(-1) as [RequestListener];
    server.off('request', inner);
    this.timer = new BodyTimer(server, this.options.bodyTimeout);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.take(request, response, inner));
  }

  /** Answers a request that is not executed. */
  refuse(response: ServerResponse, error: unknown): void {
    const { status, headers, text } = this.answerOf(error);
    response.writeHead(status, headers).end(text);
  }

  /** Why a WebSocket is refused, or undefined. */
  refusal(request: IncomingMessage): ErrorCode | undefined {
    const { addresses, path } = this.options;
    return pathOf(request) === path ? addresses.refusal(request) : 'NOT_FOUND';
  }

  /** Refuses a WebSocket upgrade. */
  refuseSocket(socket: Socket, code: ErrorCode): void {
    const { status, headers, text } = this.answerOf(fault(code));
    // The client may have disconnected already: without a listener the error would end the whole process.
    socket.on('error', () => socket.destroy());
    socket.write(rawAnswer(status, headers, text));
    // Not `end` alone: no other code watches this connection any more, and its client might never close it.
    socket.destroySoon();
  }

  private take(request: IncomingMessage, response: ServerResponse, inner: RequestListener): void {
    const { addresses, path, ownToken, authenticate } = this.options;
    const asked = pathOf(request);
    const other = this.options.elsewhere(asked);
    if (other === undefined) this.timer?.watch(request);
    const refusal = addresses.refusal(request, PROBES.includes(asked));
    if (refusal !== undefined) {
      this.refuse(response, fault(refusal));
      return;
    }
    if (addresses.crossing && this.cross(request, response, asked)) return;
    if (other !== undefined) {
      other(request, response);
      return;
    }
    if (WITHOUT_BODY.includes(request.method ?? '') || (asked === path && ownToken(request))) {
      inner(request, response);
      return;
    }
    if (asked !== path) {
      this.refuse(response, fault('NOT_FOUND'));
      return;
    }
    const refuse = (error: unknown): void => this.refuse(response, error);
    try {
      Promise.resolve(authenticate(request)).then(() => inner(request, response), refuse);
    } catch (error) {
      refuse(error);
    }
  }

  /** Sets the CORS headers for the browser; true if that completes the answer. */
  private cross(request: IncomingMessage, response: ServerResponse, asked: string): boolean {
    const { addresses, path } = this.options;
    // An answer for one origin must not be cached for another.
    response.setHeader('vary', 'Origin');
    const origin = addresses.crossOrigin(request);
    const reach = reachOf(asked, path);
    if (origin === undefined || reach === undefined) return false;
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-expose-headers', reach.shown);
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return false;
    response.setHeader('vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers');
    response.writeHead(204, {
      'access-control-allow-methods': reach.methods,
      'access-control-allow-headers': reach.headers,
      'access-control-max-age': PREFLIGHT_AGE,
    });
    response.end();
    return true;
  }

  private answerOf(error: unknown): Answer {
    const { errors } = this.options.execution().refused([error as ReturnType<typeof fault>]);
    const code = errors?.[0]?.extensions?.code as ErrorCode;
    const again = retryAfter(errors);
    const headers = { 'content-type': JSON_TYPE, ...(again === undefined ? {} : { 'retry-after': again }) };
    const [status] = ERRORS[code];
    // The error is the whole answer here, so it needs an error status.
    return { status: status === 200 ? 503 : status, headers, text: JSON.stringify({ errors }) };
  }
}

/** What a page of another origin may do at a path, and which headers it may read. */
interface Reach {
  readonly methods: string;
  readonly headers: string;
  readonly shown: string;
}

const ASKING: Reach = {
  methods: 'GET, POST',
  headers: 'Authorization, Content-Type, Apollo-Require-Preflight, Traceparent',
  shown: 'Retry-After',
};
const UPLOADING: Reach = {
  methods: 'POST, HEAD, PATCH, DELETE',
  headers: 'Authorization, Content-Type, Tus-Resumable, Upload-Length, Upload-Metadata, Upload-Offset',
  shown: 'Location, Tus-Resumable, Upload-Expires, Upload-Length, Upload-Offset, X-Palimpsest-Digest',
};
const READING: Reach = {
  methods: 'GET, HEAD',
  headers: 'Authorization, If-None-Match, If-Range, Range',
  shown: 'Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag, X-Palimpsest-Placeholder',
};

function reachOf(asked: string, graphql: string): Reach | undefined {
  if (asked === graphql) return ASKING;
  if (asked === '/uploads' || asked.startsWith('/uploads/')) return UPLOADING;
  return asked.startsWith('/content/') ? READING : undefined;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Answers malformed or incomplete requests, which no framework sees. */
export function answerBroken(error: NodeJS.ErrnoException, socket: Socket): void {
  const code = codeOfBroken(error.code);
  const begun = (socket as { _httpMessage?: ServerResponse })._httpMessage?.headersSent === true;
  // An answer that has begun cannot be replaced.
  if (error.code !== 'ECONNRESET' && socket.writable && !begun) {
    const [status, message] = ERRORS[code];
    const text = JSON.stringify({ errors: [{ message, extensions: { code } }] });
    socket.write(rawAnswer(status, { 'content-type': JSON_TYPE }, text));
  }
  socket.destroySoon();
}

function codeOfBroken(code: string | undefined): ErrorCode {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'REQUEST_TIMEOUT';
  return code === 'HPE_HEADER_OVERFLOW' ? 'HEADERS_TOO_LARGE' : 'BAD_REQUEST';
}

function rawAnswer(status: number, headers: Readonly<Record<string, string>>, text: string): string {
  const all = { ...headers, 'content-length': String(Buffer.byteLength(text)), connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', text].join('\r\n');
}

/** Split, not parsed: the target of a request line need not be a URL. */
function pathOf({ url = '' }: IncomingMessage): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}
