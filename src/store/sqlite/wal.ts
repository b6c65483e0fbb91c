import { closeSync, existsSync, fstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { Unavailable } from '../store';

/** The header's magic number states the byte order of the words that the checksums add up. */
const LITTLE_ENDIAN = 0x377f0682;
const BIG_ENDIAN = 0x377f0683;
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const CHUNK_BYTES = 1024 * 1024;
export interface WalReport {
  readonly path: string;
  /** The header as hex; a different one means that the log was restarted. Empty if there is none. */
  readonly header: string;
  /** Intact transactions before any damage. */
  readonly transactions: number;
  readonly damage?: WalDamage;
}

/**
 * `frame`: the first damaged frame, from 1; 0 is the header. `lost`: transactions from there on; unknown without a
 * header.
 */
export interface WalDamage {
  readonly frame: number;
  readonly lost?: number;
}

/**
 * Reads the write-ahead log of an event file as SQLite does after a crash, and finds committed transactions that SQLite
 * would drop silently because one of their frames, or an earlier one, is damaged. Call it before SQLite opens the file.
 * Frames of an earlier generation and an unfinished last transaction are no damage; a write in progress may look like
 * damage until the next read. Throws Unavailable if the log cannot be read.
 */
export function readWal(file: string): WalReport {
  // SQLite keeps the log beside the file itself, not beside a symbolic link to it.
  const path = `${existsSync(file) ? realpathSync(file) : file}-wal`;
  const nothing = { path, header: '', transactions: 0 };
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return nothing;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const header = Buffer.alloc(HEADER_BYTES);
    if (readSync(descriptor, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return nothing;
    const walked = walk(descriptor, new DataView(header.buffer, header.byteOffset));
    return { path, header: header.toString('hex'), ...walked };
  } catch (error) {
    // The last process to close the file deletes its log.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return nothing;
    throw new Unavailable(`${path} cannot be read (${(error as Error).message})`, { cause: error });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function walk(descriptor: number, header: DataView): Pick<WalReport, 'transactions' | 'damage'> {
  const [magic, page] = [header.getUint32(0), header.getUint32(8)];
  const little = magic === LITTLE_ENDIAN;
  let sum = added([0, 0], header, 0, 24, little);
  const isPageSize = page >= 512 && page <= 65_536 && (page & (page - 1)) === 0;
  if (!(little || magic === BIG_ENDIAN) || !isPageSize || !holds(header, 24, sum)) {
    return { transactions: 0, ...(fstatSync(descriptor).size > HEADER_BYTES && { damage: { frame: 0 } }) };
  }
  const size = FRAME_HEADER_BYTES + page;
  const chunk = Buffer.alloc(Math.floor(CHUNK_BYTES / size) * size);
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
  let [frame, transactions, broken, lost] = [0, 0, 0, 0];
  for (let offset = HEADER_BYTES, bytes = size; bytes >= size; offset += bytes) {
    bytes = readSync(descriptor, chunk, 0, chunk.length, offset);
    bytes -= bytes % size;
    for (let at = 0; at < bytes; at += size) {
      frame += 1;
      const salts = [16, 20].filter((field) => view.getUint32(at + field - 8) === header.getUint32(field)).length;
      let commits = view.getUint32(at + 4) !== 0;
      if (broken === 0) {
        const before = sum;
        const fits = () => {
          sum = added(added(before, view, at, at + 8, little), view, at + FRAME_HEADER_BYTES, at + size, little);
          return holds(view, at + 16, sum);
        };
        if (fits() && salts === 2) {
          if (commits) transactions += 1;
          continue;
        }
        broken = frame;
        commits ||= salts === 2 && wasCommit(view, at + 4, fits);
      }
      // An earlier generation has different salts; damage to one of the two leaves the other equal.
      if (salts > 0 && commits) lost += 1;
    }
  }
  return lost === 0 ? { transactions } : { transactions, damage: { frame: broken, lost } };
}

/** Whether the frame matches its checksum with a different value in the field that marks the end of a transaction. */
function wasCommit(view: DataView, field: number, fits: () => boolean): boolean {
  for (let candidate = 0; candidate < 4 * 256; candidate += 1) {
    view.setUint32(field, 0);
    view.setUint8(field + (candidate >> 8), candidate & 0xff);
    if (fits()) return true;
  }
  return false;
}

/** SQLite's checksum over 32-bit words, continued from that of the preceding bytes. */
function added([a, b]: readonly [number, number], view: DataView, from: number, to: number, little: boolean) {
  let [first, second] = [a, b];
  for (let at = from; at < to; at += 8) {
    first = (first + view.getUint32(at, little) + second) >>> 0;
    second = (second + view.getUint32(at + 4, little) + first) >>> 0;
  }
  return [first, second] as [number, number];
}

function holds(view: DataView, at: number, [first, second]: readonly [number, number]): boolean {
  return view.getUint32(at) === first && view.getUint32(at + 4) === second;
}
