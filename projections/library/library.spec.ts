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
import {
  type AssetPage,
  aliasesOf,
  assetById,
  assets,
  assetsById,
  countAssets,
  details,
  metadataOf,
  versionsByNumber,
  versionsOf,
} from './queries';

let story: Story;
beforeEach(async () => {
  story = await Story.open();
});
afterEach(() => story.close());

const poster = async (at?: Parameters<typeof assetById>[2]) => assetById(await story.reader('library'), POSTER, at);
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

it('knows no asset that nobody registered', async () => {
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
  expect(await details(reader, [POSTER, child])).toEqual([
    undefined,
    { asset: child, derivedFrom: [template], templateVersion: 1, componentOf: POSTER },
  ]);
  const claim = { asset: child, name: 'claim', ...words('fresh') };
  expect(await metadataOf(reader, [POSTER, child])).toEqual([[], [claim]]);
  expect(await aliasesOf(reader, [child, POSTER])).toEqual([['c.png'], []]);
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
  expect(await aliasesOf(reader, [POSTER])).toEqual([[]]);
  expect(await aliasesOf(reader, [POSTER], then)).toEqual([['a.png']]);
});

it('keeps every version as it was added, with who made it and with what', async () => {
  await story.does('ana', register());
  story.now = '2026-03-03T10:00:00.000Z';
  const made = { note: 'warmer', width: 600, height: 800, orientation: 6, contributors: ['cy'] };
  await story.does('bo', addVersion('second', { ...made, madeWith: { tool: 'Canva', ai: 'assisted', system: 'M' } }));
  const reader = await story.reader('library');
  const { rows } = await versionsOf(reader, { asset: POSTER, first: 10 });
  expect(rows.map(({ version }) => version)).toEqual([2, 1]);
  expect(rows[0]).toMatchObject({
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
  expect(await versionsOf(reader, { asset: POSTER, first: 1 })).toMatchObject({
    rows: [{ version: 2 }],
    hasNext: true,
  });
  expect((await versionsOf(reader, { asset: POSTER, first: 5, before: 2 })).rows).toHaveLength(1);
  const [first, absent] = await versionsByNumber(reader, [
    { asset: POSTER, version: 1 },
    { asset: POSTER, version: 9 },
  ]);
  expect(first?.digest).toBe(content().digest);
  expect(absent).toBeUndefined();
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

  const titles = async (args: Omit<AssetPage, 'first'>, at?: Parameters<typeof assets>[2]) =>
    (await assets(await story.reader('library'), { first: 10, ...args }, at)).rows.map(({ title }) => title);

  it.each<[string, Omit<AssetPage, 'first'>, readonly string[]]>([
    ['everything, newest first', {}, ['Desert walk', 'Crème brûlée', 'Beach walk', 'Alpine hut']],
    ['by a tag', { tags: ['cold'] }, ['Crème brûlée', 'Alpine hut']],
    ['by two tags', { tags: ['sweet', 'cold'] }, ['Crème brûlée', 'Alpine hut']],
    ['by a tag nobody gave', { tags: ['hot'] }, []],
    ['by status and tag', { statuses: ['inReview'], tags: ['walk'] }, ['Beach walk']],
    ['by kind', { kinds: ['video', 'font'] }, ['Desert walk']],
    ['by tool', { tool: 'Figma', kinds: ['video'] }, ['Desert walk']],
    ['by words of the title, without accents', { text: 'creme bru' }, ['Crème brûlée']],
    ['by the beginning of a word', { text: 'WAL' }, ['Desert walk', 'Beach walk']],
    ['by title', { sort: 'title', descending: false }, names],
    ['by the last change', { sort: 'changed' }, ['Beach walk', 'Desert walk', 'Crème brûlée', 'Alpine hut']],
  ])('finds assets %s', async (_what, args, expected) => {
    expect(await titles(args)).toEqual(expected);
    expect(await countAssets(await story.reader('library'), args)).toBe(expected.length);
  });

  it('goes on behind the last row of a page, in every order', async () => {
    const reader = await story.reader('library');
    for (const sort of ['registered', 'changed', 'title'] as const) {
      for (const descending of [true, false]) {
        const whole = await titles({ sort, descending });
        const first = await assets(reader, { sort, descending, first: 3 });
        expect(first.hasNext).toBe(true);
        const rest = await assets(reader, { sort, descending, first: 3, after: first.rows.at(-1) });
        expect(rest.hasNext).toBe(false);
        expect([...first.rows, ...rest.rows].map(({ title }) => title)).toEqual(whole);
      }
    }
  });

  it('answers as of a past moment, filters and words included', async () => {
    const before = { occurredAt: '2026-03-02T12:00:00.000Z' };
    await story.does('ana', changeMetadata({ asset: ids[1], title: 'Mountain walk' }));
    expect(await titles({ text: 'walk' }, before)).toEqual(['Beach walk']);
    expect(await titles({ text: 'mountain' }, before)).toEqual([]);
    expect(await titles({ tags: ['walk'], statuses: ['draft'] }, before)).toEqual(['Beach walk']);
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
  const reader = await story.reader('library');
  expect((await versionsOf(reader, { asset: POSTER, first: 9 }, { recordedAt: april })).rows).toHaveLength(1);
  expect((await versionsOf(reader, { asset: POSTER, first: 9 }, { occurredAt: april })).rows).toHaveLength(2);
});
