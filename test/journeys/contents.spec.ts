import { contentOf, digestOf, type House, openHouse } from './house';

let house: House;
let campaign: string;
let asset: string;
let first: string;
let last: string;

/** A campaign whose contents a tool reported twice, a year apart. */
beforeAll(async () => {
  house = await openHouse();
  const registered = { kind: 'IMAGE', title: 'Sun', occurredAt: '2019-01-01T08:00:00Z', content: contentOf('a') };
  asset = (await house.act('author:ana', 'assetRegister', registered)).asset.id;
  const planned = { name: 'v1.0', occurredAt: '2019-01-02T08:00:00Z' };
  campaign = (await house.act('author:ana', 'campaignPlan', planned)).campaign.id;
  const put = [
    { path: 'icons/sun.svg', digest: digestOf('a'), bytes: '2048', assetId: asset, version: 1 },
    { path: 'icons/moon.svg', digest: digestOf('b') },
    { path: 'icons/été.svg', digest: digestOf('c') },
  ];
  const report = { campaignId: campaign, put, occurredAt: '2019-02-01T08:00:00Z' };
  first = (await house.act('author:ana', 'campaignObserveContents', report)).position;
  const change = { campaignId: campaign, put: [], gone: ['icons/moon.svg'], occurredAt: '2020-02-01T08:00:00Z' };
  last = (await house.act('author:ana', 'campaignObserveContents', change)).position;
});
afterAll(() => house.close());

const CONTENTS = `query ($id: ID!, $first: Int, $after: String, $waitFor: Position, $asset: ID, $at: PointInTime) {
  campaign(id: $id, at: $at, waitFor: $waitFor) { contents(first: $first, after: $after, assetId: $asset) {
    totalCount offRecord computedAt pageInfo { hasNextPage endCursor }
    nodes { path digest bytes version asset { id } content { digest } } } }
}`;

async function contents(variables: object = {}) {
  const reply = await house.ask('auditor', CONTENTS, { id: campaign, ...variables });
  expect(reply.errors).toBeUndefined();
  return reply.data.campaign.contents;
}
const paths = async (variables: object = {}) =>
  (await contents({ waitFor: last, ...variables })).nodes.map(({ path }: { path: string }) => path);

it('shows in one query what was in a release: each file, its bytes, the asset and the version', async () => {
  const answer = await contents({ waitFor: last });
  expect(answer).toMatchObject({ totalCount: 2, offRecord: 1, pageInfo: { hasNextPage: false } });
  expect(answer.nodes).toEqual([
    {
      path: 'icons/sun.svg',
      digest: digestOf('a'),
      bytes: '2048',
      version: 1,
      asset: { id: asset },
      content: { digest: digestOf('a') },
    },
    { path: 'icons/été.svg', digest: digestOf('c'), bytes: null, version: null, asset: null, content: null },
  ]);
});

it('continues after the cursor of a page, whatever the path', async () => {
  const page = await contents({ first: 1, waitFor: last });
  expect(page.pageInfo.hasNextPage).toBe(true);
  expect(await paths({ first: 1, after: page.pageInfo.endCursor })).toEqual(['icons/été.svg']);
});

it('answers as of the campaign’s moment', async () => {
  const all = ['icons/moon.svg', 'icons/sun.svg', 'icons/été.svg'];
  for (const moment of [{ position: first }, { occurredAt: '2019-06-01T00:00:00Z' }]) {
    expect(await paths({ at: moment })).toEqual(all);
  }
  expect(await paths({ at: { occurredAt: '2019-01-10T00:00:00Z' } })).toEqual([]);
  expect(await contents({ at: { position: first } })).toMatchObject({ totalCount: 3, offRecord: 2 });
});

it('says whether an asset was in it', async () => {
  expect(await contents({ asset, waitFor: last })).toMatchObject({ totalCount: 1, nodes: [{ path: 'icons/sun.svg' }] });
  const other = 'asset-00000000-0000-4000-8000-000000000000';
  expect(await contents({ asset: other, waitFor: last })).toMatchObject({ totalCount: 0, nodes: [] });
});

it('is empty if nothing was reported', async () => {
  const { campaign: plain, position } = await house.act('author:ana', 'campaignPlan', { name: 'Summer' });
  const reply = await house.ask('auditor', CONTENTS, { id: plain.id, waitFor: position });
  expect(reply.data.campaign.contents).toMatchObject({ totalCount: 0, nodes: [] });
});

it('refuses a page of more than 100 files, a cursor of another list and an invalid id', async () => {
  for (const variables of [{ first: 101 }, { after: 'bm9uZQ' }, { asset: 'x' }]) {
    const reply = await house.ask('auditor', CONTENTS, { id: campaign, ...variables });
    expect(reply.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  }
});

it('names the invalid file of a report', async () => {
  const put = [{ path: 'a', digest: digestOf('a'), assetId: 'x' }];
  const { userErrors } = await house.act('author:ana', 'campaignObserveContents', { campaignId: campaign, put });
  expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'put', '0', 'assetId'] }]);
});

it('accepts a placement of bytes that are no version, and shows it as such', async () => {
  const seen = {
    assetId: asset,
    campaignId: campaign,
    digest: digestOf('f'),
    path: 'icons/sun.svg',
    channel: 'release',
  };
  const { position, userErrors } = await house.act('author:ana', 'assetObservePlacement', seen);
  expect(userErrors).toEqual([]);
  const query = `query ($asset: ID!, $waitFor: Position) { placements(filter: { assetId: $asset }, waitFor: $waitFor) {
    nodes { version digest path wouldRefuse } } }`;
  const { data } = await house.ask('auditor', query, { asset, waitFor: position });
  const wouldRefuse = ['VERSION_NOT_FOUND', 'NOT_APPROVED', 'CAMPAIGN_NOT_OPEN'];
  expect(data.placements.nodes).toEqual([{ version: null, digest: digestOf('f'), path: 'icons/sun.svg', wouldRefuse }]);
});
