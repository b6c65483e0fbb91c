import type { At } from '../../src/tables/reader';
import {
  addVersion,
  changeMetadata,
  content,
  decide,
  defineWorkflow,
  nameSubstitute,
  POSTER,
  register,
  requestReview,
  retire,
  revise,
  words,
} from '../../test/domain/commands';
import { assign, keepDeadline, withdrawDecision, withdrawReview } from '../../test/domain/reviewcommands';
import { Story } from '../../test/projections/story';
import { type Asker, deadlineSteps, queueOf, reviewList, reviewsById, waitingFor } from './queries';
import type { DecisionMade, PathState } from './tables';

let story: Story;
beforeEach(async () => {
  story = await Story.open();
});
afterEach(() => story.close());

const reader = () => story.reader('reviews');

/** Ann's poster, in review by the brand, then the legal department. */
async function asked(): Promise<string> {
  await story.does('ann', defineWorkflow());
  await story.does('ann', revise());
  await story.does('ann', register({ metadata: { claim: words('Fresh', true) } }));
  return (await story.event('ReviewRequested', 'ann', requestReview())).data.review;
}

const review = async (id: string, at?: At) => (await reviewsById(await reader(), [id], at))[0];
const pathsOf = async (id: string) => (await review(id))?.paths as PathState[];

const as = (person: string, fields: Partial<Asker> = {}): Asker => ({
  person,
  roles: [],
  groups: [],
  anybody: false,
  insteadOf: [],
  ...fields,
});
const queue = async (asker: Asker, at?: At) => (await waitingFor(await reader(), asker, at)).map((row) => row.review);

it('shows a review with its rules, its stage, its deadline and what it waits for', async () => {
  const id = await asked();
  expect(await review(id)).toMatchObject({
    ...{ status: 'open', version: 1, digest: content().digest, requestedBy: 'ann', round: 1, workflowVersion: 1 },
    ...{ stage: 'brand', stageNumber: 1, due: '2026-03-04T16:00:00.000Z', nextStep: '2026-03-03T16:00:00.000Z' },
    ...{ rulebook: 1, excluded: ['ann'], decided: [], endedAt: null },
  });
  expect(await pathsOf(id)).toEqual([{ path: 'brand', quorum: 1, candidates: { roles: ['brand manager'] } }]);
});

it('follows a review through its stages to the approval, and shows it as it stood in between', async () => {
  const id = await asked();
  await story.does('cat', decide());
  const { position } = (await story.log()).at(-1)!;
  expect(await review(id)).toMatchObject({ stage: 'legal', stageNumber: 2 });
  await story.does('dan', decide());
  await story.does('eve', decide());
  const { approval, status, endedAt, stage } = (await review(id))!;
  expect([status, endedAt, stage, approval]).toEqual(['approved', story.now, null, expect.any(String)]);
  expect(((await review(id))!.decided as DecisionMade[]).map(({ by, stage: of }) => `${by} ${of}`)).toEqual([
    'cat brand',
    'dan legal',
    'eve legal',
  ]);
  expect(await review(id, { position })).toMatchObject({ status: 'open', stage: 'legal', approval: null });
});

it('waits for those who could decide: by person, role, group and for whom they stand in', async () => {
  const id = await asked();
  const brand = { roles: ['brand manager'] };
  expect(await queue(as('ben', brand))).toEqual([id]);
  expect(await queue(as('dan', { groups: ['legal'] }))).toEqual([]);
  expect(await queue(as('dan', { insteadOf: [{ person: 'ben', ...brand, groups: [] }] }))).toEqual([id]);
  expect(await queue(as('ann', brand))).toEqual([]);
  await story.does('cat', decide());
  expect(await queue(as('ben', brand))).toEqual([]);
  expect(await queue(as('dan', { groups: ['legal'] }))).toEqual([id]);
  expect(await queue(as('eve'))).toEqual([id]);
  expect(await queue(as('zoe', { anybody: true }))).toEqual([id]);
  await story.does('dan', decide());
  expect(await queue(as('DAN', { groups: ['legal'] }))).toEqual([]);
});

it('shows the queue as it was', async () => {
  const id = await asked();
  const { position } = (await story.log()).at(-1)!;
  await story.does('cat', decide());
  expect(await queue(as('ben', { roles: ['brand manager'] }), { position })).toEqual([id]);
});

it('puts what is due first in front, in pages', async () => {
  const first = await asked();
  const other = '00000000-0000-4000-8000-000000000002';
  await story.does('ann', register({ asset: other, kind: 'video', content: content('film') }));
  const second = (await story.event('ReviewRequested', 'ann', requestReview({ asset: other }))).data.review;
  const rows = await waitingFor(await reader(), as('cat', { roles: ['brand manager'], anybody: true }));
  expect(rows.map((row) => row.review)).toEqual([first, second]);
  const list = queueOf(rows);
  const page = await list.page(await reader(), { first: 1 });
  expect(page).toMatchObject({ rows: [{ review: first }], hasNext: true });
  const mark = list.mark(page.rows[0]!, list.usual, 0);
  expect(await list.page(await reader(), { first: 5, after: mark })).toMatchObject({
    rows: [{ review: second }],
    hasNext: false,
  });
});

