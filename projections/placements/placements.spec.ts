import type { At } from '../../src/tables/reader';
import {
  addVersion,
  decide,
  evidence,
  launch,
  observePlacement,
  POSTER,
  place,
  plan,
  register,
  requestReview,
  SUMMER,
} from '../../test/domain/commands';
import { sha256, uuidOf } from '../../test/domain/world';
import { Story } from '../../test/projections/story';
import type { FilterFor } from '../list';
import { placements, placementsById } from './queries';

let story: Story;
beforeEach(async () => {
  story = await Story.open();
  await story.does('ana', plan());
  await story.does('ana', launch());
  await story.does('ana', register());
});
afterEach(() => story.close());

const reader = () => story.reader('placements');
const all = async (filter: FilterFor<typeof placements> = {}, at?: At) =>
  (await placements.page(await reader(), { filter, first: 50 }, at)).rows;

async function placed() {
  await story.does('ana', requestReview());
  const granted = await story.event('ApprovalGranted', 'bo', decide());
  const started = await story.event('PlacementStarted', 'ana', place({ market: 'PT' }));
  return { approval: granted.data.approval, placement: started.data.placement, position: started.position };
}

it('says which version runs where, since when, and by which approval', async () => {
  const { approval, placement, position } = await placed();
  expect(await all()).toMatchObject([
    {
      placement,
      asset: POSTER,
      version: 1,
      digest: sha256('first draft'),
      path: null,
      campaign: SUMMER,
      channel: 'web',
      market: 'PT',
      approval,
      observed: false,
      wouldRefuse: null,
      evidence: null,
      started: position,
      startedAt: story.now,
      startedBy: 'ana',
      recordedAt: story.now,
      ended: null,
      endedAt: null,
      endedBy: null,
      reason: null,
      endEvidence: null,
    },
  ]);
});

it('marks what was only observed, with its evidence and what a gate would have said', async () => {
  const tag = { ...evidence, kind: 'releaseTag', reference: 'c0ffee v1' };
  const seen = await story.event('PlacementObserved', 'bot', observePlacement({ evidence: tag }));
  const { placement } = seen.data;
  expect(await all()).toMatchObject([
    { placement, observed: true, approval: null, evidence: tag, wouldRefuse: ['NOT_APPROVED'], ended: null },
  ]);
  story.now = '2026-03-09T09:00:00.000Z';
  await story.does('bot', { type: 'ObservePlacementEnd', asset: POSTER, placement, evidence: tag });
  expect(await all()).toMatchObject([{ placement, endedAt: story.now, endedBy: 'bot', endEvidence: tag }]);
});

it('shows bytes that are no version, where they were seen, and their end', async () => {
  const seen = { version: undefined, digest: sha256('a hotfix'), path: 'icons/sun.svg' };
  const { data } = await story.event('PlacementObserved', 'bot', observePlacement(seen));
  expect(await all()).toMatchObject([{ ...seen, version: null, wouldRefuse: ['VERSION_NOT_FOUND', 'NOT_APPROVED'] }]);
  await story.does('bot', { type: 'ObservePlacementEnd', asset: POSTER, placement: data.placement });
  expect(await all({ running: false })).toMatchObject([{ version: null, digest: seen.digest, endedBy: 'bot' }]);
});

it('tells what ran at a past moment from what runs now', async () => {
  const { placement, position } = await placed();
  story.now = '2026-03-09T09:00:00.000Z';
  await story.does('cy', { type: 'EndPlacement', asset: POSTER, placement, reason: 'over' });
  expect(await all({ running: true })).toEqual([]);
  expect(await all({ running: false })).toMatchObject([{ endedAt: story.now, endedBy: 'cy', reason: 'over' }]);
  const then = '2026-03-05T00:00:00.000Z';
  for (const at of [{ occurredAt: then }, { recordedAt: then }, { position }]) {
    expect(await all({ running: true }, at)).toMatchObject([{ placement, endedAt: null }]);
    expect(await placementsById(await reader(), [uuidOf('none'), placement], at)).toMatchObject([
      undefined,
      { ended: null },
    ]);
  }
  expect(await all({}, { occurredAt: '2026-03-01T00:00:00.000Z' })).toEqual([]);
});

