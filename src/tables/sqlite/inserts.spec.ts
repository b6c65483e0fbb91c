import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../store/sqlite/driver';
import { Inserts } from './inserts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-rows-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

it.each([0, 1, 49, 50, 51, 120])('writes %i rows once each, in the order they came', (count) => {
  const db = openDatabase(join(directory, 'tables.sqlite'));
  try {
    db.exec('CREATE TABLE t (a, b)');
    const inserts = new Inserts(db, 't (b, a)', 2);
    for (let n = 0; n < count; n++) {
      inserts.values([`b${n}`]);
      inserts.value(n);
      inserts.end();
    }
    inserts.flush();
    inserts.flush();
    const rows = db.prepareArrays('SELECT a, b FROM t ORDER BY rowid').all();
    expect(rows).toEqual(Array.from({ length: count }, (_, n) => [n, `b${n}`]));
  } finally {
    db.close();
  }
});
