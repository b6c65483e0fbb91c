import { getIntrospectionQuery } from 'graphql';
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

describe('what is not GraphQL, or not this schema', () => {
  it('is named by its code', async () => {
    expect(await answer('{ head {')).toMatchObject({ status: 400, code: 'GRAPHQL_PARSE_FAILED' });
    expect(await answer('{ nothing }')).toMatchObject({ status: 400, code: 'GRAPHQL_VALIDATION_FAILED' });
    expect(await answer('')).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    const two = 'query A { head { position } } query B { head { position } }';
    expect(await answer(two)).toMatchObject({ status: 400, code: 'OPERATION_RESOLUTION_FAILURE' });
    expect(await answer(two, {}, { operationName: 'C' })).toMatchObject({ code: 'OPERATION_RESOLUTION_FAILURE' });
    expect(await answer(two, {}, { operationName: 'B' })).toEqual({ status: 200 });
    expect(await answer('subscription { changes { position } }')).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('names the variable and the field in it that is wrong', async () => {
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
    expect(await wrong({ filter: { asset: 'abc' } })).toMatchObject({ argument: ['filter', 'asset'] });
    expect(await wrong({ filter: { occurred: { from: '2020-02-30T00:00:00Z' } } })).toMatchObject({
      argument: ['filter', 'occurred', 'from'],
    });
  });

  it('names the argument, and the field in it, of a literal that is wrong', async () => {
    expect(await answer('{ head(after: "12") { position } }')).toMatchObject({ argument: ['after'] });
    expect(
      await answer(
        '{ approvals(filter: { occurred: { to: "2020-01-01T00:00:00Z", from: "soon" } }) { nodes { id } } }',
      ),
    ).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['filter', 'occurred', 'from'] });
    const acts = `mutation { assetRegister(input: { kind: IMAGE, tags: ["a", "b"], title: "t", idempotencyKey: "k",
      content: { madeWith: { tool: "figma" }, digest: "none", bytes: "1", mediaType: "image/png" } }) { position } }`;
    expect(await answer(acts)).toMatchObject({ argument: ['input', 'content', 'digest'] });
  });

  it('takes an explicit null for nothing said', async () => {
    const query = `query ($id: ID!, $none: [EventType!], $first: Int, $at: PointInTime) {
      assetHistory(asset: $id, types: $none, first: $first, after: null, at: $at, newestFirst: null) { nodes { id } }
      history(occurred: null, types: $none, actor: null) { nodes { id } }
      assets(filter: { kind: null, tag: null, text: null, campaign: null }, orderBy: null) { nodes { id } }
      signals(family: APPROVAL, filter: null, by: null) { nodes { count } }
    }`;
    const id = '00000000-0000-4000-8000-000000000000';
    expect(await answer(query, { id, none: null, first: null, at: null })).toEqual({ status: 200 });
  });

  it('takes a word said many times for the one word it is', async () => {
    const query = `query ($kinds: [AssetKind!], $types: [EventType!], $by: [SignalDimension!]) {
      assets(filter: { kind: $kinds }) { nodes { id } }
      history(types: $types) { nodes { id } }
      signals(family: CREATION, filter: { kind: $kinds }, by: $by) { nodes { count } }
    }`;
    const often = (times: number, word: string) => Array.from({ length: times }, () => word);
    const said = { kinds: often(35_000, 'IMAGE'), types: often(35_000, 'AssetRetired'), by: often(3_000, 'DAY') };
    expect(await answer(query, said)).toEqual({ status: 200 });
  });

  it('refuses pages of none and of more than a hundred', async () => {
    const query = 'query ($first: Int) { assets(first: $first) { nodes { id } } }';
    for (const first of [0, -1, 101, 100_000]) {
      expect(await answer(query, { first })).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['first'] });
    }
    expect(await answer(query, { first: 100 })).toEqual({ status: 200 });
    expect(await answer(query, { first: null })).toEqual({ status: 200 });
  });
});

describe('what asks for too much', () => {
  it('is seen in the variables', async () => {
    const query = `query ($many: Int) { assets(first: $many) { nodes { history(first: $many) { asset { title } } } } }`;
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

  it('is counted for every act, wherever in the document it stands', async () => {
    const acts = (many: number) => {
      const input = '{ idempotencyKey: "k", campaign: "00000000-0000-4000-8000-000000000000" }';
      const fields = Array.from({ length: many }, (_, n) => `a${n}: campaignLaunch(input: ${input}) { revision }`);
      const query = `mutation { ...acts } fragment acts on Mutation { ${fields.join(' ')} }`;
      return house.ask('author', query).then(({ errors }) => errors?.[0]?.extensions.code);
    };
    expect(await acts(10)).toBeUndefined();
    expect(await acts(250)).toBe('QUERY_TOO_COSTLY');
  });

  it('is counted for the contract itself, asked for again and again', async () => {
    expect(await answer(getIntrospectionQuery())).toEqual({ status: 200 });
    const again = Array.from({ length: 11 }, (_, n) => `a${n}: __schema { types { name } }`);
    expect(await answer(`{ ${again.join(' ')} }`)).toMatchObject({ code: 'QUERY_TOO_COSTLY' });
  });

  it('is seen through fragments that spread one another', async () => {
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
