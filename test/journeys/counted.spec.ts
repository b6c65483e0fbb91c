import { createHash } from 'node:crypto';
import { contentOf, type House, openHouse } from './house';

let house: House;
const ids: string[] = [];

interface Asset {
  readonly id: string;
  readonly title: string;
  readonly uses: number;
  readonly campaignCount: number;
  readonly derivatives: number;
}

/** Twelve assets, some made from others, some placed in one or two campaigns. */
beforeAll(async () => {
  house = await openHouse();
  const done = async (who: Parameters<House['act']>[0], mutation: string, input: object) => {
    const payload = await house.act(who, mutation, input as Record<string, unknown>);
    expect(payload.userErrors).toEqual([]);
    return payload;
  };
  const campaigns: string[] = [];
  for (const name of ['Spring', 'Summer']) {
    const { campaign } = await done('author:ana', 'campaignPlan', { name });
    await done('author:ana', 'campaignLaunch', { campaignId: campaign.id });
    campaigns.push(campaign.id);
  }
  for (let n = 0; n < 12; n++) {
    const origin = n < 4 ? undefined : { assetId: ids[n % 3], version: 1 };
    const kind = n === 0 ? 'TEMPLATE' : 'IMAGE';
    const made = n % 2 === 0 ? { templateVersion: ids[0] && { assetId: ids[0], version: 1 } } : {};
    const from = origin === undefined ? {} : { derivedFrom: [origin], ...made };
    const input = { kind, title: `asset ${n}`, content: contentOf(`${n}`), ...from };
    const { asset } = await done('author:ana', 'assetRegister', input);
    ids.push(asset.id);
    await done('author:ana', 'assetRequestReview', { assetId: asset.id });
    const { digest } = contentOf(`${n}`);
    await done('approver:zoe', 'assetRecordDecision', {
      assetId: asset.id,
      version: 1,
      digest,
      decision: 'APPROVE',
      role: 'brand',
    });
    for (let use = 0; use < n % 4; use++) {
      const where = { campaignId: campaigns[use % 2], version: 1, channel: `channel ${use}` };
      await done('author:ana', 'assetPlaceInCampaign', { assetId: asset.id, ...where });
    }
  }
});
afterAll(() => house.close());

const QUERY = `query ($having: AssetHaving, $orderBy: AssetOrder, $first: Int, $after: String, $at: PointInTime, $filter: AssetFilter) {
  assets(having: $having, orderBy: $orderBy, first: $first, after: $after, at: $at, filter: $filter) {
    nodes { id title uses campaignCount derivatives } totalCount pageInfo { hasNextPage endCursor }
  }
}`;

