import { readFileSync } from 'node:fs';
import { LedgerDamaged, type LedgerDirectory } from './directory';
import { Entries } from './entries';
import { HASH_BYTES, leafHash } from './hash';
import { HeadsMap, keyOfStream } from './headsmap';
import { type EventRecord, HEADS_EVERY, type HeadsRecord, indexOfEvent, isHeads } from './record';

/**
 * A cached copy of the map of stream heads, which saves reading every entry. It only repeats the entries: if it is
 * missing or does not have the committed root, the entries are read.
 */

const ROW_BYTES = HASH_BYTES + 8 + HASH_BYTES;

export function packHeads(events: number, heads: HeadsMap): Buffer {
  const bytes = Buffer.alloc(8 + heads.size * ROW_BYTES);
  bytes.writeBigUInt64BE(BigInt(events));
  let at = 8;
  for (const { key, revision, leaf } of heads.all()) {
    key.copy(bytes, at);
    bytes.writeBigUInt64BE(BigInt(revision), at + HASH_BYTES);
    leaf.copy(bytes, at + HASH_BYTES + 8);
    at += ROW_BYTES;
  }
  return bytes;
}

function unpackHeads(bytes: Buffer): { readonly events: number; readonly heads: HeadsMap } | undefined {
  if (bytes.length < 8 || (bytes.length - 8) % ROW_BYTES !== 0) return undefined;
  const heads = new HeadsMap();
  for (let at = 8; at < bytes.length; at += ROW_BYTES) {
    const key = Buffer.from(bytes.subarray(at, at + HASH_BYTES));
    const revision = Number(bytes.readBigUInt64BE(at + HASH_BYTES));
    heads.set({ key, revision, leaf: Buffer.from(bytes.subarray(at + HASH_BYTES + 8, at + ROW_BYTES)) });
  }
  return { events: Number(bytes.readBigUInt64BE()), heads };
}

/** The heads of all streams after the first `events` events of a tree of this size. Throws LedgerDamaged. */
export function headsAfter(directory: LedgerDirectory, file: string, events: number, size: number): HeadsMap {
  const kept = keptIn(directory, file, events, size);
  const heads = kept?.heads ?? new HeadsMap();
  const from = kept === undefined || kept.events === 0 ? 0 : indexOfEvent(kept.events - 1) + 2;
  const to = events === 0 ? 0 : indexOfEvent(events - 1) + 1;
  for (const [index, entry] of new Entries(directory, size).between(from, Math.min(size, to))) {
    if (isHeads(index)) {
      const { root } = JSON.parse(entry.toString('utf8')) as HeadsRecord;
      if (root === heads.root().toString('hex')) continue;
      throw new LedgerDamaged(
        `entry ${index} of the ledger commits to other heads of streams than the entries before it`,
      );
    }
    const { stream, revision } = JSON.parse(entry.toString('utf8')) as EventRecord;
    heads.set({ key: keyOfStream(stream), revision, leaf: leafHash(entry) });
  }
  return heads;
}

function keptIn(directory: LedgerDirectory, file: string, most: number, size: number) {
  let kept: ReturnType<typeof unpackHeads>;
  try {
    kept = unpackHeads(readFileSync(file));
  } catch {
    return undefined;
  }
  if (kept === undefined || kept.events === 0 || kept.events > most || kept.events % HEADS_EVERY !== 0)
    return undefined;
  const index = indexOfEvent(kept.events - 1) + 1;
  if (index >= size) return undefined;
  const { root } = new Entries(directory, size).record(index) as HeadsRecord;
  return root === kept.heads.root().toString('hex') ? kept : undefined;
}
