import { changing, table } from './projection';

const shelf = table({
  columns: { asset: 'uuid', title: 'text?', tags: 'list', 'odd "name"': 'integer' },
  key: ['asset'],
  temporal: true,
});

it('refuses a table of which nobody could say what it was in the past', () => {
  expect(() => table({ columns: { asset: 'uuid', position: 'position' }, key: ['asset'] })).toThrow(
    'a table is temporal, keeps only the present, or is a ledger with the columns position and occurredAt of its events',
  );
});

describe('a changed row', () => {
  const before = { asset: 'a', title: 'Old', tags: ['red'], 'odd "name"': 1 };
  const changed = changing(shelf);

  it('is the row it was but for what is changed, the last change counting', () => {
    expect(changed(before, { title: null }, {}, { tags: ['blue'], 'odd "name"': 2 }, { 'odd "name"': 3 })).toEqual({
      asset: 'a',
      title: null,
      tags: ['blue'],
      'odd "name"': 3,
    });
  });

  it('leaves the row it was as it was', () => {
    changed(before, { title: 'New' });
    expect(before).toEqual({ asset: 'a', title: 'Old', tags: ['red'], 'odd "name"': 1 });
  });
});
