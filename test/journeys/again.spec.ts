import { type House, openHouse } from './house';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const PLAN = `mutation ($input: CampaignPlanInput!) { campaignPlan(input: $input) {
  repeated occurredAt position revision userErrors { code } campaign { id } } }`;

const plan = async (act: object, name = 'Summer', more: object = {}) =>
  (await house.ask('author:ann', PLAN, { input: { act, name, ...more } })).data.campaignPlan;

describe('the same key again, with another instant', () => {
  const FIRST = '2026-03-02T09:00:00.000Z';

  test.each([
    ['a later one', FIRST, '2026-03-05T10:00:00.000Z'],
    ['an earlier one', FIRST, '2020-01-01T00:00:00.000Z'],
    ['a millisecond later', FIRST, '2026-03-02T09:00:00.001Z'],
    ['none, where the first act named one', FIRST, undefined],
    ['one, where the first act named none', undefined, FIRST],
  ])('%s: the answer is the first act’s, with the recorded instant', async (why, first, second) => {
    const idempotencyKey = why.replaceAll(' ', '-');
    const done = await plan({ idempotencyKey, occurredAt: first });
    expect(done).toMatchObject({ repeated: false, occurredAt: first ?? expect.any(String), userErrors: [] });
    const again = await plan({ idempotencyKey, occurredAt: second });
    expect(again).toEqual({ ...done, repeated: true });
    const { data } = await house.ask(
      'analyst',
      `query ($id: ID!) { campaign(id: $id) { history { nodes { occurredAt } } } }`,
      {
        id: done.campaign.id,
      },
    );
    expect(data.campaign.history.nodes).toEqual([{ occurredAt: done.occurredAt }]);
  });

  test('a refused act recorded nothing, and its answer has no instant', async () => {
    const idempotencyKey = 'one';
    await plan({ idempotencyKey });
    expect(await plan({ idempotencyKey, occurredAt: FIRST }, 'Winter')).toMatchObject({
      repeated: false,
      occurredAt: null,
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }],
    });
  });
});

describe('a campaign after its last day', () => {
  const launch = (input: Record<string, unknown>) => house.act('author:ann', 'campaignLaunch', input);

  test('is launched only by a command that says so explicitly', async () => {
    const { campaign } = await plan({ idempotencyKey: 'over' }, 'Summer', { endsOn: '2026-03-01' });
    const refused = { position: null, userErrors: [{ code: 'CAMPAIGN_OVER', path: ['input', 'afterLastDay'] }] };
    expect(await launch({ campaignId: campaign.id })).toMatchObject(refused);
    expect(await launch({ campaignId: campaign.id, occurredAt: '2026-03-02T00:00:00.000Z' })).toMatchObject(refused);
    expect(await launch({ campaignId: campaign.id, afterLastDay: false })).toMatchObject(refused);
    expect(await launch({ campaignId: campaign.id, afterLastDay: true })).toMatchObject({
      userErrors: [],
      campaign: { status: 'LAUNCHED' },
    });
  });

  test('is launched without that if it was launched in time and is reported late', async () => {
    const { campaign } = await plan({ idempotencyKey: 'told-late' }, 'Summer', { endsOn: '2026-03-01' });
    expect(await launch({ campaignId: campaign.id, occurredAt: '2026-03-01T23:59:59.999Z' })).toMatchObject({
      userErrors: [],
      campaign: { status: 'LAUNCHED' },
    });
  });
});
