import { crc32 } from 'node:zlib';
import type { SqlValue } from './driver';

/**
 * A checksum over the whole row of an event. The event id covers what the event says; this also covers what the store
 * adds (position, revision, `recordedAt`), so that a changed bit is detected. CRC-32 detects every burst of up to 32
 * bits, but is no proof against deliberate changes; the ledger is.
 */
export function sumOf(row: readonly SqlValue[]): number {
  const [position, stream, revision, kind, who, recorded, occurred, ids, extra, data] = row;
  const [more, json] = [(extra as string | null) ?? '', data as string];
  // With the lengths, so that content cannot move from one column to the next unnoticed.
  const numbers = `${position},${stream},${revision},${kind},${who},${recorded},${occurred},${(ids as Uint8Array).length},${more.length},${json.length}`;
  const sum = crc32(json, crc32(more, crc32(ids as Uint8Array, crc32(numbers))));
  // SQLite stores a signed 32-bit number in four bytes.
  return sum | 0;
}
