import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { openDatabase } from '../../store/sqlite/driver';
import { changing, table } from '../projection';
import { Words } from './dictionary';
import { Packing } from './packing';
import { layoutOf } from './schema';
import { prepareState } from './state';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-rows-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const thing = table({
  columns: { 'a "name"': 'text', status: 'word?', count: 'integer', tags: 'list', more: 'json', on: 'boolean' },
  key: ['a "name"'],
  temporal: true,
});

const row = fc.record({
  'a "name"': fc.string(),
  status: fc.option(fc.constantFrom('draft', 'approved')),
  count: fc.maxSafeInteger(),
  tags: fc.array(fc.constantFrom('red', 'blue')),
  more: fc.jsonValue(),
  on: fc.boolean(),
});

function withPacking<T>(body: (packing: Packing) => T): T {
  const db = openDatabase(join(directory, 'tables.sqlite'));
  try {
    prepareState(db);
    return body(new Packing(layoutOf('some', 'thing', thing, 1), new Words(db)));
  } finally {
    db.close();
  }
}

it('gives a changed row the stored form it would have had from the beginning, and an equal row the very same one', () => {
  withPacking((packing) => {
    fc.assert(
      fc.property(row, row, fc.subarray(Object.keys(thing.columns)), (before, other, changed) => {
        const after = {
          ...before,
          ...Object.fromEntries(changed.map((name) => [name, other[name as keyof typeof other]])),
        };
        const packed = packing.first(before);
        const untouched = [...packed];
        expect(packing.next(after, before, packed)).toEqual(packing.first(after));
        expect(packed).toEqual(untouched);
        expect(packing.next(structuredClone(before), before, packed)).toBe(packed);
      }),
    );
  });
});

it('gives a row that was made of another the same form as one that was written out', () => {
  const changed = changing(thing);
  withPacking((packing) => {
    fc.assert(
      fc.property(row, row, row, fc.subarray(Object.keys(thing.columns)), (first, before, other, names) => {
        const change = Object.fromEntries(names.map((name) => [name, other[name as keyof typeof other]]));
        const after = changed(before, change, { on: other.on });
        expect(packing.next(after, before, packing.first(before))).toEqual(packing.first(after));
        // What was told of one row says nothing of another.
        expect(packing.next(after, first, packing.first(first))).toEqual(packing.first(after));
      }),
    );
  });
});

it('names the column whose value does not fit', () => {
  const good = { 'a "name"': 'x', status: null, count: 1, tags: [], more: {}, on: true };
  withPacking((packing) => {
    expect(() => packing.first({ ...good, count: 0.5 })).toThrow('column count holds integer, not 0.5');
    const packed = packing.first(good);
    expect(() => packing.next({ ...good, 'a "name"': null }, good, packed)).toThrow('column a "name" holds text');
  });
});
