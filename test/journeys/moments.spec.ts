import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { IdQueries, type Named, namedIn } from '../graphql/nodes';
import { contentOf, digestOf, type House, openHouse } from './house';

const SCHEMA = buildSchema(readFileSync(join(__dirname, '../../schema.graphql'), 'utf8'));
const FOUND = 'query ($id: ID!) { node(id: $id) { __typename id } }';

let house: House;
let asset: string;
let campaign: string;
let licence: string;
let workflow: string;
let recall: string;
let review: string;
/** Position at which the placement had started, under the title "Spring". */
let then: string;
let last: string;
/** When everything was recorded. */
let now: string;
/** An approved version runs in a campaign; later the asset gets another title and another version. */
beforeAll(async () => {
  house = await openHouse();
  const act = async (who: Parameters<House['act']>[0], mutation: string, input: object) => {
    const payload = await house.act(who, mutation, { occurredAt: '2024-03-01T08:00:00Z', ...input });
    expect(payload.userErrors).toEqual([]);
    last = payload.position;
    return payload;
  };
  asset = (await act('author:ana', 'assetRegister', { kind: 'IMAGE', title: 'Spring', content: contentOf('a') })).asset
    .id;
  await act('author:ana', 'assetRequestReview', { assetId: asset });
  const decision = { assetId: asset, version: 1, digest: digestOf('a'), decision: 'APPROVE', role: 'brand' };
  await act('approver:ben', 'assetRecordDecision', decision);
  campaign = (await act('author:ana', 'campaignPlan', { name: 'Season' })).campaign.id;
  await act('author:ana', 'campaignLaunch', { campaignId: campaign });
  const terms = { allowed: ['DISPLAY'], territories: ['worldwide'] };
  licence = (await act('approver:ben', 'licenceGrant', { holder: 'Studio North', terms })).licence.id;
  const stages = [{ id: 'brand', paths: [{ id: 'brand', candidates: { roles: ['brand'] }, quorum: 1 }] }];
  workflow = (await act('approver:ben', 'workflowDefine', { definition: { name: 'Brand', stages } })).workflow.id;
  await act('author:ana', 'assetPlaceInCampaign', { assetId: asset, campaignId: campaign, version: 1, channel: 'web' });
  const recalled = { assetId: asset, reason: 'Wrong logo', dueBy: '2024-12-01T08:00:00Z' };
  recall = (await act('approver:ben', 'recallOpen', recalled)).recall.id;
  then = last;
  const later = { occurredAt: '2024-09-01T08:00:00Z' };
  await act('author:ana', 'assetChangeMetadata', { assetId: asset, title: 'Autumn', ...later });
  await act('author:ana', 'assetAddVersion', { assetId: asset, content: contentOf('b'), ...later });
  await house.ask('analyst', 'query ($last: Position) { head(waitFor: $last) { position } }', { last });
  const { data } = await house.ask('analyst', '{ reviews(first: 1) { nodes { id } } }');
  review = data.reviews.nodes[0].id;
  now = new Date().toISOString();
});
afterAll(() => house.close());

/** Every object that any query reaches as of a moment. */
async function reached(at: object | null): Promise<readonly Named[]> {
  const found: Named[] = [];
  const version = `${asset.replace('asset', 'version')}.1`;
  const queries = new IdQueries(SCHEMA, { asset, campaign, licence, recall, review, version, workflow });
  for (const [field, query] of queries.withMoment(2)) {
    const { data, errors } = await house.ask('analyst', query, { at });
    expect([field, errors]).toEqual([field, undefined]);
    found.push(...namedIn(data));
  }
  return found;
}

const MOMENTS: readonly (readonly [string, () => object, () => string])[] = [
  ['a position', () => ({ position: then }), () => `@p${then}`],
  ['an instant of recording', () => ({ recordedAt: now }), () => `@r${now}`],
  ['an instant of the acts', () => ({ occurredAt: '2024-06-01T00:00:00Z' }), () => '@o2024-06-01T00:00:00.000Z'],
  [
    'both instants',
    () => ({ both: { recordedAt: now, occurredAt: '2024-06-01T00:00:00Z' } }),
    () => `@r${now}@o2024-06-01T00:00:00.000Z`,
  ],
  [
    'a position and an instant of the acts',
    () => ({ both: { position: then, occurredAt: '2024-06-01T00:00:00Z' } }),
    () => `@p${then}@o2024-06-01T00:00:00.000Z`,
  ],
];

describe.each(MOMENTS)('an answer as of %s', (_name, at, suffix) => {
  it('gives every object except actors an id that names the moment, and the id resolves to the object', async () => {
    const found = await reached(at());
    const [actors, others] = [true, false].map((wanted) =>
      found.filter(({ __typename }) => (__typename === 'Actor') === wanted),
    );
    expect(new Set(others!.map(({ __typename }) => __typename)).size).toBeGreaterThanOrEqual(6);
    for (const { id } of actors!) expect(id).not.toContain(suffix());
    for (const named of others!) {
      expect(named.id).toMatch(new RegExp(`^[a-z]+-.+${suffix()}$`));
      const { data } = await house.ask('analyst', FOUND, { id: named.id });
      expect(data.node).toEqual(named);
    }
  });
});

