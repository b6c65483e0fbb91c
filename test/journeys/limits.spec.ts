import { getIntrospectionQuery } from 'graphql';
import { ERRORS } from '../../src/api/errors';
import { type House, openHouse } from './house';

let house: House;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const answer = async (query: string, variables?: object, more?: object) => {
  const { status, errors } = await house.ask('analyst', query, variables as Record<string, unknown>, more);
  return { status, code: errors?.[0]?.extensions.code, argument: errors?.[0]?.extensions.argument };
};

describe('a request that is not GraphQL, or does not match the schema', () => {
  it('has a code', async () => {
    expect(await answer('{ head {')).toMatchObject({ status: 400, code: 'GRAPHQL_PARSE_FAILED' });
    expect(await answer('{ nothing }')).toMatchObject({ status: 400, code: 'GRAPHQL_VALIDATION_FAILED' });
    expect(await answer('')).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    const two = 'query A { head { position } } query B { head { position } }';
    expect(await answer(two)).toMatchObject({ status: 400, code: 'OPERATION_RESOLUTION_FAILURE' });
    expect(await answer(two, {}, { operationName: 'C' })).toMatchObject({ code: 'OPERATION_RESOLUTION_FAILURE' });
    expect(await answer(two, {}, { operationName: 'B' })).toEqual({ status: 200 });
    expect(await answer('subscription { changes { position } }')).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('names the variable and its invalid field', async () => {
    const query =
      'query ($at: PointInTime, $filter: ApprovalFilter) { approvals(at: $at, filter: $filter) { nodes { id } } }';
    const wrong = (variables: object) => answer(query, variables);
    expect(await wrong({ at: { recordedAt: 'yesterday' } })).toEqual({
      status: 400,
      code: 'BAD_USER_INPUT',
      argument: ['at', 'recordedAt'],
    });
    expect(await wrong({ at: { position: '1', recordedAt: '2020-01-01T00:00:00Z' } })).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    expect(await wrong({ filter: { digest: 'abc' } })).toMatchObject({ argument: ['filter', 'digest'] });
    expect(await wrong({ filter: { assetId: 'abc' } })).toMatchObject({ argument: ['filter', 'assetId'] });
    expect(await wrong({ filter: { occurred: { from: '2020-02-30T00:00:00Z' } } })).toMatchObject({
      argument: ['filter', 'occurred', 'from'],
    });
  });

  it('names the invalid list entry in a variable, by its path', async () => {
    const query = 'query ($filter: AssetFilter) { assets(filter: $filter) { nodes { id } } }';
    const filter = { anyOf: [{ titleMatches: 'a' }, { metadata: [{ name: 'n', value: { date: 'soon' } }] }] };
    expect(await answer(query, { filter })).toMatchObject({
      argument: ['filter', 'anyOf', '1', 'metadata', '0', 'value', 'date'],
    });
  });

  it('begins the message about a literal with the argument, like that of a variable', async () => {
    const { errors } = await house.ask('analyst', '{ assets(at: { position: "5" }) { nodes { id } } }');
    expect(errors?.[0]?.message).toBe('at.position: Position must be 20 decimal digits, as an answer gave them.');
  });

  it('names the argument, and the field in it, of an invalid literal', async () => {
    expect(await answer('{ head(waitFor: "12") { position } }')).toMatchObject({ argument: ['waitFor'] });
    expect(
      await answer(
        '{ approvals(filter: { occurred: { to: "2020-01-01T00:00:00Z", from: "soon" } }) { nodes { id } } }',
      ),
    ).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['filter', 'occurred', 'from'] });
    const acts = `mutation { assetRegister(input: { act: { idempotencyKey: "k" }, kind: IMAGE, tags: ["a", "b"], title: "t",
      content: { madeWith: { tool: "figma" }, digest: "none", bytes: "1", mediaType: "image/png" } }) { position } }`;
    expect(await answer(acts)).toMatchObject({ argument: ['input', 'content', 'digest'] });
  });

  it('treats an explicit null as absent', async () => {
    const query = `query ($id: ID!, $none: [EventType!], $first: Int, $at: PointInTime) {
      assetHistory(assetId: $id, filter: { typeIn: $none }, first: $first, after: null, at: $at, orderBy: null) { nodes { id } }
      history(filter: { occurred: null, typeIn: $none, actorId: null }) { nodes { id } }
      assets(filter: { kindIn: null, tagsAll: null, titleMatches: null, campaignId: null }, orderBy: null) { nodes { id } }
      signals(family: APPROVAL, filter: null, by: null) { nodes { count } }
    }`;
    const id = '00000000-0000-4000-8000-000000000000';
    expect(await answer(query, { id, none: null, first: null, at: null })).toEqual({ status: 200 });
  });

  it('treats a repeated value as one', async () => {
    const query = `query ($kinds: [AssetKind!], $types: [EventType!], $by: [SignalDimension!]) {
      assets(filter: { kindIn: $kinds }) { nodes { id } }
      history(filter: { typeIn: $types }) { nodes { id } }
      signals(family: CREATION, filter: { kindIn: $kinds }, by: $by) { nodes { count } }
    }`;
    const often = (times: number, word: string) => Array.from({ length: times }, () => word);
    const said = { kinds: often(35_000, 'IMAGE'), types: often(35_000, 'AssetRetired'), by: often(3_000, 'DAY') };
    expect(await answer(query, said)).toEqual({ status: 200 });
  });

  it('refuses pages of zero rows and of more than a hundred', async () => {
    const query = 'query ($first: Int) { assets(first: $first) { nodes { id } } }';
    for (const first of [0, -1, 101, 100_000]) {
      expect(await answer(query, { first })).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['first'] });
    }
    expect(await answer(query, { first: 100 })).toEqual({ status: 200 });
    expect(await answer(query, { first: null })).toEqual({ status: 200 });
  });
});

