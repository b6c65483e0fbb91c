import {
  AccessDenied,
  BadRequest,
  MaximumAppendSizeExceeded,
  StreamDeleted,
  Timeout,
  WrongExpectedVersion,
} from '@eventstore/db-client/generated/shared_pb';
import { Status } from '@eventstore/db-client/generated/status_pb';
import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { Any } from 'google-protobuf/google/protobuf/any_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import type { Expectation } from './decide';
import { identifierOf } from './wire';

/** The message of a refusal on the batch path: a word and a typed detail. */
interface Detail {
  serializeBinary(): Uint8Array;
}

/**
 * A server refuses in two ways: as the end of a call, with a code and trailing metadata, or, within the streaming call
 * of batch appends, as one answer among others. `inBatch` is missing where a real server ends the whole batch call.
 */
export interface Refusal {
  readonly code: status;
  readonly details: string;
  readonly trailer: Readonly<Record<string, string>>;
  readonly inBatch?: {
    readonly code: number;
    readonly message: string;
    readonly type: string;
    readonly detail: Detail;
  };
}

/** Answers in a batch are distinguished by type name. */
const typed = (name: string) => `event_store.client.${name}`;

export const streamDeleted = (stream: string): Refusal => ({
  code: status.FAILED_PRECONDITION,
  details: `Event stream '${stream}' is deleted.`,
  trailer: { exception: 'stream-deleted', 'stream-name': stream },
  inBatch: {
    code: status.NOT_FOUND,
    message: 'StreamDeleted',
    type: typed('StreamDeleted'),
    detail: new StreamDeleted().setStreamIdentifier(identifierOf(stream)),
  },
});

export const accessDenied = (): Refusal => ({
  code: status.PERMISSION_DENIED,
  details: 'Access Denied',
  trailer: { exception: 'access-denied' },
  inBatch: {
    code: status.PERMISSION_DENIED,
    message: 'AccessDenied',
    type: typed('AccessDenied'),
    detail: new AccessDenied(),
  },
});

/** A wrong password is detected before the call is examined. */
export const unauthenticated = (): Refusal => ({
  code: status.UNAUTHENTICATED,
  details: 'Unauthenticated',
  trailer: {},
});

export const tooLarge = (limit: number): Refusal => ({
  code: status.INVALID_ARGUMENT,
  details: `Maximum Append Size of ${limit} Exceeded.`,
  trailer: { exception: 'maximum-append-size-exceeded', 'maximum-append-size': String(limit) },
  inBatch: {
    code: status.INVALID_ARGUMENT,
    message: 'MaximumAppendSizeExceeded',
    type: typed('MaximumAppendSizeExceeded'),
    detail: new MaximumAppendSizeExceeded().setMaxappendsize(limit),
  },
});

export const malformed = (reason: string): Refusal => ({
  ...unforeseen(),
  inBatch: {
    code: status.INVALID_ARGUMENT,
    message: 'BadRequest',
    type: typed('BadRequest'),
    detail: new BadRequest().setMessage(reason),
  },
});

export const timedOut = (reason: string): Refusal => ({
  code: status.ABORTED,
  details: `Operation timed out: ${reason}`,
  trailer: {},
  inBatch: { code: status.DEADLINE_EXCEEDED, message: 'Timeout', type: typed('Timeout'), detail: new Timeout() },
});

export const notReady = (): Refusal => notHandled('Server Is Not Ready', 'Server Is Not Ready');

export const overloaded = (): Refusal => notHandled('Server Is Too Busy', 'Server Is Busy');

const notHandled = (details: string, message: string): Refusal => ({
  code: status.UNAVAILABLE,
  details,
  trailer: {},
  inBatch: { code: status.OK, message, type: 'google.protobuf.Empty', detail: new Empty() },
});

/** The client connects to the given leader. It ends a whole call of batch appends. */
export const notLeader = ({ host, port }: { readonly host: string; readonly port: number }): Refusal => ({
  code: status.NOT_FOUND,
  details: 'Leader info available',
  trailer: { exception: 'not-leader', 'leader-endpoint-host': host, 'leader-endpoint-port': String(port) },
});

export const unexpected = (result: 'ReadStreamResult' | 'ReadAllResult'): Refusal => ({
  code: status.UNKNOWN,
  details: `Unexpected ${result}: Error`,
  trailer: {},
});

/** A request that a real server does not anticipate. */
export const unforeseen = (): Refusal => ({
  code: status.UNKNOWN,
  details: 'Exception was thrown by handler.',
  trailer: {},
});

/** For a delete; an append has its own answer for it. `actual` is -1 if the stream does not exist. */
export const wrongRevision = (operation: string, stream: string, expected: Expectation, actual: number): Refusal => ({
  code: status.FAILED_PRECONDITION,
  details: `${operation} failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${numberOf(expected)}, Actual version: ${actual}`,
  trailer: {
    exception: 'wrong-expected-version',
    'stream-name': stream,
    'expected-version': String(numberOf(expected)),
    'actual-version': String(actual),
  },
  inBatch: {
    code: status.ALREADY_EXISTS,
    message: 'WrongExpectedVersion',
    type: typed('WrongExpectedVersion'),
    detail: wrongVersion(expected, actual),
  },
});

function wrongVersion(expected: Expectation, actual: number): WrongExpectedVersion {
  const detail = new WrongExpectedVersion();
  if (actual < 0) detail.setCurrentNoStream(new Empty());
  else detail.setCurrentStreamRevision(String(actual));
  if (expected === 'any') detail.setExpectedAny(new Empty());
  else if (expected === 'no_stream') detail.setExpectedNoStream(new Empty());
  else if (expected === 'stream_exists') detail.setExpectedStreamExists(new Empty());
  else detail.setExpectedStreamPosition(String(expected));
  return detail;
}

/** The numbers that the server's own messages use for an expectation. */
function numberOf(expected: Expectation): number {
  if (typeof expected === 'number') return expected;
  return { any: -2, no_stream: -1, stream_exists: -4 }[expected];
}

/** A refusal as the end of a call. */
export function asError({ code, details, trailer }: Refusal): ServiceError {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(trailer)) metadata.set(name, value);
  return Object.assign(new Error(details), { code, details, metadata });
}

/** A refusal as one answer among others. */
export function asStatus({ code, message, type, detail }: NonNullable<Refusal['inBatch']>): Status {
  const any = new Any();
  any.pack(detail.serializeBinary(), type);
  const answer = new Status();
  answer.setCode(code as Parameters<Status['setCode']>[0]);
  answer.setMessage(message);
  answer.setDetails(any);
  return answer;
}