it('an answer about the present has ids without a moment', async () => {
  const found = await reached(null);
  expect(found.length).toBeGreaterThanOrEqual(8);
  for (const { id } of found) expect(id).not.toContain('@');
});

it('resolves an id that names a moment to the past state of the object', async () => {
  const query = `query ($id: ID!) { node(id: $id) { ... on Asset { title versionCount computedAt
    currentVersion { number digest } approval { live } } } }`;
  const past = await house.ask('analyst', query, { id: `${asset}@p${then}` });
  expect(past.data.node).toMatchObject({
    title: 'Spring',
    versionCount: 1,
    computedAt: then,
    currentVersion: { number: 1, digest: digestOf('a') },
    approval: { live: true },
  });
  const present = await house.ask('analyst', query, { id: asset });
  expect(present.data.node).toMatchObject({ title: 'Autumn', versionCount: 2, approval: null });
  const before = await house.ask('analyst', query, { id: `${asset}@o2020-01-01T00:00:00.000Z` });
  expect(before.data).toEqual({ node: null });
});

it('gives null for an id with an invalid moment', async () => {
  for (const moment of ['', '@', '@p1', '@x2020-01-01T00:00:00.000Z', '@r2020-01-01', `@p${then}@p${then}`]) {
    const { data } = await house.ask('analyst', FOUND, { id: `${asset}${moment === '' ? '@' : moment}` });
    expect(data).toEqual({ node: null });
  }
});

it('refuses the id of a past state as an argument, with advice', async () => {
  const message = `must not name a past moment: leave out "@p${then}"; a query takes the moment as its argument at`;
  const id = `${asset}@p${then}`;
  const { errors } = await house.ask('analyst', 'query ($id: ID!) { asset(id: $id) { id } }', { id });
  expect(errors).toMatchObject([
    { message: `id ${message}.`, extensions: { code: 'BAD_USER_INPUT', argument: ['id'] } },
  ]);
  const campaigns = { id: `${campaign}@p${then}` };
  const other = await house.ask('analyst', 'query ($id: ID!) { campaign(id: $id) { id } }', campaigns);
  expect(other.errors).toMatchObject([{ message: `id ${message}.` }]);
  const { userErrors } = await house.act('author:ana', 'assetRetire', { assetId: id });
  expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', message: expect.stringContaining(message) }]);
});

it('has, as of an occurredAt, the versions added until then, in whatever order they were recorded', async () => {
  const registered = await house.act('author:ana', 'assetRegister', {
    kind: 'IMAGE',
    title: 'Late',
    content: contentOf('c'),
    occurredAt: '2024-01-01T08:00:00Z',
  });
  const { id } = registered.asset;
  for (const [text, occurredAt] of [
    ['d', '2024-03-01T08:00:00Z'],
    ['e', '2024-02-01T08:00:00Z'],
  ]) {
    const payload = await house.act('author:ana', 'assetAddVersion', {
      assetId: id,
      content: contentOf(text!),
      occurredAt,
    });
    last = payload.position;
  }
  const query = `query ($id: ID!, $at: PointInTime, $last: Position) { asset(id: $id, at: $at, waitFor: $last) {
    versions { totalCount nodes { number } } currentVersion { number } } }`;
  const { data } = await house.ask('analyst', query, { id, at: { occurredAt: '2024-02-15T00:00:00Z' }, last });
  expect(data.asset).toEqual({
    versions: { totalCount: 2, nodes: [{ number: 3 }, { number: 1 }] },
    currentVersion: { number: 3 },
  });
});

describe('an invalid moment', () => {
  const refusals: readonly (readonly [string, object, string])[] = [
    ['a time of recording in the future', { recordedAt: '9999-01-01T00:00:00Z' }, 'at.recordedAt lies in the future'],
    ['a time of acts in the future', { occurredAt: '9999-01-01T00:00:00Z' }, 'at.occurredAt lies in the future'],
    ['a position of another log', { position: '00000000000099999999' }, 'lies behind the end of the log'],
    ['a time before anything was recorded', { recordedAt: '2019-05-01T00:00:00Z' }, 'lies before the first event'],
    ['a position before the first event', { position: '00000000000000000000' }, 'lies before the first event'],
    [
      'neither a position nor a time of recording beside the time of acts',
      { both: { occurredAt: '2024-01-01T00:00:00Z' } },
      'at.both takes occurredAt and exactly one of position and recordedAt',
    ],
    [
      'both of them',
      {
        both: {
          occurredAt: '2024-01-01T00:00:00Z',
          recordedAt: '2024-01-01T00:00:00Z',
          position: '00000000000000000001',
        },
      },
      'at.both takes occurredAt and exactly one of position and recordedAt',
    ],
  ];
  it.each(refusals)('is refused with its argument: %s', async (_name, at, message) => {
    const { errors } = await house.ask('analyst', 'query ($at: PointInTime) { assets(at: $at) { totalCount } }', {
      at,
    });
    expect(errors).toMatchObject([
      { message: expect.stringContaining(message), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });
});
