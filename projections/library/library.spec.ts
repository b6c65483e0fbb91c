import { ASSET_EVENTS } from '../../src/domain/asset/events';
import type { At } from '../../src/tables/reader';
import {
  addVersion,
  attest,
  changeMetadata,
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
  SUMMER,
  words,
} from '../../test/domain/commands';
import { sha256, uuidOf } from '../../test/domain/world';
import { Story } from '../../test/projections/story';
import type { FilterFor } from '../list';
import { library } from './fold';
import { aliases, assets, holders } from './list';
import { assetById, assetsById, details, metadataOf, versionsByNumber } from './queries';

let story: Story;
beforeEach(async () => {
  story = await Story.open();
});
afterEach(() => story.close());

const poster = async (at?: Parameters<typeof assetById>[2]) => assetById(await story.reader('library'), POSTER, at);
const aliasesOf = async (assetId: string, at?: At) => {
  const { rows } = await aliases.page(await story.reader('library'), { filter: { assetId }, first: 100 }, at);
  return rows.map(({ path }) => path);
};
const approve = async () => {
  await story.does('ana', requestReview());
  await story.does('bo', decide());
};

it('shows an asset as its author left it', async () => {
  await story.does('ana', register({ tags: ['brand:sol', 'summer'] }));
  expect(await poster()).toMatchObject({
    kind: 'image',
    title: 'Summer poster',
    status: 'draft',
    tags: ['brand:sol', 'summer'],
    version: 1,
    tool: 'Figma',
    registeredBy: 'ana',
    registeredAt: story.now,
    revision: 1,
  });
});

it('follows the revision of an asset through everything that can happen to it', () => {
  expect(Object.keys(library.on)).toEqual(expect.arrayContaining(Object.keys(ASSET_EVENTS)));
});

it('has no row for an asset that was never registered', async () => {
  expect(await poster()).toBeUndefined();
});

it.each([
  ['in review once approval is asked for', [requestReview()], 'inReview'],
  ['still in review while more people must approve', [requestReview({ required: 2 }), decide()], 'inReview'],
  ['approved when its decisions are complete', [requestReview(), decide()], 'approved'],
  ['sent back when changes are asked for', [requestReview(), decide('changesRequested')], 'changesRequested'],
  [
    'sent back when it is approved only with changes',
    [requestReview(), decide('approveWithChanges')],
    'changesRequested',
  ],
  ['rejected when somebody rejects it', [requestReview(), decide('reject')], 'rejected'],
  ['retired when it leaves production', [requestReview(), decide(), retire()], 'retired'],
  ['a draft again when it comes back', [requestReview(), decide(), retire(), restore()], 'draft'],
  ['a draft again with a newer version', [requestReview(), decide(), addVersion('second')], 'draft'],
  [
    'a draft again after a material change',
    [requestReview(), decide(), changeMetadata({ set: { claim: words('x', true) } })],
    'draft',
  ],
  [
    'a draft when a material change overtakes its review',
    [requestReview(), changeMetadata({ set: { claim: words('x', true) } })],
    'draft',
  ],
  [
    'still approved after a change that is not material',
    [requestReview(), decide(), changeMetadata({ title: 'Winter' })],
    'approved',
  ],
  ['still a draft when only a report approves it', [attest()], 'draft'],
])('is %s', async (_what, commands, status) => {
  await story.does('ana', register());
  for (const command of commands) await story.does(command.type === 'RecordDecision' ? 'bo' : 'ana', command);
  const asset = await poster();
  expect(asset?.status).toBe(status);
  expect(asset?.revision).toBe((await story.log()).length - 1);
});

it('counts where a version runs and remembers where it ran', async () => {
  await story.does('ana', plan());
  await story.does('ana', launch());
  await story.does('ana', register());
  await approve();
  const { data } = await story.event('PlacementStarted', 'ana', place());
  await story.does('ana', observePlacement());
  expect(await poster()).toMatchObject({ campaigns: [SUMMER], livePlacements: 2 });
  await story.does('ana', { type: 'EndPlacement', asset: POSTER, placement: data.placement });
  expect(await poster()).toMatchObject({ campaigns: [SUMMER], livePlacements: 1 });
});

