import { contentOf, digestOf, type House, openHouse } from './house';

let house: House;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

interface QueueChange {
  readonly totalCount: number;
  readonly added: readonly { readonly id: string; readonly status: string }[];
  readonly removed: readonly string[];
}

it('tells an approver what waits for them, and what no longer does', async () => {
  const client = await house.socket(await house.token('approver', 'bob'));
  const items = client.iterate<{ reviewQueue: QueueChange }>({
    query: 'subscription { reviewQueue { totalCount added { id status } removed } }',
  });
  const next = async () => (await items.next()).value?.data?.reviewQueue as QueueChange;
  expect(await next()).toEqual({ totalCount: 0, added: [], removed: [] });

  const { asset } = await house.act('author:ana', 'assetRegister', {
    kind: 'IMAGE',
    title: 'Spring',
    content: contentOf('a'),
  });
  await house.act('author:ana', 'assetRequestReview', { assetId: asset.id });
  const asked = await next();
  expect(asked).toMatchObject({ totalCount: 1, added: [{ status: 'OPEN' }], removed: [] });
  const { id } = asked.added[0]!;

  const decision = { version: 1, digest: digestOf('a'), decision: 'APPROVE', role: 'brand' };
  const decided = await house.act('approver:cat', 'assetRecordDecision', { assetId: asset.id, ...decision });
  expect(decided.userErrors).toEqual([]);
  expect(await next()).toEqual({ totalCount: 0, added: [], removed: [id] });
  await items.return?.();
  await client.dispose();
});

it('shows the rulebook and its history', async () => {
  const empty = await house.ask('analyst', '{ rulebook { number } }');
  expect(empty.data.rulebook).toBeNull();
  const { userErrors, position } = await house.act('approver:maria', 'rulebookRevise', {
    entries: [],
    roles: [{ name: 'brand manager', people: ['ben'] }],
    editors: ['maria'],
  });
  expect(userErrors).toEqual([]);
  const { data } = await house.ask(
    'analyst',
    `query ($waitFor: Position) { rulebook(waitFor: $waitFor) {
      number entries { workflowId } roles { name people { id } } editors { id } history { nodes { type } } } }`,
    { waitFor: position },
  );
  expect(data.rulebook).toEqual({
    number: 1,
    entries: [],
    roles: [{ name: 'brand manager', people: [{ id: 'actor-ben' }] }],
    editors: [{ id: 'actor-maria' }],
    history: { nodes: [{ type: 'RulebookRevised' }] },
  });
  const again = await house.act('approver:bob', 'rulebookRevise', { entries: [] });
  expect(again.userErrors).toMatchObject([{ code: 'RULEBOOK_NOT_YOURS' }]);
});
