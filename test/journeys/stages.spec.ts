import { contentOf, digestOf, type House, openHouse } from './house';

/** What the clock of the server shows; the story sets it. */
let now: string;
let house: House;

beforeAll(async () => {
  now = '2026-03-27T08:00:00.000Z';
  house = await openHouse(undefined, undefined, { clock: () => Date.parse(now) });
});
afterAll(() => house.close());

const WORK = { timeZone: 'Europe/Berlin', weekdays: weekdays(), from: '09:00', to: '17:00' };

function weekdays(): readonly string[] {
  return ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'];
}

const stages = [
  {
    id: 'brand',
    name: 'Brand',
    paths: [{ id: 'brand', candidates: { roles: ['brand manager'] }, quorum: 1 }],
    deadline: {
      workingDays: 1,
      remindBefore: [24],
      onSilence: 'ESCALATE',
      escalateTo: { people: ['bea'] },
    },
  },
  {
    id: 'legal',
    name: 'Legal',
    paths: [
      { id: 'law', name: 'Law', candidates: { groups: ['legal'] }, quorum: 2 },
      { id: 'privacy', name: 'Data protection', candidates: { people: ['pia', 'lea'] }, quorum: 1 },
    ],
  },
  { id: 'market', name: 'Market', paths: [{ id: 'market', candidates: { people: ['max'] }, quorum: 1 }] },
];

const REVIEW = `id status stage stageName waitingSince due round
  paths { path quorum received needed waitingFor { id } filledBy { id } }
  decisions { decidedBy { id } insteadOf { id } decision stage }`;

async function review(id: string) {
  const { data } = await house.ask('auditor', `query ($id: ID!) { review(id: $id) { ${REVIEW} } }`, { id });
  return data.review;
}

/** What waits for somebody, once everything up to now can be read. */
async function queue(who: `approver:${string}`, waitFor?: string): Promise<readonly string[]> {
  const query = 'query ($waitFor: Position) { reviews(needsMe: true, waitFor: $waitFor) { nodes { id } } }';
  return (await house.ask(who, query, { waitFor })).data.reviews.nodes.map(({ id }: { id: string }) => id);
}

/** Everything that has happened can be read. */
async function readable(): Promise<void> {
  const { runtime, store } = house.started.app;
  await runtime.waitFor(await store.head());
}

/** It is later: the policies look at the clock, and what follows can be read. */
async function timePasses(to: string): Promise<void> {
  now = to;
  await readable();
  await house.started.app.policies.tick();
  await readable();
}