it('keeps what few assets have beside them', async () => {
  const template = { asset: POSTER, version: 1 };
  const child = uuidOf('child');
  await story.does('ana', register());
  await story.does('ana', register({ asset: child, derivedFrom: [template], template, componentOf: POSTER }));
  await story.does('ana', changeMetadata({ asset: child, set: { claim: words('fresh'), market: words('PT') } }));
  await story.does('ana', changeMetadata({ asset: child, unset: ['market'] }));
  await story.does('ana', { type: 'ObserveAlias', asset: child, path: 'a/b.png' });
  await story.does('ana', { type: 'ObserveAlias', asset: child, path: 'c.png' });
  await story.does('ana', { type: 'ObserveAliasEnd', asset: child, path: 'a/b.png' });
  const reader = await story.reader('library');
  expect(await details(reader, [POSTER, child])).toMatchObject([
    undefined,
    { asset: child, derivedFrom: [template], templateVersion: 1, componentOf: POSTER },
  ]);
  const claim = { asset: child, name: 'claim', ...words('fresh') };
  expect(await metadataOf(reader, [POSTER, child])).toEqual([[], [claim]]);
  expect(await aliasesOf(child)).toEqual(['c.png']);
  expect(await aliasesOf(POSTER)).toEqual([]);
});

it('knows metadata and aliases of a moment', async () => {
  await story.does('ana', register({ metadata: { claim: words('old'), gone: words('x') } }));
  await story.does('ana', { type: 'ObserveAlias', asset: POSTER, path: 'a.png' });
  const [before] = (await story.log()).slice(-1);
  await story.does('ana', changeMetadata({ set: { claim: words('new', true), added: words('y') }, unset: ['gone'] }));
  await story.does('ana', { type: 'ObserveAliasEnd', asset: POSTER, path: 'a.png' });
  const reader = await story.reader('library');
  const names = async (at?: Parameters<typeof metadataOf>[2]) =>
    (await metadataOf(reader, [POSTER], at))[0]!.map(({ name, value }) => `${name} ${value}`);
  const then = { position: before!.position };
  expect(await names()).toEqual(['added y', 'claim new']);
  expect(await names(then)).toEqual(['claim old', 'gone x']);
  expect(await aliasesOf(POSTER)).toEqual([]);
  expect(await aliasesOf(POSTER, then)).toEqual(['a.png']);
});

it('keeps every version as it was added, with who made it and with what', async () => {
  await story.does('ana', register());
  story.now = '2026-03-03T10:00:00.000Z';
  const made = { note: 'warmer', width: 600, height: 800, orientation: 6, contributors: ['cy'] };
  await story.does('bo', addVersion('second', { ...made, madeWith: { tool: 'Canva', ai: 'assisted', system: 'M' } }));
  const reader = await story.reader('library');
  const [second] = await versionsByNumber(reader, [{ asset: POSTER, version: 2 }]);
  expect(second).toMatchObject({
    ...made,
    digest: sha256('second'),
    bytes: 6,
    mediaType: 'image/png',
    tool: 'Canva',
    ai: 'assisted',
    system: 'M',
    author: 'bo',
    occurredAt: story.now,
    recordedAt: story.now,
  });
  const [first, absent] = await versionsByNumber(reader, [
    { asset: POSTER, version: 1 },
    { asset: POSTER, version: 9 },
  ]);
  expect(first?.digest).toBe(content().digest);
  expect(absent).toBeUndefined();
});

it('finds every version with the same content, of whichever asset', async () => {
  const twin = uuidOf('twin');
  await story.does('ana', register());
  await story.does('ana', register({ asset: twin }));
  await story.does('ana', addVersion('second'));
  const { position } = await story.event('VersionAdded', 'ana', addVersion('first draft'));
  const holdersOf = async (digest: string, at?: At) => {
    const reader = await story.reader('library');
    const { rows } = await holders.page(reader, { filter: { digest }, first: 50 }, at);
    expect(await holders.count(reader, { digest }, at)).toBe(rows.length);
    return rows.map(({ asset, version }) => `${asset} ${version}`).sort();
  };
  const { digest } = content();
  const first = [`${POSTER} 1`, `${twin} 1`].sort();
  expect(await holdersOf(sha256('never made'))).toEqual([]);
  expect(await holdersOf(digest)).toEqual([...first, `${POSTER} 3`].sort());
  expect(await holdersOf(digest, { position: String(Number(position) - 1).padStart(20, '0') })).toEqual(first);
});

