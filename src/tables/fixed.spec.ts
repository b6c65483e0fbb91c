import { Bench, idOf } from '../../test/support/shelf';
import { projection, table } from './projection';

const label = table({
  columns: { subject: 'text', title: 'text', place: 'integer' },
  key: ['subject'],
  temporal: true,
  fixed: ['title'],
});

const labels = projection({
  name: 'labels',
  version: 1,
  tables: { label },
  on: {
    AssetRegistered: ({ stream, data, revision }, rows) =>
      rows.label.put({ subject: stream, title: data.title, place: revision }),
    AssetRetired: ({ stream, revision }, rows) =>
      rows.label.put({ ...rows.label.get({ subject: stream })!, place: revision }),
    MetadataChanged: ({ stream, revision }, rows) => rows.label.put({ subject: stream, title: 'New', place: revision }),
  },
});

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});

afterEach(() => bench.close());

describe('a column that no event changes', () => {
  it('is read in past rows as in the live one, and an event that changes it stops the projection', async () => {
    const runtime = await bench.runtime({ projections: [labels] });
    const first = await bench.happens('a', { is: 'registered', title: 'Hero', tags: [] });
    await bench.happens('a', { is: 'retired' });
    await runtime.catchUp();
    const reader = runtime.reader('labels');
    const subject = `asset-${idOf('a')}`;
    expect(await reader.get(label, { subject }, { position: first })).toEqual({ subject, title: 'Hero', place: 0 });
    expect(await reader.get(label, { subject })).toEqual({ subject, title: 'Hero', place: 1 });
    await bench.happens('a', { is: 'changed', title: 'New' });
    await runtime.catchUp();
    const [progress] = await runtime.progress();
    expect(progress?.poison?.message).toContain('title is fixed');
  });
});
