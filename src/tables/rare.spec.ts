import { Bench, idOf } from '../../test/support/shelf';
import { projection, table } from './projection';

const label = table({
  columns: { subject: 'text', title: 'text', place: 'integer', changed: 'position', changedAt: 'instant' },
  key: ['subject'],
  temporal: true,
  fixed: [],
  rare: ['title'],
});

const labels = projection({
  name: 'labels',
  version: 1,
  tables: { label },
  on: {
    AssetRegistered: ({ stream, data, ...event }, rows) =>
      rows.label.put({ ...seen(stream, event), title: data.title }),
    AssetRetired: ({ stream, ...event }, rows) =>
      rows.label.put({ ...rows.label.get({ subject: stream })!, ...seen(stream, event) }),
    MetadataChanged: ({ stream, data, ...event }, rows) =>
      rows.label.put({ ...seen(stream, event), title: data.title ?? rows.label.get({ subject: stream })!.title }),
  },
});

interface Happened {
  readonly revision: number;
  readonly position: string;
  readonly metadata: { readonly occurredAt: string };
}

function seen(subject: string, { revision, position, metadata }: Happened) {
  return { subject, place: revision, changed: position, changedAt: metadata.occurredAt };
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

/** Titles an asset has after each event; undefined where an event changes none. */
const STORIES = [
  ['One', undefined, undefined, 'Two', undefined, 'Three'],
  ['One', 'Two', 'One', 'Two', undefined],
  ['One', undefined, undefined],
  ['One', 'Two'],
] as const;

describe('a column that few events change', () => {
  it.each(STORIES.map((story) => [story]))('is read as it was at every position: %j', async (story) => {
    const runtime = await bench.runtime({ projections: [labels] });
    const expected: [position: string, title: string][] = [];
    let title = '';
    for (const [place, changed] of story.entries()) {
      title = changed ?? title;
      const position =
        place === 0
          ? await bench.happens('a', { is: 'registered', title, tags: [] })
          : await bench.happens('a', changed === undefined ? { is: 'retired' } : { is: 'changed', title: changed });
      // Another asset's rows stand between these.
      await bench.happens(`b${place}`, { is: 'registered', title: `other ${place}`, tags: [] });
      expected.push([position, title]);
    }
    await runtime.catchUp();
    const reader = runtime.reader('labels');
    for (const [place, [position, was]] of expected.entries()) {
      const row = await reader.get(label, { subject: `asset-${idOf('a')}` }, { position });
      expect(row).toMatchObject({ title: was, place, changed: position });
    }
  });
});
