import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import { auditFile } from '../../src/store/sqlite/audit';
import { openDatabase } from '../../src/store/sqlite/driver';
import { Unavailable } from '../../src/store/store';
import { place } from './embedded';
import { event, events, newStream, outcome, whole } from './given';

const PAGE = 4_096;
/** The first byte of a page with rows of a table. */
const TABLE_LEAF = 13;

describe('the event file', () => {
  let home: ReturnType<typeof place>;
  beforeEach(() => {
    home = place();
  });
  afterEach(() => home.remove());

  /** Runs SQL on the file like a person with a SQLite shell. */
  function byHand(sql: string): void {
    const database = openDatabase(home.file, { busyTimeoutMs: 1_000 });
    try {
      database.exec(sql);
    } finally {
      database.close();
    }
  }

  async function filled(count: number): Promise<void> {
    const store = openSqliteStore(home.file);
    await store.append(newStream(), 'none', events(count));
    await store.close();
  }

  test.each([
    ['changing an event', "UPDATE event SET data = '{}'"],
    ['deleting an event', 'DELETE FROM event'],
    ['renaming a stream', "UPDATE stream SET category = 'other'"],
    ['deleting a stream', 'DELETE FROM stream'],
    ['changing a word', "UPDATE word SET text = '{}'"],
    ['deleting a word', 'DELETE FROM word'],
  ])('refuses %s, even by hand', async (_case, sql) => {
    await filled(2);
    expect(() => byHand(sql)).toThrow(/refused: what happened never changes/);
  });

  test.each([
    ['in the place of another', 'position, stream, revision'],
    ['before the end of its stream', '(SELECT max(position) FROM event) + 1, stream, revision'],
    ['beyond the next position', '(SELECT max(position) FROM event) + 2, stream, revision + 10'],
  ])('refuses an event %s, even by hand', async (_case, place) => {
    await filled(2);
    const columns = 'kind, who, recorded, occurred, ids, extra, data, sum';
    expect(() => byHand(`INSERT OR REPLACE INTO event SELECT ${place}, ${columns} FROM event LIMIT 1`)).toThrow(
      /can only be added at the end/,
    );
  });

  test('can be read with a SQLite shell', async () => {
    const store = openSqliteStore(home.file, { clock: () => Date.UTC(2026, 4, 1) });
    const [stream, one] = [newStream(), event()];
    await store.append(stream, 'none', [one]);
    await store.close();
    const database = openDatabase(home.file);
    expect({ ...database.prepare('SELECT * FROM log').get() }).toEqual({
      position: 1,
      stream,
      revision: 0,
      type: one.type,
      id: one.id,
      recorded_at: '2026-05-01T00:00:00.000Z',
      occurred_at: one.metadata.occurredAt,
      actor: one.metadata.actorId,
      tool: one.metadata.tool,
      command: one.metadata.commandId,
      data: JSON.stringify(one.data),
      extra: null,
    });
    database.close();
  });

  test('of the first format, without checksums, is read as it is and upgraded by a writer', async () => {
    const stream = newStream();
    const store = openSqliteStore(home.file);
    await store.append(stream, 'none', events(3));
    const before = await whole(store.readStream(stream));
    await store.close();
    byHand('ALTER TABLE event DROP COLUMN sum; PRAGMA user_version = 1');
    const format = () => {
      const database = openDatabase(home.file, { readOnly: true });
      const row = database.prepareArrays<[number]>('PRAGMA user_version').get();
      database.close();
      return row?.[0];
    };
    const reader = openSqliteStore(home.file, { readOnly: true });
    expect(await whole(reader.readStream(stream))).toEqual(before);
    await reader.close();
    expect(format()).toBe(1);
    const writer = openSqliteStore(home.file);
    await writer.append(stream, 2, events(2));
    expect((await whole(writer.readStream(stream))).slice(0, 3)).toEqual(before);
    await writer.close();
    expect(format()).toBe(2);
    expect(auditFile(home.file)).toMatchObject({ events: 5, withoutSum: 3, faults: [] });
  });

  test('of a newer program is refused, naming its format', async () => {
    await filled(1);
    byHand('PRAGMA user_version = 9');
    expect(() => openSqliteStore(home.file)).toThrow(Unavailable);
    expect(() => openSqliteStore(home.file)).toThrow(`${home.file} has event file format 9`);
  });

  test.each([
    ['none', 'PRAGMA user_version = 0'],
    ['an older one', 'PRAGMA user_version = 1'],
    ['one below zero', 'PRAGMA user_version = -1'],
    ['one whose tables are gone', 'DROP TABLE event'],
  ])('whose header names a format other than that of its tables is damaged: %s', async (_what, sql) => {
    await filled(1);
    byHand(sql);
    for (const readOnly of [false, true]) {
      expect(() => openSqliteStore(home.file, { readOnly })).toThrow(Unavailable);
      expect(() => openSqliteStore(home.file, { readOnly })).toThrow(
        `${home.file} is damaged (its header names format`,
      );
    }
  });

  test('with rows in the wrong order is damaged, and a read of it ends', async () => {
    const store = openSqliteStore(home.file);
    const stream = newStream();
    for (let revision = -1; revision < 399; revision += 100) {
      await store.append(stream, revision < 0 ? 'none' : revision, events(100));
    }
    await store.close();
    const bytes = readFileSync(home.file);
    // Two leaf pages of the event table, each intact, swap places.
    const leaves = Array.from({ length: bytes.length / PAGE }, (_, page) => page).filter(
      (page) => bytes[page * PAGE] === TABLE_LEAF && bytes.readUInt16BE(page * PAGE + 3) > 2,
    );
    const [first, last] = [leaves[1]! * PAGE, leaves.at(-1)! * PAGE];
    const kept = Buffer.from(bytes.subarray(first, first + PAGE));
    bytes.copy(bytes, first, last, last + PAGE);
    kept.copy(bytes, last);
    writeFileSync(home.file, bytes);
    expect(auditFile(home.file).faults.join()).toMatch(/follows a later one/);
    const reader = openSqliteStore(home.file, { readOnly: true });
    await expect(whole(reader.readAll())).rejects.toThrow(/is damaged \((an event of position|nothing can be read)/);
    await reader.close();
  });

  test('that is a named pipe is refused without blocking', () => {
    execFileSync('mkfifo', [home.file]);
    for (const readOnly of [false, true]) {
      expect(() => openSqliteStore(home.file, { readOnly })).toThrow(`${home.file} cannot be opened`);
    }
  });

  test('is not made from the database of another program', () => {
    byHand('CREATE TABLE customers (name TEXT)');
    expect(() => openSqliteStore(home.file)).toThrow(`${home.file} is a database of another program`);
  });

  test('is not made from a file that is not a database', () => {
    writeFileSync(home.file, 'once upon a time '.repeat(1_000));
    expect(() => openSqliteStore(home.file)).toThrow(Unavailable);
    expect(() => openSqliteStore(home.file)).toThrow(`${home.file} is not a SQLite database`);
  });

  test('reports a missing directory, or a directory in its place', () => {
    const missing = join(home.directory, 'nowhere', 'events.sqlite');
    expect(() => openSqliteStore(missing)).toThrow(`${missing} cannot be opened`);
    mkdirSync(home.file);
    expect(() => openSqliteStore(home.file)).toThrow(`${home.file} cannot be opened`);
  });

  test('is reported as damaged if a page of it is overwritten', async () => {
    await filled(800);
    const pages = Math.floor(statSync(home.file).size / 4_096);
    const descriptor = openSync(home.file, 'r+');
    for (let page = 2; page < pages; page += 1)
      writeSync(descriptor, Buffer.alloc(4_096, 0xee), 0, 4_096, page * 4_096);
    closeSync(descriptor);
    const read = async () => {
      const store = openSqliteStore(home.file);
      await whole(store.readAll()).finally(() => store.close());
    };
    await expect(read()).rejects.toThrow(Unavailable);
    await expect(read()).rejects.toThrow(`${home.file} is damaged`);
  });

  test('is reported as damaged if pages in its middle are overwritten', async () => {
    await filled(800);
    const middle = Math.floor(statSync(home.file).size / 8_192);
    const descriptor = openSync(home.file, 'r+');
    for (let page = middle; page < middle + 3; page += 1)
      writeSync(descriptor, Buffer.alloc(4_096, 0xee), 0, 4_096, page * 4_096);
    closeSync(descriptor);
    const store = openSqliteStore(home.file);
    const read = whole(store.readAll()).finally(() => store.close());
    await expect(read).rejects.toMatchObject({ name: 'Unavailable', message: expect.stringContaining('is damaged') });
    await expect(read).rejects.toThrow(home.file);
  });

  test('is reported as damaged, with the position, if an event in it is truncated', async () => {
    await filled(3);
    byHand(`DROP TRIGGER event_never_update; UPDATE event SET data = substr(data, 1, 5) WHERE position = 2`);
    const store = openSqliteStore(home.file);
    const read = whole(store.readAll()).finally(() => store.close());
    await expect(read).rejects.toThrow(Unavailable);
    await expect(read).rejects.toThrow(`${home.file} is damaged (the event at ${'2'.padStart(20, '0')} is not JSON)`);
  });

  test('can be opened read-only, and then accepts no event', async () => {
    await filled(3);
    const store = openSqliteStore(home.file, { readOnly: true });
    expect(await whole(store.readAll())).toHaveLength(3);
    await expect(store.append(newStream(), 'none', events(1))).rejects.toThrow(Unavailable);
    await store.close();
  });

  test('refuses an append while another process holds the lock for too long, and accepts it afterwards', async () => {
    const store = openSqliteStore(home.file, { lockTimeoutMs: 30 });
    const other = openDatabase(home.file);
    other.exec('BEGIN IMMEDIATE');
    const [stream, batch] = [newStream(), events(2)];
    await expect(store.append(stream, 'none', batch)).rejects.toThrow(`${home.file} has been locked`);
    other.rollback();
    expect((await store.append(stream, 'none', batch)).revision).toBe(1);
    other.close();
    await store.close();
  });

  test('accepts appends in the order of the calls, and closes after the last is answered', async () => {
    const store = openSqliteStore(home.file);
    const asked = Array.from({ length: 50 }, () => store.append(newStream(), 'none', events(2)));
    const closed = store.close();
    const positions = (await Promise.all(asked)).map(({ position }) => Number(position));
    expect(positions).toEqual(Array.from({ length: 50 }, (_, index) => (index + 1) * 2));
    await closed;
    expect(await outcome(store.append(newStream(), 'none', events(1)))).toEqual({ error: 'Unavailable' });
    expect(await outcome(store.head())).toEqual({ error: 'Unavailable' });
  });
});
