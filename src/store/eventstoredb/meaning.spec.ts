import {
  AccessDeniedError,
  CancelledError,
  DeadlineExceededError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  StreamNotFoundError,
  TimeoutError,
  UnavailableError,
  UnknownError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { appendError, type Meaning, meaningOf, readError } from './meaning';
import { NoAnswer } from './timer';

/** An error as the wire delivers it. */
function wire(code: number, details: string, trailer: Readonly<Record<string, string>> = {}): ServiceError {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(trailer)) metadata.set(name, value);
  return Object.assign(new Error(`${code} ${details}`), { code, details, metadata });
}

const versions = (current: bigint | 'no_stream') =>
  new WrongExpectedVersionError(null as never, { streamName: 'a', current, expected: 3n });
const leader = { 'leader-endpoint-host': '127.0.0.1', 'leader-endpoint-port': '2114' };

/** Every error measured on a real server, its meaning, and the resulting error of an append. */
const ROWS: readonly (readonly [what: string, error: unknown, meaning: Meaning, append: string])[] = [
  ['the expected revision does not hold', versions(7n), 'conflict', 'Conflict'],
  ['a stream that is not there was expected', versions('no_stream'), 'conflict', 'Conflict'],
  ['an append over the limit', new MaxAppendSizeExceededError(null as never, 1_048_576), 'tooLarge', 'TooLarge'],
  [
    'a message over 16 MB',
    new UnknownError(wire(8, 'Received message exceeds the maximum configured message size. larger than max')),
    'tooLarge',
    'TooLarge',
  ],
  ['a server that has no room', new UnknownError(wire(8, 'Bandwidth exhausted')), 'away', 'UnknownOutcome'],
  [
    'a batch that makes no sense',
    new UnknownError(undefined as never, 'Could not recognize BadRequest'),
    'odd',
    'UnknownOutcome',
  ],
  ['a deadline that is over', new DeadlineExceededError(), 'late', 'UnknownOutcome'],
  ['our own clock that ran out', new NoAnswer('no answer within 10 ms'), 'away', 'UnknownOutcome'],
  ['a tombstone', StreamDeletedError.fromStreamName('a'), 'deleted', 'Unavailable'],
  ['a missing stream', new StreamNotFoundError(null as never, 'a'), 'missing', 'UnknownOutcome'],
  [
    'a reading the server cannot do',
    new UnknownError(wire(2, 'Unexpected ReadStreamResult: Error')),
    'invalid',
    'UnknownOutcome',
  ],
  [
    'a position that never was',
    new UnknownError(wire(2, 'Unexpected ReadAllResult: Error')),
    'invalid',
    'UnknownOutcome',
  ],
  [
    'a subscription from a position that never was',
    new UnknownError(wire(2, 'Exception was thrown by handler.')),
    'invalid',
    'UnknownOutcome',
  ],
  [
    'a live subscriber that meets a burst',
    new TimeoutError(wire(10, 'Consumer too slow to handle event while live. Client resubscription required.')),
    'burst',
    'UnknownOutcome',
  ],
  [
    'an operation that took the server too long',
    new TimeoutError(wire(10, 'Operation timed out: Commit phase timeout')),
    'late',
    'UnknownOutcome',
  ],
  ['a server that was killed', new UnavailableError(wire(14, 'read ECONNRESET')), 'away', 'UnknownOutcome'],
  [
    'a server that shuts down or is frozen',
    new UnavailableError(wire(14, 'Connection dropped')),
    'away',
    'UnknownOutcome',
  ],
  ['a server that is not there', wire(14, 'No connection established'), 'away', 'UnknownOutcome'],
  ['the same without code or type', new Error('No connection established'), 'away', 'UnknownOutcome'],
  [
    'a server that has just started',
    new UnknownError(undefined as never, 'Could not recognize Server Is Not Ready'),
    'away',
    'UnknownOutcome',
  ],
  ['the same from a plain call', new UnavailableError(wire(14, 'Server Is Not Ready')), 'away', 'UnknownOutcome'],
  [
    'a server that has too much to do',
    new UnknownError(undefined as never, 'Could not recognize Server Is Busy'),
    'away',
    'UnknownOutcome',
  ],
  ['a call that the server ends', new CancelledError(wire(1, 'Call cancelled')), 'away', 'UnknownOutcome'],
  ['TLS against a server without, or the other way round', wire(14, 'Failed to connect'), 'away', 'UnknownOutcome'],
  ['a right that is missing', new AccessDeniedError(wire(7, 'Access Denied')), 'denied', 'Unavailable'],
  ['the same from a batch, without a code', new AccessDeniedError(), 'denied', 'Unavailable'],
  ['a wrong password', new AccessDeniedError(wire(16, 'Unauthenticated')), 'denied', 'Unavailable'],
  [
    'a certificate nobody trusts',
    new UnavailableError(wire(14, 'unable to verify the first certificate')),
    'untrusted',
    'Unavailable',
  ],
  ['the same as a plain error', wire(14, 'self-signed certificate in certificate chain'), 'untrusted', 'Unavailable'],
  [
    'a node that no longer leads',
    new NotLeaderError(wire(5, 'Leader info available', { exception: 'not-leader', ...leader })),
    'moved',
    'UnknownOutcome',
  ],
  ['something nobody has seen', new Error('?'), 'odd', 'UnknownOutcome'],
  ['nothing at all', undefined, 'odd', 'UnknownOutcome'],
];

describe('a client error', () => {
  test.each(ROWS)('is classified: %s', (_what, error, meaning) => {
    expect(meaningOf(error)).toBe(meaning);
  });

  test.each(ROWS)(
    'never makes an append that may have been written look refused: %s',
    (_what, error, _meaning, name) => {
      expect(appendError(error, 'asset-1', 3).name).toBe(name);
    },
  );

  test('reports the actual revision on a conflict', () => {
    expect(appendError(versions(7n), 'asset-1', 3)).toMatchObject({ stream: 'asset-1', expected: 3, actual: 7 });
    expect(appendError(versions('no_stream'), 'asset-1', 3)).toMatchObject({ actual: 'none' });
  });

  test('of a read means that the store is unavailable, with advice if waiting does not help', () => {
    expect(readError(new UnavailableError(wire(14, 'read ECONNRESET')))).toMatchObject({ name: 'Unavailable' });
    expect(readError(new AccessDeniedError()).message).toMatch('palimpsest doctor');
    expect(readError(wire(14, 'unable to verify the first certificate')).message).toMatch('tlsCAFile');
  });
});
