import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DevelopmentToken, devToken } from '../../src/api/tokens';
import { contentOf, digestOf, type House, openHouse } from './house';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await writeFile(join(house.dataDir, 'people.json'), JSON.stringify({ ana: 'Ana Silva', cleo: 'Cleo Ñandú' }));
});
afterAll(() => house.close());

const REGISTER = `mutation ($input: AssetRegisterInput!) {
  assetRegister(input: $input) { position asset { id } userErrors { code message path } } }`;

let keys = 0;
async function registers(token: Omit<DevelopmentToken, 'role'>, input: object = {}) {
  keys += 1;
  const header = `Bearer ${await devToken(house.dataDir, { role: 'author', ...token })}`;
  const given = { act: { idempotencyKey: `register-${keys}` }, kind: 'COPY', title: 'Claim', ...input };
  const { data } = await house.ask({ header }, REGISTER, { input: given });
  expect(data.assetRegister.userErrors).toEqual([]);
  return data.assetRegister as { position: string; asset: { id: string } };
}

const asked = async (query: string, variables: Record<string, unknown>) => {
  const { data, errors } = await house.ask('auditor', query, variables);
  expect(errors).toBeUndefined();
  return data;
};

describe('an actor', () => {
  it('is an object with a global id that resolves to it', async () => {
    const { asset, position } = await registers({ actor: 'ana' });
    const query = `query ($id: ID!, $waitFor: Position) {
      asset(id: $id, waitFor: $waitFor) { registeredBy { __typename id name kind } } }`;
    const { registeredBy } = (await asked(query, { id: asset.id, waitFor: position })).asset;
    expect(registeredBy).toEqual({ __typename: 'Actor', id: 'actor-ana', name: 'Ana Silva', kind: 'PERSON' });
    const node = 'query ($id: ID!) { node(id: $id) { __typename id ... on Actor { name kind } } }';
    expect(await asked(node, { id: registeredBy.id })).toEqual({ node: registeredBy });
    const named = { __typename: 'Actor', id: 'actor-cleo', name: 'Cleo Ñandú', kind: null };
    expect(await asked(node, { id: 'actor-cleo' })).toEqual({ node: named });
    for (const id of ['actor-nobody', 'actor-', 'ana']) expect(await asked(node, { id })).toEqual({ node: null });
  });

  it('has one kind in the whole answer, while the entries state the kind it acted as', async () => {
    const { asset } = await registers({ actor: 'max', kind: 'agent' });
    const { position } = await registers({ actor: 'max', kind: 'person' });
    const query = `query ($id: ID!, $waitFor: Position, $at: PointInTime) {
      asset(id: $id, waitFor: $waitFor) { registeredBy { kind } history { nodes { actorKind actor { kind } } } }
      past: asset(id: $id, at: $at) { registeredBy { id kind } } }`;
    expect(
      await asked(query, { id: asset.id, waitFor: position, at: { occurredAt: new Date().toISOString() } }),
    ).toEqual({
      asset: {
        registeredBy: { kind: 'PERSON' },
        history: { nodes: [{ actorKind: 'AGENT', actor: { kind: 'PERSON' } }] },
      },
      past: { registeredBy: { id: 'actor-max', kind: 'PERSON' } },
    });
  });

  it('is distinct from its principal, whom the entry names', async () => {
    const contributors = ['actor-joe', 'cleo'];
    const content = { ...contentOf('a'), contributors };
    const token = { actor: 'desk', kind: 'service', onBehalfOf: 'ana' } as const;
    const { asset, position } = await registers(token, { content });
    const query = `query ($id: ID!, $waitFor: Position) { asset(id: $id, waitFor: $waitFor) {
      currentVersion { author { id kind } authorKind onBehalfOf { id name } contributors { id name kind } }
      history(first: 1) { nodes { actor { id } onBehalfOf { id } } } } }`;
    expect((await asked(query, { id: asset.id, waitFor: position })).asset).toEqual({
      currentVersion: {
        author: { id: 'actor-desk', kind: 'SERVICE' },
        authorKind: 'SERVICE',
        onBehalfOf: { id: 'actor-ana', name: 'Ana Silva' },
        contributors: [
          { id: 'actor-joe', name: null, kind: null },
          { id: 'actor-cleo', name: 'Cleo Ñandú', kind: null },
        ],
      },
      history: { nodes: [{ actor: { id: 'actor-desk' }, onBehalfOf: { id: 'actor-ana' } }] },
    });
  });

  it('is named in a filter by its global id or by its opaque id', async () => {
    const { position } = await registers({ actor: 'ben' });
    const query = `query ($actor: ID!, $waitFor: Position) {
      history(filter: { actorId: $actor }, waitFor: $waitFor) { nodes { actor { id } } }
      signals(family: CREATION, by: [], filter: { actorId: $actor }) { nodes { count } } }`;
    for (const actor of ['ben', 'actor-ben']) {
      expect(await asked(query, { actor, waitFor: position })).toEqual({
        history: { nodes: [{ actor: { id: 'actor-ben' } }] },
        signals: { nodes: [{ count: '1' }] },
      });
    }
    const ledger = 'query ($actor: ID) { approvals(filter: { actorId: $actor }) { nodes { actor { id } digest } } }';
    const archive = 'query ($by: ID) { archive(filter: { actorId: $by }) { nodes { by { id } } } }';
    const { asset } = await registers({ actor: 'ben' }, { content: contentOf('b') });
    const evidence = { kind: 'reviewTrailer', source: 'site', reference: 'a1b2c3d4' };
    const report = { assetId: asset.id, version: 1, decision: 'APPROVE', role: 'brand', evidence };
    await house.act('approver:eve', 'assetAttestDecision', { ...report, samePersonAs: ['actor-ben'] });
    const last = await house.act('author:ben', 'assetRetire', { assetId: asset.id });
    await asked('query ($last: Position) { head(waitFor: $last) { position } }', { last: last.position });
    for (const form of ['', 'actor-']) {
      const entry = { actor: { id: 'actor-eve' }, digest: digestOf('b') };
      expect((await asked(ledger, { actor: `${form}eve` })).approvals.nodes).toEqual([entry]);
      expect((await asked(archive, { by: `${form}ben` })).archive.nodes).toEqual([{ by: { id: 'actor-ben' } }]);
    }
  });
});