describe('the library as a list', () => {
  const names = ['Alpine hut', 'Beach walk', 'Crème brûlée', 'Desert walk'];
  const ids = names.map(uuidOf);

  beforeEach(async () => {
    for (const [at, title] of names.entries()) {
      story.now = `2026-03-0${at + 1}T09:00:00.000Z`;
      const tags = at % 2 === 0 ? ['cold', 'sweet'] : ['walk'];
      await story.does('ana', register({ asset: ids[at], title, tags, kind: at === 3 ? 'video' : 'image' }));
    }
    await story.does('ana', requestReview({ asset: ids[1] }));
  });

  type Asking = Partial<Parameters<typeof assets.page>[1]>;
  const titles = async (asked: Asking, at?: At) =>
    (await assets.page(await story.reader('library'), { first: 10, ...asked }, at)).rows.map(({ title }) => title);

  it.each<[string, FilterFor<typeof assets>, readonly string[]]>([
    ['by a tag', { tagsAll: ['cold'] }, ['Crème brûlée', 'Alpine hut']],
    ['by two tags', { tagsAll: ['sweet', 'cold'] }, ['Crème brûlée', 'Alpine hut']],
    ['by a tag nobody gave', { tagsAll: ['hot'] }, []],
    ['by status and tag', { statusIn: ['inReview'], tagsAll: ['walk'] }, ['Beach walk']],
    ['by kind', { kindIn: ['video', 'font'] }, ['Desert walk']],
    ['by tool', { tool: 'Figma', kindIn: ['video'] }, ['Desert walk']],
    ['by words of the title, without accents', { titleMatches: 'creme bru' }, ['Crème brûlée']],
    ['by the beginning of a word', { titleMatches: 'WAL' }, ['Desert walk', 'Beach walk']],
  ])('finds assets %s', async (_what, filter, expected) => {
    expect(await titles({ filter })).toEqual(expected);
    expect(await assets.count(await story.reader('library'), filter)).toBe(expected.length);
  });

  it.each<[string, Asking, readonly string[]]>([
    ['newest first', {}, ['Desert walk', 'Crème brûlée', 'Beach walk', 'Alpine hut']],
    ['by title', { order: { by: 'title', direction: 'asc' } }, names],
    [
      'by the last change',
      { order: { by: 'changed', direction: 'desc' } },
      ['Beach walk', 'Desert walk', 'Crème brûlée', 'Alpine hut'],
    ],
  ])('lists assets %s', async (_what, asked, expected) => {
    expect(await titles(asked)).toEqual(expected);
  });

  it('goes on behind the last row of a page, in every order', async () => {
    const reader = await story.reader('library');
    for (const by of ['registered', 'changed', 'title']) {
      for (const direction of ['asc', 'desc'] as const) {
        const order = { by, direction };
        const whole = await titles({ order });
        const first = await assets.page(reader, { order, first: 3 });
        expect(first.hasNext).toBe(true);
        const after = assets.mark(first.rows.at(-1)!, order, 2);
        const rest = await assets.page(reader, { order, first: 3, after });
        expect(rest.hasNext).toBe(false);
        expect([...first.rows, ...rest.rows].map(({ title }) => title)).toEqual(whole);
      }
    }
  });

  it('answers as of a past moment, filters and words included', async () => {
    const before = { occurredAt: '2026-03-02T12:00:00.000Z' };
    await story.does('ana', changeMetadata({ asset: ids[1], title: 'Mountain walk' }));
    expect(await titles({ filter: { titleMatches: 'walk' } }, before)).toEqual(['Beach walk']);
    expect(await titles({ filter: { titleMatches: 'mountain' } }, before)).toEqual([]);
    expect(await titles({ filter: { tagsAll: ['walk'], statusIn: ['draft'] } }, before)).toEqual(['Beach walk']);
    const [, beach] = await assetsById(await story.reader('library'), ids, before);
    expect(beach).toMatchObject({ title: 'Beach walk', status: 'draft' });
  });
});

it('tells what was known then from what was so then', async () => {
  story.now = '2026-03-01T09:00:00.000Z';
  await story.does('ana', register());
  story.now = '2026-05-01T09:00:00.000Z';
  const late = await story.event('VersionAdded', 'ana', addVersion('second'), {
    occurredAt: '2026-03-10T09:00:00.000Z',
  });
  const april = '2026-04-01T00:00:00.000Z';
  expect((await poster({ recordedAt: april }))?.version).toBe(1);
  expect((await poster({ occurredAt: april }))?.version).toBe(2);
  expect((await poster({ position: late.position }))?.version).toBe(2);
});
