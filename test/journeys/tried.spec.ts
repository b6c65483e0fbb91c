import { contentOf, digestOf, type House, openHouse } from './house';

let house: House;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const act = { idempotencyKey: 'tried' };

async function tried(who: `approver:${string}` | `author:${string}`, asked: object) {
  const query = 'query ($act: TriedAct!) { viewer { wouldRefuse(act: $act) { code path } } }';
  return house.ask(who, query, { act: asked });
}

it('tells before an act why it would be refused, and writes nothing', async () => {
  const { asset } = await house.act('author:ana', 'assetRegister', {
    kind: 'IMAGE',
    title: 'Spring',
    content: contentOf('a'),
  });
  const decision = { assetId: asset.id, version: 1, digest: digestOf('a'), decision: 'APPROVE', role: 'brand' };
  const asks = (who: `approver:${string}`, more: object = {}) =>
    tried(who, { assetRecordDecision: { act, ...decision, ...more } });
  const before = await house.ask('analyst', '{ head { position } }');
  expect((await asks('approver:bob')).data.viewer.wouldRefuse).toEqual([{ code: 'REVIEW_NOT_OPEN', path: null }]);
  await house.act('author:ana', 'assetRequestReview', { assetId: asset.id });
  expect((await asks('approver:bob')).data.viewer.wouldRefuse).toEqual([]);
  expect((await asks('approver:ana', { version: 2 })).data.viewer.wouldRefuse).toEqual([
    { code: 'DECISION_STALE', path: ['input', 'version'] },
    { code: 'FOUR_EYES', path: null },
  ]);
  expect((await asks('approver:bob', { role: ' ' })).data.viewer.wouldRefuse).toEqual([
    { code: 'INVALID_INPUT', path: ['input', 'role'] },
  ]);
  expect((await asks('approver:bob', { act: { ...act, expectedRevision: 0 } })).data.viewer.wouldRefuse).toMatchObject([
    { code: 'REVISION_CONFLICT' },
  ]);
  const after = await house.ask('analyst', '{ head { position } }');
  expect(Number(after.data.head.position) - Number(before.data.head.position)).toBe(1);
  // Asked about, it can still be done with the same key.
  const done = await house.act('approver:bob', 'assetRecordDecision', { ...decision, idempotencyKey: 'tried' });
  expect(done).toMatchObject({ userErrors: [], repeated: false, asset: { status: 'APPROVED' } });
  expect((await asks('approver:bob')).data.viewer.wouldRefuse).toEqual([]);
});

it('asks about one act that the roles allow', async () => {
  const refused = await tried('author:ana', {
    campaignEnd: { act, campaignId: 'x' },
    campaignLaunch: { act, campaignId: 'x' },
  });
  expect(refused.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  const forbidden = await tried('author:ana', {
    workflowDefine: { act, definition: { name: 'W', stages: [] } },
  });
  expect(forbidden.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});
