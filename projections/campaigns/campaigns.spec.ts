import { CAMPAIGN_EVENTS } from '../../src/domain/campaign/events';
import { sortKey } from '../../src/domain/collation';
import { end, launch, observeContents, observePlacement, plan, register, SUMMER } from '../../test/domain/commands';
import { sha256, uuidOf } from '../../test/domain/world';
import { Story } from '../../test/projections/story';
import type { FilterFor, Mark } from '../list';
import { campaigns as projection } from './fold';
import { campaigns, campaignsById, tallies } from './queries';

let story: Story;
beforeEach(async () => {
  story = await Story.open();
});
afterEach(() => story.close());

const reader = () => story.reader('campaigns');
const summer = async (at?: Parameters<typeof campaignsById>[2]) =>
  (await campaignsById(await reader(), [SUMMER], at))[0];

it('shows a campaign as it was planned', async () => {
  const planned = { brand: 'Sol', markets: ['PT', 'ES'], startsOn: '2026-06-01', endsOn: '2026-08-31' };
  await story.does('ana', plan(planned));
  const { position } = (await story.log())[0]!;
  expect(await summer()).toEqual({
    ...planned,
    campaign: SUMMER,
    name: 'Summer',
    nameKey: sortKey('Summer'),
    status: 'planned',
    plannedAt: story.now,
    plannedBy: 'ana',
    launchedAt: null,
    endedAt: null,
    revision: 0,
    changed: position,
  });
});

it('follows a campaign to its launch and end, and shows it as it stood in between', async () => {
  await story.does('ana', plan());
  story.now = '2026-03-03T09:00:00.000Z';
  await story.does('ana', launch());
  story.now = '2026-03-05T09:00:00.000Z';
  await story.does('ana', end());
  expect(await summer()).toMatchObject({ status: 'ended', endedAt: story.now, revision: 2 });
  const between = '2026-03-04T00:00:00.000Z';
  expect(await summer({ occurredAt: between })).toMatchObject({ status: 'launched', endedAt: null });
  expect(await summer({ recordedAt: between })).toMatchObject({ status: 'launched', revision: 1 });
  expect(await summer({ occurredAt: '2026-03-01T00:00:00.000Z' })).toBeUndefined();
});

it('follows the revision of a campaign through everything that can happen to it, a report of its contents too', async () => {
  expect(Object.keys(projection.on)).toEqual(expect.arrayContaining(Object.keys(CAMPAIGN_EVENTS)));
  await story.does('ana', plan());
  const before = await summer();
  const { position } = await story.event(
    'CampaignContentsObserved',
    'bot',
    observeContents([{ path: 'a.svg', digest: sha256('a') }]),
  );
  expect(await summer()).toEqual({ ...before, revision: 1, changed: position });
});

it('counts what ran and what runs, also in a campaign that was never planned here', async () => {
  const elsewhere = uuidOf('elsewhere');
  await story.does('ana', plan());
  await story.does('ana', register());
  await story.does('bot', observePlacement({ campaign: elsewhere }));
  await story.does('bot', observePlacement());
  const second = await story.event('PlacementObserved', 'bot', observePlacement({ channel: 'print' }));
  const { placement } = second.data;
  await story.does('bot', { type: 'ObservePlacementEnd', asset: second.stream.slice(6), placement });
  const ids = [SUMMER, elsewhere, uuidOf('none')];
  expect(await tallies(await reader(), ids)).toEqual([
    { campaign: SUMMER, placements: 2, live: 1 },
    { campaign: elsewhere, placements: 1, live: 1 },
    undefined,
  ]);
  expect(await tallies(await reader(), [SUMMER], { position: second.position })).toMatchObject([{ live: 2 }]);
});

it('lists campaigns by name, by filter and in pages', async () => {
  for (const name of ['Spring', 'Autumn', 'Summer sale']) {
    await story.does('ana', plan({ campaign: uuidOf(name), name, brand: name === 'Autumn' ? 'Lua' : 'Sol' }));
  }
  await story.does('ana', launch(uuidOf('Spring')));
  const named = async (filter: FilterFor<typeof campaigns>, after?: Mark) =>
    (await campaigns.page(await reader(), { filter, first: 10, after })).rows.map(({ name }) => name);
  expect(await named({})).toEqual(['Autumn', 'Spring', 'Summer sale']);
  expect(await named({ brand: 'Lua' })).toEqual(['Autumn']);
  expect(await named({ statusIn: ['planned'] })).toEqual(['Autumn', 'Summer sale']);
  expect(await named({ nameMatches: 'sale' })).toEqual(['Summer sale']);
  const first = await campaigns.page(await reader(), { first: 2 });
  expect(first.hasNext).toBe(true);
  expect(await named({}, first.rows.at(-1))).toEqual(['Summer sale']);
});
