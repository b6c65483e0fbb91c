import { AllStreamPosition } from '@eventstore/db-client/generated/shared_pb';
import { type BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { type Answer, faultOf, LARGEST_APPEND, weightOf } from './append';
import type { Expectation } from './decide';
import type { Proposed } from './log';
import { asError, asStatus, malformed, type Refusal, timedOut, tooLarge } from './refusals';
import { insistsOnLeader, type Server } from './service';
import { identifierOf, nameIn, proposedFrom, uuidOf } from './wire';

/** Maximum time a server waits for the rest of an append, in milliseconds. */
const PATIENCE = 2000;

interface Pending {
  readonly stream: string;
  readonly expected: Expectation;
  readonly events: Proposed[];
  readonly timer: NodeJS.Timeout;
}

type BatchCall = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

/** The streaming call of batch appends: many appends, each in one or more parts, answered one by one. */
export function handleBatchAppend(server: Server) {
  return (call: BatchCall): void => {
    const batch = new Batch(server, call);
    call.on('data', (request: BatchAppendReq) => batch.received(request));
    call.on('end', () => {
      batch.close();
      call.end();
    });
    call.on('cancelled', () => batch.close());
    call.on('error', () => batch.close());
  };
}

class Batch {
  private readonly pending = new Map<string, Pending>();
  private over = false;

  constructor(
    private readonly server: Server,
    private readonly call: BatchCall,
  ) {}

  received(request: BatchAppendReq): void {
    const id = request.getCorrelationId()?.getString() ?? '';
    const options = request.getOptions();
    if (options && !this.opened(id, options)) return;
    const append = this.pending.get(id);
    if (!append) return;
    const events = request.getProposedMessagesList().map(proposedFrom);
    append.events.push(...events);
    const refuse = (refusal: Refusal) => this.refuse(id, append.stream, refusal);
    const fault = events.map(faultOf).find(Boolean);
    const heavy = weightOf(append.events) > LARGEST_APPEND;
    // An unreadable event does not remove the append from the server's list: its timeout produces a second answer.
    if (fault === undefined && (heavy || request.getIsFinal())) this.strikeOff(id);
    if (fault !== undefined) refuse(malformed(fault));
    else if (heavy) refuse(tooLarge(LARGEST_APPEND));
    else if (!request.getIsFinal()) return;
    else if (append.stream === '') refuse(malformed("Value cannot be null. (Parameter 'value')"));
    else this.admit(() => this.append(id, append), refuse);
  }

  close(): void {
    this.over = true;
    for (const id of [...this.pending.keys()]) this.strikeOff(id);
  }

  /** Registers an append; false if it is refused at once. */
  private opened(id: string, options: BatchAppendReq.Options): boolean {
    const stream = nameIn(options.getStreamIdentifier());
    const denied = this.server.access.refusal(this.call.metadata, 'write', stream);
    const deadline = options.getDeadline()?.toDate().getTime() ?? Number.POSITIVE_INFINITY;
    const left = Math.min(PATIENCE, deadline - Date.now());
    const refusal = denied ?? (left <= 0 ? timedOut('deadline') : undefined);
    if (refusal) {
      this.refuse(id, stream, refusal);
      return false;
    }
    const expire = () => {
      this.pending.delete(id);
      this.refuse(id, stream, timedOut('the rest of the append did not come'));
    };
    const timer = setTimeout(expire, left).unref();
    this.pending.set(id, { stream, expected: expectationIn(options), events: [], timer });
    return true;
  }

  private admit(pass: () => void, refuse: (refusal: Refusal) => void): void {
    this.server.faults.admit('append', insistsOnLeader(this.call.metadata), pass, refuse);
  }

  private append(id: string, { stream, expected, events }: Pending): void {
    const answer = this.server.appending.append(stream, expected, events);
    if (answer.is === 'refused') this.refuse(id, stream, answer.refusal);
    if (answer.is === 'success') this.server.faults.acknowledge(() => this.answer(id, stream, success(answer)));
  }

  private refuse(id: string, stream: string, refusal: Refusal): void {
    if (this.over) return;
    if (refusal.inBatch) {
      this.answer(id, stream, new BatchAppendResp().setError(asStatus(refusal.inBatch)));
    } else {
      this.close();
      this.call.emit('error', asError(refusal));
    }
  }

  private answer(id: string, stream: string, response: BatchAppendResp): void {
    if (this.over) return;
    response.setCorrelationId(uuidOf(id));
    response.setStreamIdentifier(identifierOf(stream));
    this.call.write(response);
  }

  private strikeOff(id: string): void {
    clearTimeout(this.pending.get(id)?.timer);
    this.pending.delete(id);
  }
}

function expectationIn(options: BatchAppendReq.Options): Expectation {
  if (options.hasStreamPosition()) return Number(options.getStreamPosition());
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : 'any';
}

function success(answer: Extract<Answer, { is: 'success' }>): BatchAppendResp {
  const written = new BatchAppendResp.Success();
  const position = new AllStreamPosition();
  position.setCommitPosition(String(answer.position));
  position.setPreparePosition(String(answer.position));
  if (answer.position === undefined) written.setNoPosition(new Empty());
  else written.setPosition(position);
  if (answer.revision < 0) written.setNoStream(new Empty());
  else written.setCurrentRevision(String(answer.revision));
  return new BatchAppendResp().setSuccess(written);
}
