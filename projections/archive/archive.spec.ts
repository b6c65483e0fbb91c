import fc from 'fast-check';
import type { At } from '../../src/tables/reader';
import {
  addVersion,
  content,
  decide,
  launch,
  observePlacement,
  POSTER,
  place,
  plan,
  register,
  requestReview,
  restore,
  retire,
} from '../../test/domain/commands';
import { sha256, uuidOf } from '../../test/domain/world';
import { chronicles } from '../../test/projections/chronicle';
import { folded } from '../../test/projections/rows';
import { Story } from '../../test/projections/story';
import type { FilterFor } from '../list';
import { archive } from './fold';
import { archived, locatorOf, runningOf } from './queries';

describe('the archive of a story', () => {
  let story: Story;
  beforeEach(async () => {
    story = await Story.open();
    await story.does('ana', plan());
    await story.does('ana', launch());
    await story.does('ana', register());
  });
  afterEach(() => story.close());

  const all = async (filter: FilterFor<typeof archived> = {}, at?: At) => {
    const reader = await story.reader('archive');
    const { rows } = await archived.page(reader, { filter, first: 50 }, at);
    const digests = rows.map(({ digest }) => digest ?? '');
    const running = await runningOf(reader, digests, at);
    return rows.map((row, n) => ({ ...row, stillRunning: running[n] }));
  };

  it('is empty while everything is in production', async () => {
    expect(await all()).toEqual([]);
  });

  it('holds a superseded version: since when, by whom, and where its content is', async () => {
    const added = await story.event('VersionAdded', 'bo', addVersion('second'));
    const digest = content().digest;
    expect(await all()).toMatchObject([
      {
        what: 'version',
        asset: POSTER,
        version: 1,
        digest,
        since: story.now,
        by: 'bo',
        position: added.position,
        stillRunning: 0,
      },
    ]);
  });

  it('holds a retired asset until it is restored, and tells of it as of then', async () => {
    const { position } = await story.event('AssetRetired', 'bo', {
      type: 'RetireAsset',
      asset: POSTER,
      reason: 'rights ended',
    });
    expect(await all()).toMatchObject([{ what: 'asset', asset: POSTER, version: 1, by: 'bo', reason: 'rights ended' }]);
    await story.does('bo', restore());
    expect(await all()).toEqual([]);
    expect(await all({}, { position })).toHaveLength(1);
  });

  it('holds an asset that was retired twice once, since the second time', async () => {
    await story.does('bo', retire());
    await story.does('bo', restore());
    story.now = '2026-03-08T09:00:00.000Z';
    await story.does('bo', retire());
    expect(await all()).toMatchObject([{ what: 'asset', since: story.now }]);
  });

  it('holds an ended placement and says whether that very content still runs, of whichever asset', async () => {
    const twin = uuidOf('twin');
    await story.does('ana', register({ asset: twin }));
    await story.does('ana', requestReview());
    await story.does('bo', decide());
    const started = await story.event('PlacementStarted', 'ana', place());
    await story.does('cy', observePlacement({ asset: twin }));
    story.now = '2026-03-05T09:00:00.000Z';
    const { placement } = started.data;
    await story.does('ana', { type: 'EndPlacement', asset: POSTER, placement, reason: 'over' });
    expect(await all()).toMatchObject([
      { what: 'placement', placement, version: 1, since: story.now, reason: 'over', stillRunning: 1 },
    ]);
    expect(await all({}, { recordedAt: '2026-03-04T09:00:00.000Z' })).toEqual([]);
  });

  it('knows that a version runs although a newer one replaced it', async () => {
    await story.does('ana', addVersion('second'));
    await story.does('bot', observePlacement({ version: 1 }), { occurredAt: '2026-02-20T09:00:00.000Z' });
    expect(await all()).toMatchObject([{ what: 'version', version: 1, stillRunning: 1 }]);
  });

  it('takes a late fact at the time it claims, without disturbing what was known before', async () => {
    story.now = '2026-06-01T09:00:00.000Z';
    await story.does('import', addVersion('second'), { occurredAt: '2026-03-10T09:00:00.000Z' });
    expect(await all({ since: { to: '2026-04-01T00:00:00.000Z' } })).toHaveLength(1);
    expect(await all({}, { recordedAt: '2026-04-01T00:00:00.000Z' })).toEqual([]);
    expect(await all({}, { occurredAt: '2026-04-01T00:00:00.000Z' })).toHaveLength(1);
  });

  it('names the place of a content by its digest', () => {
    const digest = sha256('first draft');
    expect(locatorOf(digest)).toBe(`sha256/${digest.slice(0, 2)}/${digest.slice(2)}`);
  });

  it.each([
    ['what it is', { kindIn: ['asset'] }, 1],
    ['asset', { assetId: uuidOf('other') }, 0],
    ['content', { digest: sha256('first draft') }, 1],
    ['who took it out', { actorId: 'bo' }, 1],
  ])('can be searched by %s', async (_what, filter, count) => {
    await story.does('ana', addVersion('second'));
    await story.does('bo', retire());
    expect(await all(filter)).toHaveLength(count);
    expect(await archived.count(await story.reader('archive'), filter)).toBe(count);
  });

  it('goes on behind the last row of a page, latest first', async () => {
    for (const bytes of ['b', 'c', 'd']) await story.does('ana', addVersion(bytes));
    const reader = await story.reader('archive');
    const first = await archived.page(reader, { first: 2 });
    const rest = await archived.page(reader, { first: 2, after: first.rows.at(-1) });
    expect([first.hasNext, rest.hasNext]).toEqual([true, false]);
    expect([...first.rows, ...rest.rows]).toEqual((await archived.page(reader, { first: 50 })).rows);
  });
});

it('never holds anything that is in production, and holds all that is not, whatever happens', () => {
  fc.assert(
    fc.property(chronicles, ({ world, assets, log }) => {
      const { entry, running } = folded(archive, log);
      for (const asset of assets) {
        const state = world.asset(asset);
        const mine = entry.filter((row) => row.asset === asset);
        const current = state.versions?.length ?? 0;
        const superseded = mine.filter(({ what }) => what === 'version').map(({ version }) => version);
        expect(superseded).toEqual(Array.from({ length: current - 1 }, (_, at) => at + 1));
        expect(mine.filter(({ what }) => what === 'asset')).toHaveLength(state.retired ? 1 : 0);
        const live = state.placements.map(({ placement }) => placement);
        const runs = running.filter((row) => row.asset === asset).map(({ placement }) => placement);
        expect(runs.sort()).toEqual([...live].sort());
        const over = mine.filter(({ what }) => what === 'placement').map(({ placement }) => placement);
        expect(over.filter((placement) => runs.includes(placement ?? ''))).toEqual([]);
        expect(over).toHaveLength(state.endedPlacements?.length ?? 0);
      }
    }),
    { numRuns: 150 },
  );
});
