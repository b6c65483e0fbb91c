import { readWal, type WalReport } from '../../store/sqlite/wal';
import type { Check } from './check';

/** A writer may be in the middle of a frame, so only what several readings agree on is damage. */
const READINGS = 3;
const ADVICE =
  'Keep a copy of events.sqlite and its -wal file first; then stop the server and restore both from the last backup or ' +
  'another copy. SQLite cannot read the events after the damage, although they were acknowledged, and the next write ' +
  'replaces them. After a power cut or a kill during a write, the damage may be a transaction that was never ' +
  'acknowledged; then nothing is lost';

/**
 * Whether SQLite will read everything in the write-ahead log of an event file. Call it before SQLite opens the file.
 * `pause` lets writers proceed between two readings. Throws Unavailable if the log cannot be read.
 */
export async function checkWal(file: string, pause: () => Promise<void>): Promise<Check> {
  const first = readWal(file);
  let report = first;
  for (let readings = 1; isSame(report, first) && report.damage !== undefined; readings += 1) {
    if (readings === READINGS) return bad(report);
    await pause();
    report = readWal(file);
  }
  const detail = report.header === '' ? 'empty' : `${report.path} is whole, ${report.transactions} transactions`;
  return { name: 'write-ahead log', ok: true, detail, advice: '' };
}

function isSame(one: WalReport, other: WalReport): boolean {
  return one.header === other.header && one.damage?.frame === other.damage?.frame;
}

function bad({ path, transactions, damage }: WalReport): Check {
  const lost = damage?.lost === undefined ? 'all transactions in it' : `${damage.lost} transactions from there on`;
  const where = damage?.frame === 0 ? 'in its header' : `at frame ${damage?.frame}, after ${transactions} transactions`;
  const detail = `${path} is damaged ${where}: SQLite leaves out ${lost} without saying so`;
  return { name: 'write-ahead log', ok: false, detail, advice: ADVICE };
}
