import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema } from 'graphql';
import { PROJECTIONS } from '../../projections/all';
import { contentOf, type House, openHouse } from './house';

let house: House;
const positions: string[] = [];

/** Three assets, one act after another, each done on its own day. */
beforeAll(async () => {
  house = await openHouse();
  const acts = [
    { title: 'Spring banner', tags: ['spring', 'web'], occurredAt: '2019-03-01T08:00:00Z', content: contentOf('a') },
    { title: 'Summer banner', tags: ['summer', 'web'], occurredAt: '2019-06-01T08:00:00Z', content: contentOf('b') },
    { title: 'Été à la plage', tags: ['summer'], occurredAt: '2019-07-01T08:00:00+02:00' },
  ];
  for (const input of acts) {
    const { position, userErrors } = await house.act('author:ana', 'assetRegister', { kind: 'IMAGE', ...input });
    expect(userErrors).toEqual([]);
    positions.push(position);
  }
});
afterAll(() => house.close());

const TITLES = `query ($filter: AssetFilter, $orderBy: AssetOrder, $first: Int, $after: String,
  $waitFor: Position, $at: PointInTime) {
  assets(filter: $filter, orderBy: $orderBy, first: $first, after: $after, waitFor: $waitFor, at: $at) {
    nodes { title } totalCount computedAt pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}`;

async function titles(variables: object): Promise<string[]> {
  const reply = await house.ask('analyst', TITLES, { waitFor: positions[2], ...variables });
  expect(reply.errors).toBeUndefined();
  return reply.data.assets.nodes.map((node: { title: string }) => node.title);
}

