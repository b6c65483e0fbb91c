import { once } from 'node:events';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { directories, json, palimpsest } from '../../../test/cli/palimpsest';
import { place } from '../../../test/store/embedded';
import { bundle } from '../../../test/support/bundle';
import { loadConfig } from '../../config/config';
import { Random } from '../../connectors/simulation/random';
import { openSqliteStore } from '../../store/sqlite/adapter';
import { openDatabase } from '../../store/sqlite/driver';
import { examine } from './doctor';
import { checkWal } from './walcheck';

jest.setTimeout(180_000);

const places = directories();
afterAll(() => places.remove());

/** A pause that does not wait. */
const never = () => Promise.reject(new Error('nothing is in doubt'));

let data: string;
let file: string;
let tables: string;
let parts: readonly [file: Buffer, log: Buffer];

/** A log of real events that are only in the write-ahead log, some dozens per transaction. */
beforeAll(async () => {
  const source = places.fresh();
  await json(['simulate', '--assets', '10', '--seed', '5', '--data', source]);
  await json(['tables', 'hash', '--data', source]);
  const open = join(places.fresh(), 'events.sqlite');
  await openSqliteStore(open).close();
  const database = openDatabase(open);
  database.exec(`ATTACH '${join(source, 'events.sqlite')}' AS source; INSERT INTO word SELECT * FROM source.word;
    INSERT INTO stream SELECT * FROM source.stream`);
  const [count = 0] = database.prepareArrays<[number]>('SELECT count(*) FROM source.event').get()!;
  for (let from = 0; from < count; from += 30) {
    database.exec(`INSERT INTO event SELECT * FROM source.event WHERE position > ${from} ORDER BY position LIMIT 30`);
  }
  parts = [readFileSync(open), readFileSync(`${open}-wal`)];
  tables = join(source, 'tables.sqlite');
  database.close();
  data = places.fresh();
  file = join(data, 'events.sqlite');
});

/** Puts the event file there with this log and the tables of its events, and nothing else. */
function put(log: Buffer, directory = data): void {
  for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
  copyFileSync(tables, join(directory, 'tables.sqlite'));
  writeFileSync(join(directory, 'events.sqlite'), parts[0]);
  writeFileSync(join(directory, 'events.sqlite-wal'), log);
}

/** What SQLite makes of the file and its log, determined without this program's reader. */
function dump(log: Buffer): string {
  const directory = places.fresh();
  put(log, directory);
  const database = openDatabase(join(directory, 'events.sqlite'));
  try {
    const tables = ['event', 'stream', 'word'].map((table) => database.prepare(`SELECT * FROM ${table}`).all());
    return JSON.stringify(tables, (_key, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString() : value,
    );
  } catch (error) {
    return (error as Error).message;
  } finally {
    database.close();
  }
}

const flipped = (at: number, mask: number): Buffer => {
  const log = Buffer.from(parts[1]);
  log[at]! ^= mask;
  return log;
};

test('a whole log passes, and so does none', async () => {
  put(parts[1]);
  // Ends with 0, or this fails.
  const { checks } = await json<{ checks: readonly object[] }>(['doctor', '--data', data]);
  expect(checks).toContainEqual(expect.objectContaining({ name: 'write-ahead log', ok: true }));
  expect(readFileSync(`${file}-wal`)).toEqual(parts[1]);
  rmSync(`${file}-wal`);
  expect(await checkWal(file, never)).toMatchObject({ ok: true, detail: 'empty' });
  writeFileSync(`${file}-wal`, '');
  expect(await checkWal(file, never)).toMatchObject({ ok: true, detail: 'empty' });
});

test('a log with a changed random byte never passes if events are lost', async () => {
  const random = new Random(7, 1);
  const intact = dump(parts[1]);
  let altered = 0;
  for (let flip = 0; flip < 60; flip += 1) {
    // Every tenth change is in the header of the log or of its first frame.
    const at = random.whole(0, (flip % 10 === 0 ? 56 : parts[1].length) - 1);
    const log = flipped(at, random.whole(1, 255));
    if (dump(log) !== intact) altered += 1;
    put(log);
    const checks = await examine(loadConfig({ data }, {}));
    const said = checks.find(({ name }) => name === 'write-ahead log');
    if (said?.ok !== false) throw new Error(`byte ${at} of the log is changed, and doctor is content`);
    // Doctor changes nothing, so the damage can still be examined.
    expect(readFileSync(`${file}-wal`).equals(log)).toBe(true);
  }
  expect(altered).toBeGreaterThan(40);
});

test('damage is reported with exit code 1, each time', async () => {
  put(flipped(Math.floor(parts[1].length * 0.7), 32));
  for (let time = 0; time < 2; time += 1) {
    const { code, stdout } = await palimpsest(['doctor', '--data', data]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /BAD {2}write-ahead log .*events\.sqlite-wal is damaged at frame \d+, after \d+ transactions/,
    );
    expect(stdout).toMatch(/→ Keep a copy of events\.sqlite and its -wal file first/);
  }
});

test('damage that is gone at the next reading was a write in progress', async () => {
  put(flipped(parts[1].length - 100, 1));
  let pauses = 0;
  const mended = async () => {
    pauses += 1;
    if (pauses === 2) put(parts[1]);
  };
  expect(await checkWal(file, mended)).toMatchObject({ ok: true });
  expect(pauses).toBe(2);
  put(flipped(parts[1].length - 100, 1));
  expect(await checkWal(file, async () => put(flipped(5_000, 1)))).toMatchObject({ ok: true });
  put(flipped(5_000, 1));
  expect(await checkWal(file, async () => undefined)).toMatchObject({ ok: false });
});

test('a log that is being written, and restarted when it is full, always passes', async () => {
  const home = place();
  const program = await bundle(join(__dirname, '..', '..', '..', 'test', 'store', 'writer-program.ts'));
  const child = program.run(home.file, '6', '0');
  const lines = createInterface({ input: child.stdout! });
  await once(lines, 'line');
  // Between two readings of one check the writer has written something, as it does in a pause.
  const goesOn = async () => void (await once(lines, 'line'));
  const headers = new Set<string>();
  for (let checks = 0; checks < 200 || headers.size < 2; checks += 1) {
    expect(await checkWal(home.file, goesOn)).toMatchObject({ ok: true });
    headers.add(readFileSync(`${home.file}-wal`).toString('hex', 0, 32));
    await new Promise(setImmediate);
  }
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  await ended;
  program.remove();
  home.remove();
});