it.each([
  ['an asset', { assetId: POSTER }, 2],
  ['another asset', { assetId: uuidOf('other') }, 0],
  ['a campaign', { campaignId: SUMMER }, 2],
  ['a channel', { channel: 'web' }, 1],
  ['a market', { market: 'PT' }, 1],
  ['a window of starts', { started: { from: '2026-03-01T00:00:00.000Z' } }, 1],
])('finds the placements of %s', async (_what, filter, count) => {
  await placed();
  await story.does('bot', observePlacement(), { occurredAt: '2026-02-01T00:00:00.000Z' });
  expect(await all(filter)).toHaveLength(count);
  expect(await placements.count(await reader(), filter)).toBe(count);
});

it.each([
  ['a window in which it ran', { ranDuring: { from: '2026-03-03T00:00:00.000Z', to: '2026-03-04T00:00:00.000Z' } }, 1],
  ['a window that ends as it starts', { ranDuring: { to: '2026-03-02T00:00:00.000Z' } }, 0],
  ['a window that begins as it ends', { ranDuring: { from: '2026-03-09T09:00:00.000Z' } }, 0],
  ['a window up to now', { ranDuring: { from: '2026-03-09T08:59:59.999Z' } }, 1],
  ['its last day', { ranOn: '2026-03-09' }, 1],
  ['its first day', { ranOn: '2026-03-02' }, 1],
  ['the day before', { ranOn: '2026-03-01' }, 0],
  ['the day after', { ranOn: '2026-03-10' }, 0],
])('finds what ran by %s', async (_what, filter, count) => {
  const seen = await story.event('PlacementObserved', 'bot', observePlacement(), {
    occurredAt: '2026-03-02T00:00:00.000Z',
  });
  story.now = '2026-03-09T09:00:00.000Z';
  await story.does('bot', { type: 'ObservePlacementEnd', asset: POSTER, placement: seen.data.placement });
  expect(await all(filter)).toHaveLength(count);
  expect(await placements.count(await reader(), filter)).toBe(count);
});

it('finds placements whose approval has lapsed or never was', async () => {
  const { placement, position } = await placed();
  const seen = await story.event('PlacementObserved', 'bot', observePlacement());
  const without = async (gaps: readonly string[], at?: At) =>
    (await all({ withoutApproval: gaps }, at)).map((row) => row.placement).sort();
  const [observed] = [seen.data.placement];
  expect(await without(['lapsed'])).toEqual([]);
  expect(await without(['never'])).toEqual([observed]);
  story.now = '2026-03-09T09:00:00.000Z';
  await story.does('ana', addVersion('second'));
  expect(await without(['lapsed'])).toEqual([placement]);
  expect(await without(['lapsed', 'never'])).toEqual([placement, observed].sort());
  expect(await without([])).toEqual([]);
  for (const at of [{ position }, { occurredAt: '2026-03-05T00:00:00.000Z' }]) {
    expect(await without(['lapsed'], at)).toEqual([]);
  }
  expect(await placements.count(await reader(), { withoutApproval: ['lapsed', 'never'], running: true })).toBe(2);
});

it('finds what still runs by every day since its start', async () => {
  await placed();
  expect(await all({ ranOn: '2030-01-01' })).toHaveLength(1);
  expect(await all({ ranOn: '2030-01-01', anyOf: [{ channel: 'web' }, { channel: 'print' }] })).toHaveLength(1);
  expect(await all({ ranOn: '2030-01-01', anyOf: [{ channel: 'print' }] })).toHaveLength(0);
});

it('goes on behind the last row of a page, latest start first', async () => {
  for (const channel of ['a', 'b', 'c']) await story.does('bot', observePlacement({ channel }));
  const first = await placements.page(await reader(), { first: 2 });
  const rest = await placements.page(await reader(), { first: 2, after: first.rows.at(-1) });
  expect([first.hasNext, rest.hasNext]).toEqual([true, false]);
  expect([...first.rows, ...rest.rows]).toEqual(await all());
});
