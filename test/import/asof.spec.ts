import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECTIONS } from '../../projections/all';
import { contentsOf, filesIn } from '../../projections/contents/queries';
import { assetById, versionsByNumber } from '../../projections/library/queries';
import { placements } from '../../projections/placements/queries';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import { createRuntime } from '../../src/tables/runtime';
import { engineOfRun, tablesAt } from '../support/engines';
import { ADA, History, icon } from './history';
import { releasesIn } from './released';

describe('an imported history as of a past moment', () => {
  let history: History;
  beforeEach(() => {
    history = new History();
  });
  afterEach(() => history.dispose());

  const at = (day: string) => Date.parse(`${day}T12:00:00Z`) / 1000;

  /** The tables of the import. */
  async function tables<T>(body: (runtime: Awaited<ReturnType<typeof createRuntime>>) => Promise<T>): Promise<T> {
    mkdirSync(history.dataDir, { recursive: true });
    const store = openSqliteStore(join(history.dataDir, 'events.sqlite'));
    const runtime = await createRuntime({
      store,
      projections: PROJECTIONS,
      tables: await tablesAt(engineOfRun, history.dataDir, 'tables.sqlite'),
      clock: Date.now,
    });
    try {
      await runtime.catchUp();
      return await body(runtime);
    } finally {
      await runtime.stop();
      await store.close();
    }
  }

  it('shows the state at that time, although one of its releases was tagged two years later', async () => {
    const first = history.commit([{ path: 'a.svg', content: icon(1) }], { at: at('2020-01-01') });
    const both = [
      { path: 'a.svg', content: icon(2) },
      { path: 'b.svg', content: 'quite another drawing\n' },
    ];
    history.commit(both, { at: at('2020-06-01') });
    history.commit([{ remove: 'b.svg' }], { at: at('2020-09-01') });
    history.commit([{ path: 'a.svg', content: icon(4) }], { at: at('2020-12-01') });
    history.tag('v1.0', first, ADA, at('2022-01-01'));
    const story = await history.imported();
    const [a, b] = [story.asset('a.svg').slice(6), story.asset('b.svg').slice(6)];
    await tables(async (runtime) => {
      const library = runtime.reader('library');
      const stood = async (asset: string, day: string) => {
        const row = await assetById(library, asset, { occurredAt: `${day}T12:00:00.000Z` });
        return row === undefined ? undefined : [row.version, row.status];
      };
      expect(await stood(a, '2021-06-01')).toEqual([3, 'draft']);
      expect(await stood(b, '2021-06-01')).toEqual([1, 'retired']);
      expect(await stood(a, '2020-07-01')).toEqual([2, 'draft']);
      expect(await stood(b, '2020-07-01')).toEqual([1, 'draft']);
      const [third] = await versionsByNumber(library, [{ asset: a, version: 3 }]);
      expect(third).toMatchObject({ occurredAt: '2020-12-01T12:00:00.000Z' });
      const campaign = story.of('CampaignPlanned')[0]!.stream.slice('campaign-'.length);
      const contents = runtime.reader('contents');
      const filesAt = async (day: string) => {
        const [row] = await contentsOf(contents, [campaign], { occurredAt: `${day}T12:00:00.000Z` });
        return (await filesIn(contents, row, { first: 10 })).rows.map(([path, , , asset, version]) => [
          path,
          asset,
          version,
        ]);
      };
      expect(await filesAt('2021-06-01')).toEqual([]);
      expect(await filesAt('2022-02-01')).toEqual([['a.svg', a, 1]]);
    });
  });

  it('answers equally from placements and from contents, at the position where a release was complete', async () => {
    const one = history.commit([
      { path: 'a.svg', content: icon(1) },
      { path: 'b.svg', content: 'quite another drawing\n' },
    ]);
    history.tag('v1.0', one);
    history.tag('v1.0.1', history.commit([{ path: 'a.svg', content: icon(9) }], { branch: '1.x', from: one }));
    history.tag('v1.1', history.commit([{ path: 'a.svg', content: icon(2) }]));
    history.tag('v1.2', history.commit([{ remove: 'b.svg' }, { rename: 'a.svg', to: 'c.svg' }]));
    const story = await history.imported();
    const names = new Map(
      story.of('CampaignPlanned').map(({ stream, data }) => [(data as { name: string }).name, stream]),
    );
    await tables(async (runtime) => {
      for (const { tag, files } of releasesIn(story.events)) {
        const campaign = names.get(tag)!.slice('campaign-'.length);
        const reader = runtime.reader('contents');
        const [row] = await contentsOf(reader, [campaign]);
        const listed = (await filesIn(reader, row, { first: 10 })).rows;
        expect(listed.map(([path, digest, , asset, version]) => ({ path, digest, asset, version }))).toEqual(
          [...files.values()]
            .sort((x, y) => (x.path < y.path ? -1 : 1))
            .map(({ path, digest, asset, version }) => ({ path, digest, asset, version: version ?? null })),
        );
        const { position } = story.of('CampaignContentsObserved').findLast(({ stream }) => stream === names.get(tag))!;
        for (const [, digest, , asset, version] of listed) {
          const filter = { assetId: asset!, running: true };
          const reader = runtime.reader('placements');
          const { rows } = await placements.page(reader, { filter, first: 10 }, { position });
          expect(rows.map((placed) => [placed.digest, placed.version])).toContainEqual([digest, version]);
        }
      }
    });
  });
});