it('tells what the deadlines ask for next', async () => {
  const id = await asked();
  const next = async (at: string) => (await deadlineSteps(await reader(), at)).map(({ since }) => since);
  expect(await next('2026-03-03T15:59:59.999Z')).toEqual([]);
  expect(await next('2026-03-03T16:00:00.000Z')).toEqual(['2026-03-03T16:00:00.000Z']);
  story.now = '2026-03-03T16:00:00.000Z';
  await story.does('bot', keepDeadline(id));
  expect(await next('2026-03-04T16:00:00.000Z')).toEqual(['2026-03-04T16:00:00.000Z']);
  story.now = '2026-03-04T16:00:00.000Z';
  await story.does('bot', keepDeadline(id));
  expect(await next('2030-01-01T00:00:00.000Z')).toEqual([]);
  expect(await queue(as('eve'))).toEqual([id]);
  expect((await pathsOf(id))[0]?.candidates).toMatchObject({ people: ['eve'], roles: ['brand manager'] });
});

it('suspends with a request for changes and goes on in the next round', async () => {
  const id = await asked();
  await story.does('ann', assign('brand', 'cat'));
  expect((await pathsOf(id))[0]?.assigned).toEqual(['cat']);
  await story.does('cat', decide('changesRequested'));
  expect(await review(id)).toMatchObject({ status: 'suspended', stage: null, paths: [] });
  expect(await queue(as('ben', { roles: ['brand manager'] }))).toEqual([]);
  await story.does('ann', addVersion('second draft'));
  expect(await review(id)).toMatchObject({ status: 'open', round: 2, version: 2, stage: 'brand', decided: [] });
});

it.each([
  ['rejected', async () => story.does('ben', decide('reject'))],
  ['withdrawn', async () => story.does('ann', withdrawReview())],
  ['retired', async () => story.does('ann', retire())],
])('ends as %s', async (status, ending) => {
  const id = await asked();
  await ending();
  expect(await review(id)).toMatchObject({ status, endedAt: story.now, stage: null });
  expect(await queue(as('ben', { roles: ['brand manager'] }))).toEqual([]);
});

it('ends a review that has no workflow with whatever is new', async () => {
  const begin = async () => (await story.event('ReviewRequested', 'ann', requestReview())).data.review;
  await story.does('ann', register({ metadata: { claim: words('Fresh', true), shelf: words('7') } }));
  const first = await begin();
  await story.does('ann', changeMetadata({ set: { shelf: words('8') } }));
  expect((await review(first))?.status).toBe('open');
  await story.does('ann', changeMetadata({ unset: ['claim'] }));
  expect((await review(first))?.status).toBe('superseded');
  const second = await begin();
  await story.does('ann', addVersion('second draft'));
  expect((await review(second))?.status).toBe('superseded');
  const third = await begin();
  const now = { version: 2, digest: content('second draft').digest };
  await story.does('ben', decide('changesRequested', now));
  expect((await review(third))?.status).toBe('changesRequested');
});

it('lists reviews by asset, state and who asked, the latest first', async () => {
  const id = await asked();
  await story.does('ann', withdrawReview());
  story.now = '2026-03-03T09:00:00.000Z';
  const second = (await story.event('ReviewRequested', 'ann', requestReview())).data.review;
  const listed = async (filter: Parameters<typeof reviewList.page>[1]['filter']) =>
    (await reviewList.page(await reader(), { filter, first: 10 })).rows.map((row) => row.review);
  expect(await listed({ assetId: POSTER })).toEqual([second, id]);
  expect(await listed({ statusIn: ['withdrawn'] })).toEqual([id]);
  expect(await listed({ requestedById: 'ben' })).toEqual([]);
  expect(await listed({ due: { from: '2026-03-05T00:00:00.000Z' } })).toEqual([second]);
});

it('waits for nobody of a later stage once an earlier one is open again', async () => {
  const id = await asked();
  await story.does('cat', decide());
  expect(await queue(as('eve'))).toEqual([id]);
  await story.does('cat', withdrawDecision());
  expect(await queue(as('eve'))).toEqual([]);
  expect(await queue(as('cat', { roles: ['brand manager'] }))).toEqual([id]);
});

it('counts a substitute in the decision that they made', async () => {
  const id = await asked();
  await story.does('ben', nameSubstitute('dan'));
  await story.does('dan', decide('approve', { insteadOf: 'ben' }));
  expect((await review(id))?.decided).toMatchObject([{ by: 'dan', insteadOf: 'ben', paths: ['brand'] }]);
});