describe('an operation that asks for too much', () => {
  it('is detected through its variables', async () => {
    const query = `query ($many: Int) { assets(first: $many) { nodes { history(first: $many) { nodes { subject { id } } } } } }`;
    expect(await answer(query, { many: 10 })).toEqual({ status: 200 });
    expect(await answer(query, { many: 100 })).toMatchObject({ status: 400, code: 'QUERY_TOO_COSTLY' });
    expect(await answer(query, { many: 10 })).toEqual({ status: 200 });
  });

  it('is refused for its depth', async () => {
    const nested = (levels: number): string =>
      levels === 0 ? '{ id }' : `{ currentVersion { asset ${nested(levels - 1)} } }`;
    expect(await answer(`{ asset(id: "${'0'.repeat(8)}-0000-4000-8000-000000000000") ${nested(8)} }`)).toMatchObject({
      code: 'QUERY_TOO_COSTLY',
    });
    const beside = `{ __typename asset(id: "${'0'.repeat(8)}-0000-4000-8000-000000000000") ${nested(8)} }`;
    expect(await answer(beside)).toMatchObject({ code: 'QUERY_TOO_COSTLY' });
  });

  it('is charged for every act, wherever it is in the document', async () => {
    const acts = (many: number) => {
      const input = '{ act: { idempotencyKey: "k" }, campaignId: "00000000-0000-4000-8000-000000000000" }';
      const fields = Array.from({ length: many }, (_, n) => `a${n}: campaignLaunch(input: ${input}) { revision }`);
      const query = `mutation { ...acts } fragment acts on Mutation { ${fields.join(' ')} }`;
      return house.ask('author', query).then(({ errors }) => errors?.[0]?.extensions.code);
    };
    expect(await acts(10)).toBeUndefined();
    expect(await acts(250)).toBe('QUERY_TOO_COSTLY');
  });

  it('is charged for repeated introspection', async () => {
    expect(await answer(getIntrospectionQuery())).toEqual({ status: 200 });
    const types = (levels: number): string => (levels === 0 ? 'name' : `fields { type { ${types(levels - 1)} } }`);
    const again = Array.from({ length: 30 }, (_, n) => `a${n}: __schema { types { ${types(2)} } }`);
    expect(await answer(`{ ${again.join(' ')} }`)).toMatchObject({ code: 'QUERY_TOO_COSTLY' });
  });

  it('is detected through fragments that spread one another', async () => {
    const levels = 30;
    const fragments = Array.from({ length: levels }, (_, level) =>
      level === 0
        ? 'fragment f0 on Asset { derivedFrom { version } }'
        : `fragment f${level} on Asset { ...f${level - 1} ...g${level - 1} }
           fragment g${level - 1} on Asset { ...f${level - 1} }`,
    );
    const query = `{ assets { nodes { ...f${levels - 1} } } } ${fragments.join('\n')}`;
    expect(await answer(query)).toMatchObject({ status: 400, code: 'QUERY_TOO_COSTLY' });
  });

  it('is refused for its size', async () => {
    expect(await answer(`{ head { position } } #${'x'.repeat(1_100_000)}`)).toMatchObject({
      status: 413,
      code: 'BODY_TOO_LARGE',
    });
    const words = Array.from({ length: 11_000 }, (_, index) => `a${index}: __typename`).join(' ');
    expect(await answer(`{ ${words} }`)).toMatchObject({ status: 400, code: 'GRAPHQL_PARSE_FAILED' });
  });

  it('is refused if it searches for a name longer than any, or for more tags than an asset can have', async () => {
    const long = 'n'.repeat(1_001);
    const asked: readonly (readonly [string, unknown, readonly string[]])[] = [
      ['query ($t: String) { assets(filter: { tool: $t }) { nodes { id } } }', long, ['filter', 'tool']],
      ['query ($t: String!) { assets(filter: { tagsAll: [$t] }) { nodes { id } } }', long, ['filter', 'tagsAll']],
      ['query ($t: String) { campaigns(filter: { brand: $t }) { nodes { id } } }', long, ['filter', 'brand']],
      ['query ($t: String) { placements(filter: { channel: $t }) { nodes { id } } }', long, ['filter', 'channel']],
      ['query ($t: ID) { history(filter: { actorId: $t }) { nodes { id } } }', long, ['filter', 'actorId']],
      [
        'query ($t: [String!]) { assets(filter: { tagsAll: $t }) { nodes { id } } }',
        Array.from({ length: 51 }, (_, index) => `t${index}`),
        ['filter', 'tagsAll'],
      ],
    ];
    for (const [query, t, argument] of asked) {
      const { errors } = await house.ask('analyst', query, { t });
      expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument });
    }
  });

  it('is refused with a short message, however long the request', async () => {
    const { errors } = await house.ask(
      'analyst',
      'query ($t: Digest) { approvals(filter: { digest: $t }) { nodes { id } } }',
      {
        t: '"\\'.repeat(100_000),
      },
    );
    expect(errors?.[0]?.message.length).toBeLessThan(1_100);
    expect(errors?.[0]?.message).toContain('Variable "$t" got invalid value');
  });

  it('is told its cost and the field responsible', async () => {
    const query = '{ assets(first: 100) { nodes { history(first: 100) { nodes { actor { name } } } } } }';
    const { errors } = await house.ask('analyst', query);
    expect(errors?.[0]?.extensions).toEqual({
      code: 'QUERY_TOO_COSTLY',
      cost: { requested: expect.any(Number), limit: 10_000, field: ['assets', 'nodes', 'history', 'nodes'] },
    });
  });

  it('is refused in batches', async () => {
    const response = await fetch(house.started.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await house.token('analyst')}`,
      },
      body: JSON.stringify([{ query: '{ head { position } }' }, { query: '{ head { position } }' }]),
    });
    expect(response.status).toBe(400);
  });
});

describe('a refusal has the documented status', () => {
  const send = async (method: string, url: string, body?: object) => {
    const headers: Record<string, string> = {
      authorization: `Bearer ${await house.token('author')}`,
      'apollo-require-preflight': 'yes',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
    const { errors } = (await response.json()) as { errors: { extensions: { code: keyof typeof ERRORS } }[] };
    const code = errors[0]!.extensions.code;
    expect([code, response.status]).toEqual([code, ERRORS[code][0]]);
    return code;
  };

  it('for a query that is not sent in full', async () => {
    const persistedQuery = { version: 1, sha256Hash: 'a'.repeat(64) };
    expect(await send('POST', house.started.url, { extensions: { persistedQuery } })).toBe(
      'PERSISTED_QUERY_NOT_SUPPORTED',
    );
    const both = { query: '{ head { position } }', extensions: { persistedQuery } };
    expect(await send('POST', house.started.url, both)).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
    const asked = `${house.started.url}?extensions=${encodeURIComponent(JSON.stringify({ persistedQuery }))}`;
    expect(await send('GET', asked)).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
  });

  it('for an unknown path, and for an unsupported method', async () => {
    expect(await send('GET', `${house.started.url}/nowhere`)).toBe('NOT_FOUND');
    for (const method of ['PUT', 'DELETE', 'PATCH']) expect(await send(method, house.started.url)).toBe('NOT_FOUND');
  });

  it('for an act sent by GET', async () => {
    const act = 'mutation { campaignPlan(input: { act: { idempotencyKey: "k" }, name: "n" }) { position } }';
    expect(await send('GET', `${house.started.url}?query=${encodeURIComponent(act)}`)).toBe('METHOD_NOT_ALLOWED');
  });

  it('for a malformed request, in every form', async () => {
    for (const body of [{}, { query: 7 }, { query: '{ head { position } }', variables: 'x' }, { operationName: 'x' }]) {
      expect(await send('POST', house.started.url, body)).toBe('BAD_REQUEST');
    }
    expect(await send('POST', house.started.url, { query: '{' })).toBe('GRAPHQL_PARSE_FAILED');
    expect(await send('POST', house.started.url, { query: '{ x }' })).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(await send('GET', `${house.started.url}?query=${encodeURIComponent('{ x }')}`)).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    );
  });
});

describe('an operation with a fragment that is spread with and without a condition', () => {
  it('is answered the same way each time', async () => {
    const made = await house.act('author', 'assetRegister', { kind: 'IMAGE', title: 'Card' });
    const query = `query Card($a: Boolean!) { asset(id: "${made.asset.id}", waitFor: "${made.position}") {
      ...h @include(if: $a) ...h } } fragment h on Asset { title }`;
    for (const a of [false, false, false, true, false]) {
      expect(await house.ask('analyst', query, { a })).toMatchObject({ data: { asset: { title: 'Card' } } });
    }
  });

  it('is executed each time if it is an act', async () => {
    const query = `mutation M($now: Boolean!, $x: CampaignPlanInput!) { ...p @include(if: $now) ...p }
      fragment p on Mutation { campaignPlan(input: $x) { campaign { name } userErrors { message } } }`;
    const names = ['One', 'Two', 'Three', 'Four'];
    for (const name of names) {
      const x = { act: { idempotencyKey: `plan-${name}` }, name };
      const { data } = await house.ask('author', query, { now: false, x });
      expect(data).toEqual({ campaignPlan: { campaign: { name }, userErrors: [] } });
    }
    const { data } = await house.ask('analyst', '{ campaigns { nodes { name } } }');
    const planned = (data.campaigns.nodes as { name: string }[]).map(({ name }) => name);
    expect(planned.sort()).toEqual([...names].sort());
  });
});
