import type { At } from '../../src/tables/reader';
import { addVersion, changeMetadata, decide, register, requestReview, retire, words } from '../../test/domain/commands';
import { uuidOf } from '../../test/domain/world';
import { Story } from '../../test/projections/story';
import { type DurationDimension, type DurationFilter, dimensionsIn, durationsOf } from './durations';
import { definitionOf, type StepName } from './steps';

const DAY = 86_400_000;
const ASKED = Date.parse('2026-03-02T00:00:00.000Z');

let story: Story;
beforeEach(async () => {
  story = await Story.open();
});
afterEach(() => story.close());

interface Asked {
  readonly by?: readonly DurationDimension[];
  readonly filter?: DurationFilter;
  readonly at?: At;
}

async function measured(step: StepName, { by = [], filter = {}, at }: Asked = {}) {
  const list = durationsOf({ step, by, tooMany: () => new Error('too many') });
  const { rows } = await list.page(await story.reader('signals'), { filter, first: 100 }, at);
  return rows;
}

const later = (days: number) => {
  story.now = new Date(ASKED + days * DAY).toISOString();
};

/** A review of an asset that is decided after so many days; 0: nobody decides. */
async function reviewed(name: string, days: number, word: Parameters<typeof decide>[0] = 'approve') {
  const asset = uuidOf(name);
  later(0);
  await story.does('ana', register({ asset }));
  await story.does('ana', requestReview({ asset }));
  later(days);
  if (days > 0) await story.does('cy', decide(word, { asset }));
}

it('gives median and percentiles by nearest rank, in seconds', async () => {
  for (const days of [7, 1, 3, 10, 2, 5, 4, 6, 9, 8]) await reviewed(`decided after ${days}`, days);
  const day = DAY / 1000;
  expect(await measured('requestToDecision')).toEqual([
    { begun: 10, ended: 10, dropped: 0, open: 0, median: 5 * day, p90: 9 * day, p95: 10 * day, mean: 5.5 * day },
  ]);
  expect(await measured('versionToRequest')).toMatchObject([{ median: 0, p95: 0, mean: 0 }]);
  expect(await measured('requestToApproval', { by: ['week'] })).toMatchObject([
    { week: '2026-W10', ended: 10, median: 5 * day },
  ]);
});

it('counts what has not ended as open, and as dropped once it is over', async () => {
  await reviewed('waits', 0);
  await reviewed('approved', 2);
  await reviewed('refused', 3, 'reject');
  await reviewed('replaced', 0);
  await story.does('ana', addVersion('another', { asset: uuidOf('replaced') }));
  await reviewed('retired', 0);
  await story.does('ana', retire(uuidOf('retired')));
  expect(await measured('requestToApproval')).toMatchObject([{ begun: 5, ended: 1, dropped: 3, open: 1 }]);
  expect(await measured('requestToDecision')).toMatchObject([{ begun: 5, ended: 2, dropped: 2, open: 1 }]);
  expect(await measured('decisionToApproval')).toMatchObject([{ begun: 2, ended: 1, dropped: 1, open: 0 }]);
  expect(await measured('versionToRequest')).toMatchObject([{ begun: 6, ended: 5, dropped: 0, open: 1 }]);
  expect(await measured('versionToApproval')).toMatchObject([{ begun: 6, ended: 1, dropped: 2, open: 3 }]);
  const before = { occurredAt: '2026-03-02T12:00:00.000Z' };
  expect(await measured('requestToApproval', { at: before })).toMatchObject([
    { begun: 5, ended: 0, dropped: 2, open: 3 },
  ]);
});

it('counts only the first approval of a version, and each review by itself', async () => {
  await reviewed('twice', 1);
  const asset = uuidOf('twice');
  await story.does('ana', changeMetadata({ asset, set: { claim: words('new', true) } }));
  later(20);
  await story.does('ana', requestReview({ asset }));
  later(22);
  await story.does('cy', decide('approve', { asset }));
  expect(await measured('versionToApproval')).toMatchObject([{ begun: 1, ended: 1, p95: DAY / 1000 }]);
  expect(await measured('requestToApproval')).toMatchObject([
    { begun: 2, ended: 2, median: DAY / 1000, p95: (2 * DAY) / 1000 },
  ]);
  expect(await measured('versionToRequest')).toMatchObject([{ begun: 1, ended: 1, p95: 0 }]);
});

it('does not know the role of what nobody has decided', async () => {
  await reviewed('waits', 0);
  await reviewed('decided', 2);
  expect(await measured('requestToDecision', { by: ['role'] })).toMatchObject([
    { role: null, begun: 1, ended: 0, open: 1, median: null },
    { role: 'brand', begun: 1, ended: 1, open: 0 },
  ]);
  expect(await measured('requestToDecision', { filter: { role: 'brand' } })).toMatchObject([{ begun: 1, open: 0 }]);
  expect(dimensionsIn('requestToApproval')).not.toContain('role');
});

it('has one total where nothing began, and a definition of every step', async () => {
  const nothing = { begun: 0, ended: 0, dropped: 0, open: 0, median: null, p90: null, p95: null, mean: null };
  expect(await measured('decisionToApproval')).toEqual([nothing]);
  expect(definitionOf('decisionToApproval')).toContain('nearest rank');
});