async function page(variables: object) {
  const { data, errors } = await house.ask('analyst', QUERY, { ...variables });
  expect(errors).toBeUndefined();
  return data.assets as {
    readonly nodes: readonly Asset[];
    readonly totalCount: number;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

/** All pages, of three assets each. */
async function all(variables: object): Promise<readonly Asset[]> {
  const found: Asset[] = [];
  for (let after: string | undefined; ; ) {
    const { nodes, totalCount, pageInfo } = await page({ ...variables, first: 3, after });
    found.push(...nodes);
    if (!pageInfo.hasNextPage) {
      expect(found).toHaveLength(totalCount);
      return found;
    }
    after = pageInfo.endCursor;
  }
}

const NUMBERS = { USES: 'uses', CAMPAIGN_COUNT: 'campaignCount', DERIVATIVES: 'derivatives' } as const;

it.each([
  { uses: { min: 1 } },
  { uses: { max: 0 } },
  { uses: { min: 2, max: 2 }, campaignCount: { min: 2 } },
  { derivatives: { min: 1 } },
  { derivatives: { max: 0 }, uses: { min: 3 } },
  { campaignCount: { min: 1, max: 1 } },
])('finds the assets whose own numbers are in %j, page by page', async (having) => {
  const everything = await all({});
  const ranges = Object.entries(having) as [keyof typeof having, { min?: number; max?: number }][];
  const wanted = everything.filter((asset) =>
    ranges.every(([name, { min = 0, max = 99 }]) => asset[name] >= min && asset[name] <= max),
  );
  expect(wanted.length).toBeGreaterThan(0);
  expect(wanted.length).toBeLessThan(everything.length);
  expect(await all({ having })).toEqual(wanted);
  const byTitle = { by: 'TITLE', direction: 'ASC' };
  expect((await all({ having, orderBy: byTitle })).map(({ id }) => id).sort()).toEqual(
    wanted.map(({ id }) => id).sort(),
  );
});

it.each(Object.entries(NUMBERS))('sorts by %s in both directions, page by page', async (by, name) => {
  const everything = await all({});
  for (const [direction, sign] of [
    ['ASC', 1],
    ['DESC', -1],
  ] as const) {
    const sorted = [...everything].sort(
      (one, other) => sign * (one[name] - other[name]) || (one.id < other.id ? -1 : 1),
    );
    expect(await all({ orderBy: { by, direction } })).toEqual(sorted);
  }
  expect(new Set(everything.map((asset) => asset[name])).size).toBeGreaterThan(1);
});

it('counts as of a moment, and together with a filter', async () => {
  const at = { occurredAt: '2000-01-01T00:00:00Z' };
  expect((await page({ at, having: { uses: { min: 1 } } })).totalCount).toBe(0);
  const filter = { kindIn: ['TEMPLATE'] };
  const [template] = await all({ filter, having: { derivatives: { min: 1 } }, orderBy: { by: 'DERIVATIVES' } });
  expect(template).toMatchObject({ title: 'asset 0' });
});

it.each([
  [{ having: { uses: { min: 3, max: 2 } } }, ['having', 'uses'], 'having.uses has no number in it: from 3 to 2.'],
  [
    { having: { derivatives: { min: -1 } } },
    ['having', 'derivatives', 'min'],
    'having.derivatives.min must be 0 or more, not -1.',
  ],
])('refuses %j', async (variables, argument, message) => {
  const { errors } = await house.ask('analyst', QUERY, variables);
  expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT', argument } }]);
});

it('lets one operation count often, but not without end', async () => {
  const fields = (many: number) =>
    Array.from({ length: many }, (_, n) => `a${n}: assets(first: 1, having: { uses: { min: 1 } }) { totalCount }`);
  expect((await house.ask('analyst', `{ ${fields(5).join(' ')} }`)).errors).toBeUndefined();
  const { errors } = await house.ask('analyst', `{ ${fields(20).join(' ')} }`);
  expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COSTLY' } }]);
  const sorted = `query ($orderBy: AssetOrder) { ${Array.from({ length: 20 }, (_, n) => `a${n}: assets(first: 1, orderBy: $orderBy) { pageInfo { hasNextPage } }`).join(' ')} }`;
  expect((await house.ask('analyst', sorted, { orderBy: { by: 'TITLE' } })).errors).toBeUndefined();
  const dear = await house.ask('analyst', sorted, { orderBy: { by: 'CAMPAIGN_COUNT' } });
  expect(dear.errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COSTLY' } }]);
});

it.each([
  ['step: REQUEST_TO_APPROVAL, by: [ROLE]', ['by'], 'by: REQUEST_TO_APPROVAL has no ROLE; it has WEEK, MONTH'],
  ['step: REQUEST_TO_APPROVAL, filter: { role: "brand" }', ['filter', 'role'], 'filter.role: REQUEST_TO_APPROVAL has'],
  ['step: REQUEST_TO_DECISION, orderBy: { by: KIND }', ['orderBy', 'by'], 'orderBy.by: KIND is not among'],
  [
    'step: REQUEST_TO_DECISION, filter: { began: { from: "2026-05-01", to: "2026-04-01" } }',
    ['filter', 'began'],
    'filter.began ends before it begins: from 2026-05-01 to 2026-04-01.',
  ],
])('refuses durations of %s', async (given, argument, message) => {
  const { errors } = await house.ask('analyst', `{ durations(${given}) { totalCount } }`);
  const begins = expect.stringContaining(message);
  expect(errors).toMatchObject([{ message: begins, extensions: { code: 'BAD_USER_INPUT', argument } }]);
});

it('measures how long work took, and says what it measured', async () => {
  const { data } = await house.ask(
    'analyst',
    '{ durations(step: REQUEST_TO_APPROVAL, by: [YEAR, KIND]) { totalCount computedAt definition { text sha256 } nodes { year kind begun ended open dropped medianSeconds } } }',
  );
  const { definition, nodes, totalCount } = data.durations;
  expect(definition.sha256).toBe(createHash('sha256').update(definition.text).digest('hex'));
  expect(nodes).toHaveLength(totalCount);
  for (const { begun, ended, open, dropped, medianSeconds } of nodes) {
    expect(Number(begun)).toBe(Number(ended) + Number(open) + Number(dropped));
    expect(medianSeconds === null).toBe(ended === '0');
  }
});