describe('actors', () => {
  const PAGE = `query ($name: String, $first: Int, $after: String, $waitFor: Position) {
    actors(nameMatches: $name, first: $first, after: $after, waitFor: $waitFor) {
      totalCount nodes { id name kind } pageInfo { hasNextPage endCursor } } }`;
  const named = { ana: 'Ana Silva', cleo: 'Cleo Ñandú', anton: 'Ántón Silveira', other: 'Ana Silva', zhou: '周小明' };

  it('are found by words of their names, ignoring case and accents, even if they never acted', async () => {
    await writeFile(join(house.dataDir, 'people.json'), JSON.stringify(named));
    const found = async (name: string) => (await asked(PAGE, { name })).actors;
    expect(await found('SILV an')).toMatchObject({
      totalCount: 3,
      nodes: [
        { id: 'actor-ana', name: 'Ana Silva', kind: 'PERSON' },
        { id: 'actor-other', name: 'Ana Silva', kind: null },
        { id: 'actor-anton', name: 'Ántón Silveira', kind: null },
      ],
    });
    expect((await found('nandu')).nodes).toMatchObject([{ id: 'actor-cleo' }]);
    expect((await found('小明')).nodes).toMatchObject([{ id: 'actor-zhou' }]);
    expect(await found('nobody')).toMatchObject({ totalCount: 0, nodes: [] });
  });

  it('are all that the log names, without a search', async () => {
    const { position } = await registers({ actor: 'newest' });
    const { actors } = await asked(PAGE, { first: 100, waitFor: position });
    expect(actors.nodes.at(-1)).toEqual({ id: 'actor-newest', name: null, kind: 'PERSON' });
    expect(actors.totalCount).toBe(actors.nodes.length);
  });

  it.each([[undefined], ['silva']])('come in pages without a gap or a repeat, with the search %s', async (name) => {
    const whole = (await asked(PAGE, { name, first: 100 })).actors;
    const seen: object[] = [];
    for (let after: string | undefined; ; ) {
      const { nodes, pageInfo } = (await asked(PAGE, { name, first: 1, after })).actors;
      seen.push(...nodes);
      after = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual(whole.nodes);
  });

  it('refuses words without a letter, and many searches in one request', async () => {
    const nothing = await house.ask('analyst', PAGE, { name: ' - ' });
    expect(nothing.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: ['nameMatches'] } }]);
    const many = Array.from({ length: 25 }, (_, at) => `a${at}: actors(nameMatches: "a${at}") { totalCount }`);
    const costly = await house.ask('analyst', `{ ${many.join(' ')} }`);
    expect(costly.errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COSTLY' } }]);
  });
});