describe('querying the library', () => {
  it('includes one’s own write after waiting for its position', async () => {
    const { asset, position } = await house.act('author:ana', 'assetRegister', { kind: 'COPY', title: 'Just now' });
    const reply = await house.ask(
      'author:ana',
      'query ($id: ID!, $waitFor: Position) { asset(id: $id, waitFor: $waitFor) { title position computedAt } }',
      { id: asset.id, waitFor: position },
    );
    expect(reply.data.asset.title).toBe('Just now');
    expect(reply.data.asset.position).toBe(position);
    expect(reply.data.asset.computedAt >= position).toBe(true);
    expect(reply.extensions?.position).toBe(reply.data.asset.computedAt);
    await house.act('author:ana', 'assetRetire', { assetId: asset.id });
  });

  it('filters by tag and words, in any order', async () => {
    const kind = ['IMAGE'];
    expect(await titles({ filter: { tagsAll: ['web', 'summer'] } })).toEqual(['Summer banner']);
    expect(await titles({ filter: { titleMatches: 'ETE plage' } })).toEqual(['Été à la plage']);
    const byTitle = { by: 'TITLE', direction: 'ASC' };
    expect(await titles({ filter: { kindIn: kind }, orderBy: byTitle })).toHaveLength(3);
    expect(await titles({ filter: { kindIn: kind } })).toEqual(['Été à la plage', 'Summer banner', 'Spring banner']);
    expect(await titles({ filter: { tool: 'figma' } })).toEqual(['Summer banner', 'Spring banner']);
  });

  it('shows lists and searches as of a position, an instant of recording, and an instant of the acts', async () => {
    const filter = { titleMatches: 'banner' };
    expect(await titles({ at: { position: positions[0] } })).toEqual(['Spring banner']);
    expect(await titles({ filter, at: { position: positions[1] } })).toEqual(['Summer banner', 'Spring banner']);
    expect(await titles({ filter, at: { occurredAt: '2019-05-01T00:00:00Z' } })).toEqual(['Spring banner']);
    const reply = await house.ask('analyst', TITLES, { at: { position: positions[0] } });
    expect(reply.data.assets).toMatchObject({ totalCount: 1, computedAt: positions[0] });
  });

  it('shows one asset in a past state', async () => {
    const reply = await house.ask(
      'analyst',
      `query ($first: PointInTime, $early: PointInTime) {
        assets(filter: { titleMatches: "spring" }) { nodes { id } }
        then: assets(filter: { titleMatches: "spring" }, at: $first) { nodes { title currentVersion { number } versions { nodes { number } } } }
        before: assets(filter: { titleMatches: "spring" }, at: $early) { nodes { id } }
      }`,
      { first: { position: positions[0] }, early: { occurredAt: '2018-01-01T00:00:00Z' } },
    );
    expect(reply.data.then.nodes).toEqual([
      { title: 'Spring banner', currentVersion: { number: 1 }, versions: { nodes: [{ number: 1 }] } },
    ]);
    expect(reply.data.before.nodes).toEqual([]);
    const [{ id }] = reply.data.assets.nodes;
    const query = 'query ($id: ID!, $at: PointInTime) { asset(id: $id, at: $at) { id } }';
    const then = (at: object | null) => house.ask('analyst', query, { id, at }).then(({ data }) => data.asset);
    expect(await then(null)).toEqual({ id });
    expect(await then({ occurredAt: '2018-01-01T00:00:00Z' })).toBeNull();
  });

  it('pages without a gap or a repeat, and refuses the cursor of another list', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    for (let page = 0; page < 10; page += 1) {
      const variables = { first: 1, after, filter: { kindIn: ['IMAGE'] } };
      const { data } = await house.ask('analyst', TITLES, variables);
      seen.push(...data.assets.nodes.map((node: { title: string }) => node.title));
      expect(data.assets.pageInfo.hasPreviousPage).toBe(page > 0);
      after = data.assets.pageInfo.endCursor;
      if (!data.assets.pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual(['Été à la plage', 'Summer banner', 'Spring banner']);
    const other = await house.ask('analyst', TITLES, { after, orderBy: { by: 'TITLE' } });
    expect(other.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: ['after'] } }]);
  });

  it('counts acts by day, kind and actor, and reports how far everything has come', async () => {
    const { data, errors } = await house.ask(
      'analyst',
      `{ signals(family: CREATION, by: [DAY, ACTOR], filter: { kindIn: [IMAGE] }) { nodes { day actor { id } count } }
         head { position projections { name status position poison { message } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.signals.nodes).toEqual([
      { day: '2019-03-01', actor: { id: 'actor-ana' }, count: '1' },
      { day: '2019-06-01', actor: { id: 'actor-ana' }, count: '1' },
      { day: '2019-07-01', actor: { id: 'actor-ana' }, count: '1' },
    ]);
    expect(data.head.projections.map(({ name }: { name: string }) => name)).toEqual(
      PROJECTIONS.map(({ name }) => name),
    );
    expect(data.head.projections.every(({ status }: { status: string }) => status === 'LIVE')).toBe(true);
  });

  it('sums facts by period, in the requested order, without small groups', async () => {
    const { data, errors } = await house.ask(
      'analyst',
      `{ signals(family: CREATION, by: [YEAR, QUARTER], filter: { kindIn: [IMAGE] }, orderBy: { by: QUARTER },
                   having: { minCount: 1 }) {
           totalCount nodes { year quarter count } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.signals).toEqual({
      totalCount: 3,
      nodes: [
        { year: 2019, quarter: '2019-Q3', count: '1' },
        { year: 2019, quarter: '2019-Q2', count: '1' },
        { year: 2019, quarter: '2019-Q1', count: '1' },
      ],
    });
  });

  it.each([
    [
      'family: CREATION, by: [DAY, MEDIA_TYPE]',
      ['by'],
      'by: CREATION has no MEDIA_TYPE; it has DAY, WEEK, MONTH, QUARTER, YEAR, KIND, TOOL, TEMPLATE, ACTOR.',
    ],
    ['family: ATTESTATION, by: [BRAND]', ['by'], expect.stringContaining('by: ATTESTATION has no BRAND; it has DAY,')],
    [
      'family: CREATION, orderBy: { by: TOOL }',
      ['orderBy', 'by'],
      'orderBy.by: TOOL is not among the dimensions in by.',
    ],
    [
      'family: CREATION, orderBy: { by: MEAN_SECONDS_TO_APPROVAL }',
      ['orderBy', 'by'],
      'orderBy.by: CREATION has no MEAN_SECONDS_TO_APPROVAL, which only APPROVAL has.',
    ],
    ['family: APPROVAL, filter: { market: "PT" }', ['filter', 'market'], 'filter.market: APPROVAL has no MARKET.'],
    [
      'family: CREATION, filter: { mediaType: "a/b" }',
      ['filter', 'mediaType'],
      'filter.mediaType: CREATION has no MEDIA_TYPE.',
    ],
    ['family: CREATION, having: { minCount: 0 }', ['having', 'minCount'], 'having.minCount must be 1 or more, not 0.'],
  ])('refuses signals of %s', async (given, argument, message) => {
    const { errors } = await house.ask('analyst', `{ signals(${given}) { totalCount } }`);
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });

  const BETWEEN = `query ($from: PointInTime!, $to: PointInTime!) {
    changesBetween(from: $from, to: $to) { nodes { kind fields before { title } after { title status } } } }`;

  it('shows what changed between two moments, with old and new values', async () => {
    const between = { from: { position: positions[0] }, to: { position: positions[1] } };
    const { data, errors } = await house.ask('analyst', BETWEEN, between);
    expect(errors).toBeUndefined();
    expect(data.changesBetween.nodes).toEqual([
      {
        kind: 'ADDED',
        fields: expect.arrayContaining(['TITLE', 'STATUS']),
        before: null,
        after: { title: 'Summer banner', status: 'DRAFT' },
      },
    ]);
  });

  it.each([
    ['a later position', () => [{ position: positions[1] }, { position: positions[0] }], 'position'],
    ['no limit of time', () => [{ position: positions[0] }, { occurredAt: '2019-05-01T00:00:00Z' }], 'occurredAt'],
    [
      'a later time',
      () => [{ occurredAt: '2019-05-02T00:00:00Z' }, { occurredAt: '2019-05-01T00:00:00Z' }],
      'occurredAt',
    ],
  ])('refuses changes from a moment with %s', async (_what, moments, named) => {
    const [from, to] = moments();
    const { errors } = await house.ask('analyst', BETWEEN, { from, to });
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining(`from must know no more than to: its ${named} is `),
        extensions: { code: 'BAD_USER_INPUT', argument: ['from'] },
      },
    ]);
  });

  it.each([
    ['from', 'lies behind the end of the log', { from: { position: '00000999999999999999' }, to: {} }],
    ['to', 'lies behind the end of the log', { from: {}, to: { position: '00000999999999999999' } }],
    ['to', 'lies before the first event of the log', { from: {}, to: { recordedAt: '1999-01-01T00:00:00Z' } }],
    ['to.occurredAt', 'lies in the future', { from: {}, to: { occurredAt: '2999-01-01T00:00:00Z' } }],
    [
      'from.both',
      'takes occurredAt and exactly one',
      { from: { both: { occurredAt: '2019-05-01T00:00:00Z' } }, to: {} },
    ],
  ])('says that %s of changes %s', async (argument, message, given) => {
    const usual = { position: positions[0] };
    const moments = Object.fromEntries(
      Object.entries(given).map(([end, at]) => [end, Object.keys(at).length > 0 ? at : usual]),
    );
    const { errors } = await house.ask('analyst', BETWEEN, moments);
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(new RegExp(`^${argument}.*${message}`)),
        extensions: { code: 'BAD_USER_INPUT', argument: argument.split('.') },
      },
    ]);
  });

  it('lists who was named by a moment, unless it is asked for names', async () => {
    const query = 'query ($at: PointInTime, $name: String) { actors(at: $at, nameMatches: $name) { totalCount } }';
    await house.act('author:late', 'assetRegister', { kind: 'COPY', title: 'Somebody new' });
    const count = async (at?: object) => (await house.ask('analyst', query, { at })).data.actors.totalCount;
    expect(await count({ position: positions[0] })).toBe(1);
    expect(await count()).toBeGreaterThan(1);
    const { errors } = await house.ask('analyst', query, { at: { position: positions[0] }, name: 'a' });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: ['at'] } }]);
  });

  it('combines the asset of `assetHistory` and one in its filter with AND', async () => {
    const { data } = await house.ask('analyst', '{ assets(first: 2) { nodes { id } } }');
    const [one, other] = data.assets.nodes.map(({ id }: { id: string }) => id);
    const query = `query ($id: ID!, $filter: HistoryFilter) {
      assetHistory(assetId: $id, filter: $filter) { totalCount nodes { subjectId } } }`;
    const told = async (filter: object) =>
      (await house.ask('analyst', query, { id: one, filter })).data.assetHistory.nodes.map(
        ({ subjectId }: { subjectId: string }) => subjectId,
      );
    expect(new Set(await told({ assetId: one }))).toEqual(new Set([one]));
    for (const filter of [{ assetId: other }, { anyOf: [{ assetId: other }] }]) expect(await told(filter)).toEqual([]);
    expect(await told({ assetId: other, anyOf: [{ assetId: one }] })).toEqual([]);
  });

  it('limits the wait for a position', async () => {
    const waitFor = '00000999999999999999';
    const reply = await house.ask('analyst', 'query ($waitFor: Position) { head(waitFor: $waitFor) { position } }', {
      waitFor,
    });
    expect(reply.errors).toMatchObject([
      { path: ['head'], extensions: { code: 'POSITION_NOT_REACHED', argument: ['waitFor'] } },
    ]);
  }, 20_000);
});

it('the served schema is the written one, word for word', async () => {
  const { data } = await house.ask('analyst', getIntrospectionQuery({ schemaDescription: true, oneOf: true }));
  const written = buildSchema(readFileSync(join(__dirname, '../../schema.graphql'), 'utf8'));
  const inOrder = (schema: typeof written) => printSchema(lexicographicSortSchema(schema));
  expect(inOrder(buildClientSchema(data))).toBe(inOrder(written));
});
