import type { RecordedEvent } from '../domain/event';
import { canonicalJson } from './canonical';
import { BadNote, parseNote, type Signer, signNote, type Verifier, verifyNote } from './note';
import type { SignedLog } from './reading';
import { dataHashOf, type LogIdentity, metaHashOf, saltOf } from './record';

/**
 * A signed promise that an event will be in the log, given before any checkpoint covers it. If its time has passed and the
 * log does not hold the event, or holds another at its place, the promise is evidence against whoever signed it.
 */

const HEADER = 'palimpsest.invalid/promise@v1';
/** A checkpoint usually follows within seconds; this leaves room for a restart. */
export const PROMISED_MS = 60 * 60 * 1_000;

interface Promised {
  readonly log: string;
  readonly eventId: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly type: string;
  readonly metaHash: string;
  readonly dataHash: string;
  /** ISO 8601, UTC: by then a checkpoint covers the event. */
  readonly notLaterThan: string;
}

export function signPromise(event: RecordedEvent, log: LogIdentity, signers: readonly Signer[], now: number): string {
  const { id, stream, revision, type, metadata, data } = event;
  const promised: Promised = {
    log: log.origin,
    eventId: id,
    stream,
    revision,
    position: event.originalPosition ?? event.position,
    type,
    metaHash: metaHashOf(metadata),
    dataHash: dataHashOf(saltOf(log.saltKey, id), data),
    notLaterThan: new Date(now + PROMISED_MS).toISOString(),
  };
  return signNote(`${HEADER}\n${log.origin}\n${canonicalJson(promised)}\n`, signers);
}

/** Throws BadNote where it is no promise that one of these keys signed. */
function openPromise(text: string, verifiers: readonly Verifier[]): Promised {
  const note = parseNote(text);
  if (verifyNote(note, verifiers).length === 0) throw new BadNote('no known key signed the promise');
  const [header, , json = ''] = note.text.split('\n');
  if (header !== HEADER) throw new BadNote('the note is no promise');
  return JSON.parse(json) as Promised;
}

export interface PromiseState {
  /** `pending`: no checkpoint covers it, and its time has not passed. */
  readonly state: 'kept' | 'pending' | 'broken';
  readonly detail: string;
}

/** What became of a promise. Reads the whole of the signed log, since a broken promise may be anywhere in it. */
export function stateOf(text: string, signed: SignedLog, now: number): PromiseState {
  const promised = openPromise(text, signed.keys.verifiers());
  const { eventId, stream, revision, notLaterThan } = promised;
  for (const [index, entry] of signed.entries().between(0, signed.size)) {
    const record = JSON.parse(entry.toString('utf8')) as Partial<Record<string, unknown>>;
    if (record.stream !== stream || record.revision !== revision) continue;
    const names = ['eventId', 'position', 'type', 'metaHash', 'dataHash'] as const;
    const differing = names.filter((name) => record[name] !== promised[name]);
    if (differing.length === 0) return { state: 'kept', detail: `event ${eventId} is entry ${index} of the log` };
    return {
      state: 'broken',
      detail: `entry ${index} holds another event at revision ${revision} of ${stream}: ${differing.join(', ')} differ`,
    };
  }
  if (now <= Date.parse(notLaterThan))
    return { state: 'pending', detail: `event ${eventId} must be signed by ${notLaterThan}` };
  return {
    state: 'broken',
    detail: `event ${eventId} was to be signed by ${notLaterThan}, and is not among ${signed.size} entries`,
  };
}
