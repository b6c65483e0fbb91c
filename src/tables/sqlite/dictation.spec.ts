import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Database, faultOf, openDatabase, type SqlValue } from '../../store/sqlite/driver';
import { Company, Dictation } from './dictation';

let directory: string;
let file: string;
let db: Database;
let dictation: Dictation;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-'));
  file = join(directory, 'tables.sqlite');
  db = openDatabase(file, { synchronous: 'OFF' });
  for (const name of ['told', 'run']) db.exec(`CREATE TABLE ${name} (id INTEGER PRIMARY KEY, a, b TEXT, c INTEGER)`);
  dictation = new Dictation(file, ['PRAGMA synchronous = OFF']);
});

afterEach(async () => {
  await dictation.close();
  db.close();
  rmSync(directory, { recursive: true });
});

const into = (name: string) => `INSERT INTO ${name} (a, b, c) VALUES (?, ?, ?)`;
const rowsOf = (name: string) =>
  db.prepareArrays(`SELECT typeof(a), hex(a), typeof(b), hex(b), typeof(c), hex(c) FROM ${name} ORDER BY id`).all();
const commit = () => {
  dictation.prepare('COMMIT').run();
  return dictation.reached(dictation.send());
};

it('writes every value as the connection of this thread would', async () => {
  const value = fc.oneof<fc.Arbitrary<SqlValue>[]>(
    fc.constant(null),
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true }),
    fc.maxSafeInteger(),
    fc.uint8Array(),
  );
  const rows = fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 50 });
  const law = fc.asyncProperty(rows, async (some) => {
    db.exec('DELETE FROM told; DELETE FROM run');
    const telling = new Dictation(file, []);
    telling.begin();
    for (const row of some) telling.prepare(into('told')).run(...row);
    telling.prepare('COMMIT').run();
    await telling.reached(telling.send());
    await telling.close();
    for (const row of some) db.prepare(into('run')).run(...row);
    expect(rowsOf('told')).toEqual(rowsOf('run'));
  });
  await fc.assert(law, { numRuns: 25 });
});

it('goes on from sheet to sheet in the middle of a statement, in order', async () => {
  const rows = Array.from({ length: 20_000 }, (_, n) => [n, `text ${n}`, Buffer.alloc(24, n)] as const);
  dictation.begin();
  for (const row of rows) dictation.prepare(into('told')).run(...row);
  await commit();
  const told = db.prepareArrays<readonly SqlValue[]>('SELECT a, b, hex(c) FROM told ORDER BY id').all();
  expect(told).toHaveLength(rows.length);
  expect(
    told.every(
      ([a, b, c], n) => a === n && b === `text ${n}` && c === Buffer.alloc(24, n).toString('hex').toUpperCase(),
    ),
  ).toBe(true);
});

it('prepares a statement when its turn comes, so that it may be about what was made before it', async () => {
  dictation.begin();
  dictation.prepare('CREATE TABLE later (a)').run();
  dictation.prepare('INSERT INTO later VALUES (?)').run('there');
  await commit();
  expect(db.prepare('SELECT a FROM later').get()).toMatchObject({ a: 'there' });
});

it('keeps nothing of a transaction in which something fails, says what, and does nothing that comes behind', async () => {
  dictation.begin();
  dictation.prepare('INSERT INTO told (id, a) VALUES (?, ?)').run(1, 'kept');
  await commit();
  dictation.begin();
  dictation.prepare('INSERT INTO told (id, a) VALUES (?, ?)').run(2, 'lost');
  dictation.prepare('INSERT INTO told (id, a) VALUES (?, ?)').run(1, 'there already');
  const mark = dictation.send();
  dictation.prepare('INSERT INTO told (id, a) VALUES (?, ?)').run(3, 'behind');
  const behind = commit();
  await expect(dictation.reached(mark).catch((error) => faultOf(error))).resolves.toBe('constraint');
  await expect(behind).rejects.toThrow('UNIQUE');
  expect(db.prepareArrays('SELECT a FROM told').all()).toEqual([['kept']]);
});

it('lets go of the file when it is closed, with what was not committed', async () => {
  dictation.begin();
  dictation.prepare(into('told')).run(1, '2', 3);
  await dictation.reached(dictation.send());
  await dictation.close();
  db.exec('BEGIN IMMEDIATE; COMMIT');
  expect(rowsOf('told')).toEqual([]);
  await expect(commit()).rejects.toThrow('closed');
});

it('fails as soon as somebody else has committed between two of its transactions', async () => {
  dictation.begin();
  await commit();
  dictation.begin();
  await commit();
  db.prepare(into('run')).run(1, '2', 3);
  dictation.begin();
  dictation.prepare(into('told')).run(1, '2', 3);
  await expect(commit()).rejects.toThrow(Company);
  expect(rowsOf('told')).toEqual([]);
});