it('takes a poster through brand, legal and market, with a substitute, over the change to summer time', async () => {
  // Maria writes down who decides, and for which assets.
  const defined = await house.act('approver:maria', 'workflowDefine', {
    definition: { name: 'Brand, legal, market', stages, calendar: WORK },
  });
  expect(defined.userErrors).toEqual([]);
  const { data } = await house.ask('analyst', '{ workflows { nodes { id name version diagram } } }');
  const [workflow] = data.workflows.nodes;
  expect(workflow).toMatchObject({ name: 'Brand, legal, market', version: 1 });
  expect(workflow.diagram).toContain('flowchart LR');
  const revised = await house.act('approver:maria', 'rulebookRevise', {
    entries: [{ scope: { kind: 'IMAGE' }, workflowId: workflow.id }],
    roles: [{ name: 'brand manager', people: ['ben'] }],
    groups: [{ name: 'legal', people: ['lea', 'leo'] }],
    editors: ['maria'],
  });
  expect(revised.userErrors).toEqual([]);

  // Ana asks on Friday morning. The brand has until the end of work on Monday: 17:00 in Berlin, where the clock is set
  // forward on Sunday, so 15:00 in UTC and not 16:00.
  const content = contentOf('a');
  const { asset } = await house.act('author:ana', 'assetRegister', { kind: 'IMAGE', title: 'Spring', content });
  const requested = await house.act('author:ana', 'assetRequestReview', { assetId: asset.id });
  expect(requested.userErrors).toEqual([]);
  const { data: found } = await house.ask(
    'author:ana',
    'query ($asset: ID!, $waitFor: Position) { reviews(filter: { assetId: $asset }, waitFor: $waitFor) { nodes { id } } }',
    { asset: asset.id, waitFor: requested.position },
  );
  const { id } = found.reviews.nodes[0];
  expect(await review(id)).toMatchObject({
    ...{ status: 'OPEN', stage: 'brand', waitingSince: now, due: '2026-03-30T15:00:00.000Z' },
    paths: [{ path: 'brand', quorum: 1, received: 0, needed: 1, waitingFor: [{ id: 'actor-ben' }] }],
  });
  expect(await queue('approver:ben', requested.position)).toEqual([id]);
  expect(await queue('approver:bea', requested.position)).toEqual([]);

  const decide = (who: `approver:${string}`, more: object = {}) =>
    house.act(who, 'assetRecordDecision', {
      ...{ assetId: asset.id, version: 1, digest: digestOf('a'), decision: 'APPROVE', role: 'reviewer' },
      ...more,
    });
  expect((await decide('approver:ana')).userErrors.map(({ code }: { code: string }) => code)).toContain('FOUR_EYES');
  expect((await decide('approver:bea')).userErrors).toMatchObject([{ code: 'NOT_A_CANDIDATE' }]);

  // Ben is silent. He is reminded a day before; an hour before the end of work nothing else has happened.
  await timePasses('2026-03-30T14:00:00.000Z');
  const types = async () => {
    const query = 'query ($asset: ID!) { assetHistory(assetId: $asset, first: 100) { nodes { type sentence } } }';
    return (await house.ask('auditor', query, { asset: asset.id })).data.assetHistory.nodes as {
      readonly type: string;
      readonly sentence: string;
    }[];
  };
  expect((await types()).at(-1)?.type).toBe('ReviewReminded');

  // At the end of work the review is escalated to Bea, and waits for her too.
  await timePasses('2026-03-30T15:00:00.000Z');
  expect((await types()).at(-1)?.sentence).toBe(
    'The deadline 2026-03-30T15:00:00.000Z passed, and more people may decide on version 1 in the stage brand.',
  );
  expect(await queue('approver:bea')).toEqual([id]);
  const brand = await decide('approver:bea');
  expect(brand.userErrors).toEqual([]);
  expect(await queue('approver:bea', brand.position)).toEqual([]);

  // Lea is away, and Sam stands in for her. Alone he fills one path; Leo and Pia fill the others, in whatever order.
  now = '2026-03-31T08:00:00.000Z';
  const away = { from: '2026-03-31T00:00:00.000Z', until: '2026-04-07T00:00:00.000Z' };
  const named = await house.act('approver:lea', 'rulebookNameSubstitute', { substitute: 'sam', ...away });
  expect(named.userErrors).toEqual([]);
  expect((await decide('approver:sam')).userErrors).toMatchObject([
    {
      code: 'NOT_A_CANDIDATE',
      message: 'You are no candidate of this stage yourself, but you stand in for lea: say insteadOf.',
    },
  ]);
  expect((await decide('approver:sam', { insteadOf: 'lea' })).userErrors).toEqual([]);
  expect((await decide('approver:lea')).userErrors).toMatchObject([{ code: 'ALREADY_DECIDED' }]);
  const law = await decide('approver:leo');
  expect(law.userErrors).toEqual([]);
  await readable();
  expect((await review(id)).paths).toMatchObject([
    { path: 'law', received: 2, needed: 0, filledBy: [{ id: 'actor-sam' }, { id: 'actor-leo' }] },
    { path: 'privacy', received: 0, needed: 1, waitingFor: [{ id: 'actor-pia' }] },
  ]);
  expect((await decide('approver:pia')).userErrors).toEqual([]);

  // The market is last, and with it the poster is approved.
  const last = await decide('approver:max');
  expect(last).toMatchObject({ userErrors: [], asset: { status: 'APPROVED' } });
  await readable();
  const approved = await review(id);
  expect(approved.status).toBe('APPROVED');
  expect(approved.decisions).toMatchObject([
    { decidedBy: { id: 'actor-bea' }, insteadOf: null, stage: 'brand' },
    { decidedBy: { id: 'actor-sam' }, insteadOf: { id: 'actor-lea' }, stage: 'legal' },
    { decidedBy: { id: 'actor-leo' }, stage: 'legal' },
    { decidedBy: { id: 'actor-pia' }, stage: 'legal' },
    { decidedBy: { id: 'actor-max' }, stage: 'market' },
  ]);

  // As of Monday morning it still waited for Ben.
  const past = await house.ask(
    'auditor',
    `query ($id: ID!) { review(id: $id, at: { occurredAt: "2026-03-30T06:00:00Z" }) { ${REVIEW} } }`,
    { id },
  );
  expect(past.data.review).toMatchObject({ status: 'OPEN', stage: 'brand', decisions: [] });
});
