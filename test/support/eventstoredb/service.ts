import { randomUUID } from 'node:crypto';
import {
  AppendReq,
  AppendResp,
  type DeleteReq,
  DeleteResp,
  type ReadReq,
  type TombstoneReq,
  TombstoneResp,
} from '@eventstore/db-client/generated/streams_pb';
import type {
  Metadata,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  sendUnaryData,
} from '@grpc/grpc-js';
import { type Answer, type Appending, faultOf, LARGEST_APPEND, weightOf } from './append';
import type { Expectation } from './decide';
import type { Faults } from './faults';
import type { Log, Proposed } from './log';
import { Outlet } from './outlet';
import { read } from './read';
import { asError, malformed, type Refusal, tooLarge } from './refusals';
import type { Access, Right } from './rights';
import { Subscription, sourceOf } from './subscribe';
import { empty, nameIn, proposedFrom } from './wire';

/** What every call of the protocol operates on. */
export interface Server {
  readonly log: Log;
  readonly appending: Appending;
  readonly faults: Faults;
  readonly access: Access;
}

interface Expecting {
  hasRevision(): boolean;
  getRevision(): string;
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
}

function expectationIn(options: Expecting): Expectation {
  if (options.hasRevision()) return Number(options.getRevision());
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : 'any';
}

export const insistsOnLeader = (metadata: Metadata): boolean => metadata.get('requires-leader')[0] === 'true';

/** Reads and subscriptions, of one stream or of all. */
export function handleRead(server: Server) {
  return (call: ServerWritableStream<ReadReq, Buffer>): void => {
    const options = call.request.getOptions()!;
    const outlet = new Outlet(call);
    const { faults, log, access } = server;
    const stream = options.hasStream() ? nameIn(options.getStream()!.getStreamIdentifier()) : '$all';
    const subscribes = options.hasSubscription();
    const pass = () => {
      const refusal = access.refusal(call.metadata, 'read', stream);
      if (refusal) outlet.end(refusal);
      else if (subscribes) subscribe(server, options, outlet);
      else void read(log, options, outlet);
    };
    const refuse = (refusal: Refusal) => outlet.end(refusal);
    faults.admit(subscribes ? 'subscribe' : 'read', insistsOnLeader(call.metadata), pass, refuse);
  };
}

function subscribe({ log, faults }: Server, options: ReadReq.Options, outlet: Outlet): void {
  const source = sourceOf(log, options);
  if ('code' in source) {
    outlet.end(source);
  } else {
    const subscription = new Subscription(log, source, outlet);
    faults.subscriptions.add(subscription);
    outlet.onEnd(() => faults.subscriptions.delete(subscription));
    void subscription.run();
  }
}

/** The plain append: its options, then its events, then one answer. */
export function handleAppend({ appending, faults, access }: Server) {
  return (call: ServerReadableStream<AppendReq, AppendResp>, callback: sendUnaryData<AppendResp>): void => {
    let options: AppendReq.Options | undefined;
    const events: Proposed[] = [];
    call.on('data', (request: AppendReq) => {
      if (request.hasOptions()) options = request.getOptions();
      else events.push(proposedFrom(request.getProposedMessage()!));
    });
    call.on('end', () => {
      const refuse = (refusal: Refusal) => callback(asError(refusal));
      const stream = nameIn(options?.getStreamIdentifier());
      const expected = expectationIn(options ?? new AppendReq.Options());
      const pass = () => {
        const denied = access.refusal(call.metadata, 'write', stream);
        const fault = stream === '' ? 'no stream' : events.map(faultOf).find(Boolean);
        if (denied) return refuse(denied);
        if (weightOf(events) > LARGEST_APPEND) return refuse(tooLarge(LARGEST_APPEND));
        if (fault !== undefined) return refuse(malformed(fault));
        const answer = appending.append(stream, expected, events);
        if (answer.is === 'unanswered') return;
        if (answer.is === 'refused' && answer.actual === undefined) return refuse(answer.refusal);
        faults.acknowledge(() => callback(null, appendResponse(answer, expected)));
      };
      faults.admit('append', insistsOnLeader(call.metadata), pass, refuse);
    });
  };
}

function appendResponse(answer: Exclude<Answer, { is: 'unanswered' }>, expected: Expectation): AppendResp {
  const response = new AppendResp();
  if (answer.is === 'success') {
    const success = new AppendResp.Success();
    const position = new AppendResp.Position();
    position.setCommitPosition(String(answer.position));
    position.setPreparePosition(String(answer.position));
    if (answer.position === undefined) success.setNoPosition(empty());
    else success.setPosition(position);
    if (answer.revision < 0) success.setNoStream(empty());
    else success.setCurrentRevision(String(answer.revision));
    return response.setSuccess(success);
  }
  const wrong = new AppendResp.WrongExpectedVersion();
  const actual = answer.actual ?? -1;
  if (actual < 0) wrong.setCurrentNoStream(empty());
  else wrong.setCurrentRevision(String(actual));
  if (expected === 'any') wrong.setExpectedAny(empty());
  else if (expected === 'no_stream') wrong.setExpectedNoStream(empty());
  else if (expected === 'stream_exists') wrong.setExpectedStreamExists(empty());
  else wrong.setExpectedRevision(String(expected));
  return response.setWrongExpectedVersion(wrong);
}

export function handleDelete(server: Server) {
  return (call: ServerUnaryCall<DeleteReq, DeleteResp>, callback: sendUnaryData<DeleteResp>): void => {
    const options = call.request.getOptions()!;
    const position = new DeleteResp.Position();
    const remove = (stream: string) => server.appending.softDelete(stream, expectationIn(options));
    deleting(server, call.metadata, nameIn(options.getStreamIdentifier()), remove, (failure, at) => {
      if (failure) return callback(asError(failure));
      position.setCommitPosition(String(at));
      position.setPreparePosition(String(at));
      callback(null, new DeleteResp().setPosition(position));
    });
  };
}

export function handleTombstone(server: Server) {
  return (call: ServerUnaryCall<TombstoneReq, TombstoneResp>, callback: sendUnaryData<TombstoneResp>): void => {
    const options = call.request.getOptions()!;
    const position = new TombstoneResp.Position();
    const remove = (stream: string) => server.appending.tombstone(stream, expectationIn(options));
    deleting(server, call.metadata, nameIn(options.getStreamIdentifier()), remove, (failure, at) => {
      if (failure) return callback(asError(failure));
      position.setCommitPosition(String(at));
      position.setPreparePosition(String(at));
      callback(null, new TombstoneResp().setPosition(position));
    });
  };
}

function deleting(
  { faults, access }: Server,
  metadata: Metadata,
  stream: string,
  remove: (stream: string) => Answer,
  answer: (refusal: Refusal | undefined, position?: number) => void,
): void {
  const right: Right = 'delete';
  const pass = () => {
    const denied = access.refusal(metadata, right, stream);
    if (denied) return answer(denied);
    const removed = remove(stream);
    if (removed.is === 'refused') return answer(removed.refusal);
    if (removed.is === 'success') faults.acknowledge(() => answer(undefined, removed.position));
  };
  faults.admit('delete', insistsOnLeader(metadata), pass, answer);
}

/** A name for this member of a cluster of one. */
export const memberId = randomUUID();
