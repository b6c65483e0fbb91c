import { setTimeout as pause } from 'node:timers/promises';
import { type FsckResult, fsck } from '../ledger/fsck';
import { ledgerIn } from '../ledger/ledger';
import { parseNote, vkeyOf } from '../ledger/note';
import { PROMISED_MS, signPromise } from '../ledger/promise';
import type { SignedLog } from '../ledger/reading';
import { saltOf } from '../ledger/record';
import type { ApiDependencies } from './dependencies';
import { wordOf } from './enums';
import { fault } from './errors';

/** How long `waitFor` waits for a checkpoint, and how often it checks. Milliseconds. */
const PATIENCE_MS = 5_000;
const LOOK_EVERY_MS = 50;
/** Maximum number of findings in one answer; `palimpsest ledger fsck` lists all. */
export const MOST_FINDINGS = 20;
/** Maximum number of hashes in one proof: twice the height of the largest tree. */
export const MOST_HASHES = 106;
/** Maximum number of signatures on a checkpoint of this log: its own keys and witnesses. */
export const MOST_SIGNATURES = 32;

const base64 = (hashes: readonly Uint8Array[]): readonly string[] =>
  hashes.map((hash) => Buffer.from(hash).toString('base64'));

/** The latest signed checkpoint, once it covers a position. Throws POSITION_NOT_REACHED. */
export async function signedBehind(
  { ledger, store }: Pick<ApiDependencies, 'ledger' | 'store'>,
  position: string | null | undefined,
): Promise<SignedLog | undefined> {
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const signed = ledger.signed();
    if (position == null || (signed?.lastPosition() ?? '') >= position) return signed;
    // An empty log has no event to cover.
    if (Number(position) === 0) return signed;
    if (waited >= PATIENCE_MS) {
      const head = await store.head();
      const where = head < position ? `the log ends at ${head}` : 'the ledger has not signed it yet';
      throw fault('POSITION_NOT_REACHED', `No checkpoint covers position ${position}: ${where}.`, ['waitFor']);
    }
    await pause(LOOK_EVERY_MS);
  }
}

export function checkpointView(signed: SignedLog) {
  const { checkpoint, events, text, size } = signed;
  const { origin, root, signed: by } = checkpoint;
  const own = new Set(signed.keys.verifiers().map(({ name }) => name));
  const witnesses = parseNote(text).signatures.flatMap(({ name }) => (own.has(name) ? [] : [name]));
  return {
    origin,
    size: String(size),
    events: String(events),
    root: root.toString('base64'),
    position: signed.lastPosition() ?? null,
    text,
    keys: by.map(({ verifier }) => vkeyOf(verifier)),
    witnesses: [...new Set(witnesses)],
    statement:
      witnesses.length === 0
        ? 'Signed by the operator, unwitnessed.'
        : `Signed by the operator and cosigned by ${[...new Set(witnesses)].join(', ')}.`,
  };
}

/** The proof of the event at a position; undefined if the checkpoint does not cover it. */
export function proofView(signed: SignedLog, position: string) {
  const index = signed.indexOf(position);
  if (index === undefined) return undefined;
  const entries = signed.entries();
  const entry = entries.at(index);
  const { eventId } = JSON.parse(entry.toString('utf8')) as { eventId: string };
  return {
    index: String(index),
    record: entry.toString('utf8'),
    salt: saltOf(signed.keys.saltKey, eventId).toString('hex'),
    leafHash: entries.leaf(index).toString('base64'),
    hashes: base64(signed.inclusion(index)),
    file: signed.tlogProof(index),
    checkpoint: checkpointView(signed),
  };
}

/** Null if there is no such event, or no log to promise for yet. */
export async function promiseView({ ledger, store }: Pick<ApiDependencies, 'ledger' | 'store'>, position: string) {
  const signed = ledger.signed();
  if (signed === undefined || Number(position) === 0) return null;
  const before = (BigInt(position) - 1n).toString().padStart(position.length, '0');
  for await (const [event] of store.readAll({ after: before, limit: 1 })) {
    if (event?.position !== position) return null;
    const now = Date.now();
    const text = signPromise(event, signed.keys, signed.keys.signers(), now);
    return { text, notLaterThan: new Date(now + PROMISED_MS).toISOString() };
  }
  return null;
}

/** Throws BAD_USER_INPUT for a size that the log never had. */
export function consistencyView(signed: SignedLog | undefined, from: string, to: string | null | undefined) {
  const size = signed?.size ?? 0;
  const [first, second] = [Number(from), to == null ? size : Number(to)];
  if (signed === undefined || !(first >= 1 && first <= size)) {
    throw fault('BAD_USER_INPUT', `from must be a size from 1 to ${size}, not ${from}.`, ['from']);
  }
  if (!(second >= first && second <= size)) {
    throw fault('BAD_USER_INPUT', `to must be a size from ${first} to ${size}, not ${to}.`, ['to']);
  }
  return { from: String(first), to: String(second), hashes: base64(signed.consistency(first, second)) };
}

export function verificationView(result: FsckResult, signed: SignedLog) {
  const { ok, size, events, intactEvents, intactUpTo, unsigned, findings } = result;
  return {
    ok,
    size: String(size),
    events: String(events),
    intactEvents: String(intactEvents),
    intactUpTo: intactUpTo ?? null,
    unsigned: String(unsigned),
    findings: findings.slice(0, MOST_FINDINGS).map(({ code, index, detail }) => ({
      code: wordOf(code),
      index: index === undefined ? null : String(index),
      detail,
    })),
    checkpoint: checkpointView(signed),
  };
}

/** Compares every event with what was signed. It reads the whole log, so concurrent callers share one answer. */
export class Verifying {
  private underWay: Promise<FsckResult | undefined> | undefined;

  constructor(private readonly door: Pick<ApiDependencies, 'store' | 'config'>) {}

  verify(kept: string | null | undefined): Promise<FsckResult | undefined> {
    const { store, config } = this.door;
    const ledger = ledgerIn(config.dataDir);
    if (kept != null) return fsck({ store, ledger, kept: [kept] });
    this.underWay ??= fsck({ store, ledger }).finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }
}
