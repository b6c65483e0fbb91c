import { once } from 'node:events';
import { copyFileSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { place } from '../../../test/store/embedded';
import { events, idsOf, newStream, whole } from '../../../test/store/given';
import { bundle } from '../../../test/support/bundle';
import { openSqliteStore } from './adapter';
import { openDatabase } from './driver';
import { readWal } from './wal';

const PAGE = 4_096;
const FRAME = 24 + PAGE;

let home: ReturnType<typeof place>;
beforeEach(() => {
  home = place();
});
afterEach(() => home.remove());

const wal = () => `${home.file}-wal`;
const frames = () => (statSync(wal()).size - 32) / FRAME;
const field = (frame: number, at: number) => readFileSync(wal()).readUInt32BE(32 + (frame - 1) * FRAME + at);
const isCommit = (frame: number) => field(frame, 4) !== 0;

/** Leaves an event file and its log in the state after transactions of this many events. */
async function written(...transactions: readonly number[]): Promise<void> {
  const other = place();
  const store = openSqliteStore(other.file, { synchronous: 'OFF' });
  for (const count of transactions) await store.append(newStream(), 'none', events(count));
  for (const end of ['', '-wal']) copyFileSync(other.file + end, home.file + end);
  await store.close();
  other.remove();
}

/** Ids of the events that SQLite still returns from a copy. */
async function idsLeft(bytes: Buffer): Promise<readonly string[]> {
  const other = place();
  copyFileSync(home.file, other.file);
  writeFileSync(`${other.file}-wal`, bytes);
  const store = openSqliteStore(other.file);
  const ids = idsOf(await whole(store.readAll()));
  await store.close();
  other.remove();
  return ids;
}

test('a log left by a killed writer is whole', async () => {
  const program = await bundle(join(__dirname, '..', '..', '..', 'test', 'store', 'writer-program.ts'));
  const child = program.run(home.file, '8', '0');
  let lines = 0;
  for await (const _line of createInterface({ input: child.stdout! })) {
    lines += 1;
    if (lines === 60) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  program.remove();
  // The kill may fall between the header of a frame and its page, which is then the last; nothing before it is damaged.
  const { damage, transactions } = readWal(home.file);
  expect(transactions).toBeGreaterThan(3);
  expect(damage?.frame ?? frames()).toBeGreaterThanOrEqual(Math.floor(frames()));
});

test('every changed byte of a header is found, and every hundredth of the pages', async () => {
  await written(1, 2, 5, 3);
  const intact = readFileSync(wal());
  const transactions = Array.from({ length: frames() }, (_, index) => isCommit(index + 1)).filter(Boolean).length;
  expect(readWal(home.file)).toEqual({ path: wal(), header: intact.toString('hex', 0, 32), transactions });
  for (let at = 0; at < intact.length; at += 1) {
    const place = at < 32 ? 0 : (at - 32) % FRAME;
    if (at >= 32 && place >= 24 && place % 100 !== 0) continue;
    const bytes = Buffer.from(intact);
    bytes[at]! ^= 1 + (at % 255);
    writeFileSync(wal(), bytes);
    const frame = at < 32 ? 0 : 1 + Math.floor((at - 32) / FRAME);
    if (readWal(home.file).damage?.frame !== frame) throw new Error(`byte ${at} is changed, and nothing is said`);
  }
});

test('a last frame that no longer marks the end of a transaction is found by its checksum', async () => {
  await written(1, 2);
  const bytes = readFileSync(wal());
  bytes.writeUInt32BE(0, bytes.length - FRAME + 4);
  writeFileSync(wal(), bytes);
  expect(readWal(home.file).damage).toEqual({ frame: frames(), lost: 1 });
});

test('SQLite drops exactly as many transactions as reported', async () => {
  await written(1, 1, 1, 1, 1, 1);
  const intact = readFileSync(wal());
  const all = await idsLeft(intact);
  expect(all).toHaveLength(6);
  const ends = Array.from({ length: frames() }, (_, index) => index + 1).filter(isCommit);
  const second = ends.at(-2)!;
  intact[32 + (second - 1) * FRAME + 24 + 1_000]! ^= 4;
  writeFileSync(wal(), intact);
  expect(readWal(home.file)).toMatchObject({ transactions: ends.length - 2, damage: { frame: second, lost: 2 } });
  expect(await idsLeft(intact)).toEqual(all.slice(0, 4));
});

test('a missing or empty log, and one with only a header, damaged or not, is no damage', async () => {
  const nothing = { path: wal(), header: '', transactions: 0 };
  expect(readWal(home.file)).toEqual(nothing);
  for (const bytes of [0, 7, 31]) {
    writeFileSync(wal(), Buffer.alloc(bytes, 1));
    expect(readWal(home.file)).toEqual(nothing);
  }
  writeFileSync(wal(), Buffer.alloc(32));
  expect(readWal(home.file).damage).toBeUndefined();
  writeFileSync(wal(), Buffer.alloc(33));
  expect(readWal(home.file).damage).toEqual({ frame: 0 });
});

test('frames of an earlier generation after those of this one are no damage', async () => {
  const store = openSqliteStore(home.file, { synchronous: 'OFF' });
  for (let count = 1; count < 9; count += 1) await store.append(newStream(), 'none', events(count));
  const database = openDatabase(home.file, { busyTimeoutMs: 1_000 });
  database.exec('PRAGMA wal_checkpoint(RESTART)');
  await store.append(newStream(), 'none', events(1));
  const salts = new Set(Array.from({ length: frames() }, (_, index) => field(index + 1, 8)));
  expect(salts.size).toBe(2);
  const report = readWal(home.file);
  expect(report).toEqual({ path: wal(), header: expect.any(String), transactions: 1 });
  database.close();
  await store.close();
});

test('an unfinished transaction at the end, torn or damaged, is no damage', async () => {
  await written(1, 1, 300);
  const ends = Array.from({ length: frames() }, (_, index) => index + 1).filter(isCommit);
  expect(ends.at(-1)! - ends.at(-2)!).toBeGreaterThan(3);
  const transactions = ends.length - 1;
  truncateSync(wal(), 32 + frames() * FRAME - 10);
  expect(readWal(home.file)).toEqual({ path: wal(), header: expect.any(String), transactions });
  truncateSync(wal(), 32 + (ends.at(-1)! - 1) * FRAME);
  const bytes = readFileSync(wal());
  bytes[bytes.length - FRAME - 5]! ^= 1;
  writeFileSync(wal(), bytes);
  expect(readWal(home.file)).toEqual({ path: wal(), header: expect.any(String), transactions });
});

test('the log is beside the file that a link names', async () => {
  await written(1);
  const link = join(home.directory, 'link.sqlite');
  symlinkSync(home.file, link);
  expect(readWal(link)).toMatchObject({ path: wal(), transactions: expect.any(Number) });
  expect(readWal(link).transactions).toBeGreaterThan(0);
});
