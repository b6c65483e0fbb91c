import { crc32 } from 'node:zlib';
import type { SqlValue } from './driver';

/**
 * A check sum over everything the row of an event holds. The id of an event covers what the event says; this covers what
 * the store adds to it as well (position, revision, `recordedAt`), so that no bit of a row changes unnoticed. CRC-32 finds
 * every change within 32 bits, and it is no proof against somebody who wants to change a row: that is the ledger's task.
 */
export function sumOf(row: readonly SqlValue[]): number {
  const [position, stream, revision, kind, who, recorded, occurred, ids, extra, data] = row;
  const [more, json] = [(extra as string | null) ?? '', data as string];
  // With the lengths, so that nothing moves from one column to the next.
  const numbers = `${position},${stream},${revision},${kind},${who},${recorded},${occurred},${(ids as Uint8Array).length},${more.length},${json.length}`;
  const sum = crc32(json, crc32(more, crc32(ids as Uint8Array, crc32(numbers))));
  // As a signed number SQLite keeps it in four bytes.
  return sum | 0;
}
