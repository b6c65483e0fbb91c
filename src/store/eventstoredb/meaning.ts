import { Conflict, type ExpectedRevision, TooLarge, Unavailable, UnknownOutcome } from '../store';

/**
 * What a client error means to us.
 *
 * conflict    the stream is not at the expected revision
 * tooLarge    the append is over the server's limit; nothing was written
 * missing     there is no such stream
 * deleted     an administrator deleted the stream permanently
 * denied      the credentials are wrong or lack a right; nothing was written
 * untrusted   the server's certificate is not trusted; waiting changes nothing
 * moved       another node leads the cluster now; the client switches to it, repeat the call
 * burst       a subscriber was too slow for a burst of events; subscribe again at once
 * invalid     the server cannot interpret the request, for instance a position that does not exist
 * late        the server reports that it gave up midway
 * unsent      nothing was sent: an append before it failed, or its caller gave up
 * away        the server cannot be reached, is starting or stopping, or did not answer in time
 * odd         anything else
 */
export type Meaning =
  | 'conflict'
  | 'tooLarge'
  | 'missing'
  | 'deleted'
  | 'denied'
  | 'untrusted'
  | 'moved'
  | 'burst'
  | 'invalid'
  | 'late'
  | 'unsent'
  | 'away'
  | 'odd';

/**
 * The properties of a client error that identify it. Classes are not compared: a bundle may hold two copies of each.
 */
interface Said {
  readonly type?: string;
  readonly code?: number | string;
  readonly message?: string;
}

/** gRPC status codes. */
const CODE = { resourceExhausted: 8, permissionDenied: 7, aborted: 10, unavailable: 14, unauthenticated: 16 };

const BY_TYPE: Readonly<Record<string, Meaning>> = {
  'wrong-expected-version': 'conflict',
  'maximum-append-size-exceeded': 'tooLarge',
  'stream-not-found': 'missing',
  'no-stream': 'missing',
  'stream-deleted': 'deleted',
  'access-denied': 'denied',
  'not-leader': 'moved',
  'deadline-exceeded': 'late',
  cancelled: 'away',
  'no-answer': 'away',
  'not-sent': 'unsent',
};

const CERTIFICATE = /certificate|self.signed|CERT_|UNABLE_TO_VERIFY|altname/i;
const AWAY =
  /no connection established|connection dropped|failed to connect|econnre|epipe|etimedout|ehostunreach|enotfound|socket hang up|not ready|too busy|server is busy|is shutting down|failed to discover|channel has been (closed|shut)/i;

/** The only place that distinguishes errors of the client. */
export function meaningOf(error: unknown): Meaning {
  const { type = '', code, message = '' } = (error ?? {}) as Said;
  // A certificate fault arrives as UnavailableError or as a plain error with its code, and must not look like an
  // outage.
  if (CERTIFICATE.test(message) && (code === CODE.unavailable || type === 'unavailable')) return 'untrusted';
  const known = BY_TYPE[type];
  if (known !== undefined) return known;
  if (type === 'timeout' || code === CODE.aborted) return /too slow/i.test(message) ? 'burst' : 'late';
  if (type === 'unavailable' || code === CODE.unavailable || AWAY.test(message)) return 'away';
  if (code === CODE.permissionDenied || code === CODE.unauthenticated) return 'denied';
  // A single message over about 16 MB, which never reached the log.
  if (code === CODE.resourceExhausted) return /larger than max/i.test(message) ? 'tooLarge' : 'away';
  if (type === 'unknown' && (code === 2 || /unexpected readstreamresult/i.test(message))) return 'invalid';
  return 'odd';
}

const ADVICE: Readonly<Partial<Record<Meaning, string>>> = {
  denied: 'the event store refuses these credentials, or they lack the right; see `palimpsest doctor`',
  untrusted:
    'the certificate of the event store is not trusted; name its authority with tlsCAFile in PALIMPSEST_EVENTS',
  unsent: 'nothing was sent to the event store',
  deleted: 'an administrator permanently deleted the stream in the event store; it cannot be written to again',
};

/** Meanings that prove that nothing was written. */
const NOT_WRITTEN: readonly Meaning[] = ['denied', 'untrusted', 'deleted', 'unsent'];

/** The port's error for a failed append. Unless a refusal is certain, the outcome is unknown. */
export function appendError(error: unknown, stream: string, expected: ExpectedRevision): Error {
  const meaning = meaningOf(error);
  if (meaning === 'conflict') return new Conflict(stream, expected, actualOf(error));
  if (meaning === 'tooLarge') return new TooLarge('events', MAX_APPEND_BYTES, MAX_APPEND_BYTES + 1);
  const said = `${ADVICE[meaning] ?? 'the event store did not confirm an append'}: ${messageOf(error)}`;
  return NOT_WRITTEN.includes(meaning)
    ? new Unavailable(said, { cause: error })
    : new UnknownOutcome(said, { cause: error });
}

/** The port's error for a failed read or subscription. */
export function readError(error: unknown): Error {
  const said = ADVICE[meaningOf(error)] ?? 'the event store cannot be read';
  return new Unavailable(`${said}: ${messageOf(error)}`, { cause: error });
}

/** Limit for all events of one append together, with their metadata and framing. */
export const MAX_APPEND_BYTES = 1_048_576;

function actualOf(error: unknown): ExpectedRevision {
  const { actualVersion } = error as { readonly actualVersion?: bigint | number | string };
  return typeof actualVersion === 'bigint' || typeof actualVersion === 'number' ? Number(actualVersion) : 'none';
}

function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : String((error as Said)?.type ?? error);
}
