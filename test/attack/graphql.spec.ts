import { randomBytes } from 'node:crypto';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { directories, palimpsest, type Server, serve } from '../cli/palimpsest';

/**
 * A request is bounded before it is executed. The server under attack has hardly more memory than it needs, so a
 * request that is not refused in time ends it.
 */
const MEMORY = { NODE_OPTIONS: '--max-old-space-size=256' };

const places = directories();
let server: Server;

beforeAll(async () => {
  const data = places.fresh();
  const { code, stderr } = await palimpsest(['simulate', '--assets', '60', '--seed', '7', '--data', data]);
  if (code !== 0) throw new Error(stderr);
  server = await serve(data, MEMORY);
}, 120_000);

afterAll(async () => {
  server?.child.kill('SIGTERM');
  await server?.ended;
  places.remove();
});

interface Attack {
  readonly says: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly code: string;
}

const times = (many: number, write: (index: number) => string): string =>
  Array.from({ length: many }, (_, n) => write(n)).join(' ');
const nested = (levels: number, around: (inner: string) => string, inner: string): string =>
  levels === 0 ? inner : around(nested(levels - 1, around, inner));
const id = '00000000-0000-4000-8000-000000000000';

const ATTACKS: readonly Attack[] = [
  {
    says: 'fragments that unfold to millions of fields, in less than a kilobyte',
    query: `{ asset(id: "${id}") { ...f0 } } ${times(
      5,
      (n) => `fragment f${n} on Asset { ${times(8, (m) => `a${m}: template { asset { ...f${n + 1} } }`)} }`,
    )} fragment f5 on Asset { id }`,
    code: 'QUERY_TOO_COSTLY',
  },
  {
    says: 'fragments that double forty times',
    query: `{ assets { nodes { ...f0 } } } ${times(
      40,
      (n) => `fragment f${n} on Asset { ...f${n + 1} ...f${n + 1} }`,
    )} fragment f40 on Asset { id }`,
    code: 'QUERY_TOO_COSTLY',
  },
  {
    says: 'a fragment within itself',
    query: '{ assets { nodes { ...f } } } fragment f on Asset { template { asset { ...f } } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    says: 'seven times a hundred assets with lists of lists of what they were made from',
    query: `{ ${times(7, (n) => `a${n}: assets(first: 100) { nodes { derivedFrom { asset { derivedFrom { asset { id } } } } } }`)} }`,
    code: 'QUERY_TOO_COSTLY',
  },
  {
    says: 'seven times a hundred assets with everybody who made any version',
    query: `{ ${times(7, (n) => `a${n}: assets(first: 100) { nodes { versions { nodes { contributors { id name } } } } }`)} }`,
    code: 'QUERY_TOO_COSTLY',
  },
  {
    says: 'seven times a hundred assets with all metadata',
    query: `{ ${times(7, (n) => `a${n}: assets(first: 100) { nodes { metadata(first: 100) { nodes { name list(first: 100) } } } }`)} }`,
    code: 'QUERY_TOO_COSTLY',
  },
  {
    says: 'seven times a hundred assets with their campaigns and the placements in them',
    query: `{ ${times(7, (n) => `a${n}: assets(first: 100) { nodes { campaigns { nodes { placements { nodes { id } } } } } }`)} }`,
    code: 'QUERY_TOO_COSTLY',
  },
  {
    says: 'fields thirty deep',
    query: `{ asset(id: "${id}") { ${nested(15, (inner) => `template { asset { ${inner} } }`, 'id')} } }`,
    code: 'QUERY_TOO_COSTLY',
  },
  {
    says: 'a thousand questions',
    query: `{ ${times(1000, (n) => `a${n}: assets { totalCount }`)} }`,
    code: 'QUERY_TOO_COSTLY',
  },
  {
    says: 'a thousand names of the root',
    query: `{ ${times(1000, (n) => `a${n}: __typename`)} }`,
    code: 'QUERY_TOO_COSTLY',
  },
  {
    says: 'a list of lists through variables',
    query:
      'query ($n: Int) { assets(first: $n) { nodes { history(first: $n) { nodes { subject { ... on Asset { versions(first: $n) { nodes { id } } } } } } } } }',
    variables: { n: 100 },
    code: 'QUERY_TOO_COSTLY',
  },
  {
    says: 'the contract, again and again and within itself',
    query: `{ ${times(20, (n) => `a${n}: __schema { types { fields { type { fields { type { name description } } } } } }`)} }`,
    code: 'QUERY_TOO_COSTLY',
  },
  {
    says: 'one field ten thousand times, which is compared with itself each time',
    query: `{ head { ${times(9_000, () => 'position')} } }`,
    code: 'QUERY_TOO_COSTLY',
  },
  {
    says: 'two thousand fragments that are compared with one another',
    query: `{ head { ${times(700, (n) => `...f${n}`)} } } ${times(700, (n) => `fragment f${n} on Head { position }`)}`,
    code: 'QUERY_TOO_COSTLY',
  },
  {
    says: 'a chain of fragments, each with what all that follow have',
    query: `{ head { ...f0 } } ${times(800, (n) => `fragment f${n} on Head { a${n}: position ...f${n + 1} }`)} fragment f800 on Head { position }`,
    code: 'QUERY_TOO_COSTLY',
  },
  {
    says: 'thousands of operations that share a fragment',
    query: `${times(900, (n) => `query q${n} { head { ...f } }`)} fragment f on Head { ${times(300, (n) => `a${n}: position`)} }`,
    code: 'QUERY_TOO_COSTLY',
  },
  {
    says: 'brackets by the thousand',
    query: `{ assets(filter: ${'['.repeat(4900)}${']'.repeat(4900)}) { totalCount } }`,
    code: 'GRAPHQL_PARSE_FAILED',
  },
  {
    says: 'brackets a hundred deep',
    query: `{ assets(filter: ${'['.repeat(100)}${']'.repeat(100)}) { totalCount } }`,
    code: 'QUERY_TOO_COSTLY',
  },
  {
    says: 'fields that are not there, by the thousand',
    query: `{ ${times(4_900, (n) => `x${n}`)} }`,
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    says: 'tags by the ten thousand, asked for by a hundred fields',
    query: `query ($t: [String!]) { ${times(100, (n) => `a${n}: assets(filter: { tagsAll: $t }) { nodes { id } }`)} }`,
    variables: { t: Array.from({ length: 20_000 }, (_, n) => `t${n}`) },
    code: 'QUERY_TOO_COSTLY',
  },
  {
    says: 'the contract, nine hundred times',
    query: `query ($p: Position) { head(waitFor: $p) { position } ${times(900, (n) => `a${n}: __schema { ...f }`)} }
      fragment f on __Schema { types { fields { args { name type { name } } type { fields { name } } } } }`,
    variables: { p: '00000000000000000001' },
    code: 'QUERY_TOO_COSTLY',
  },
  {
    says: 'more words than are read',
    query: `{ ${times(6_000, (n) => `a${n}: __typename`)} }`,
    code: 'GRAPHQL_PARSE_FAILED',
  },
];

interface Answered {
  readonly status: number;
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

async function post(query: string, variables: object = {}, headers: Record<string, string> = {}): Promise<Answered> {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.tokens.analyst}`, ...headers },
    body: JSON.stringify({ query, variables, ...(query.startsWith('query q0') ? { operationName: 'q0' } : {}) }),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

describe('a request that asks for too much', () => {
  it.each(ATTACKS)('is refused each time over HTTP: $says', async ({ query, variables, code }) => {
    for (let use = 0; use < 3; use += 1) {
      const { status, errors } = await post(query, variables);
      expect({ status, code: errors?.[0]?.extensions.code }).toEqual({ status: 400, code });
      expect(errors!.length).toBeLessThanOrEqual(11);
    }
    expect(await post('{ head { position } }')).toMatchObject({ status: 200 });
  });

  it('is refused over WebSocket as well, and the connection stays open', async () => {
    const client = createClient({
      url: server.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { Authorization: `Bearer ${server.tokens.analyst}` },
    });
    const ask = (query: string, variables?: Record<string, unknown>) =>
      new Promise<unknown>((resolve) => {
        const operationName = query.startsWith('query q0') ? 'q0' : undefined;
        client.subscribe(
          { query, variables, operationName },
          { next: resolve, error: resolve, complete: () => undefined },
        );
      });
    for (const { query, variables, code, says } of ATTACKS) {
      const [first] = (await ask(query, variables)) as Answered['errors'] & object;
      expect([says, first?.extensions.code]).toEqual([says, code]);
    }
    expect(await ask('{ head { position } }')).toMatchObject({ data: { head: { position: expect.any(String) } } });
    await client.dispose();
  });

  it('is refused if one long list is used by a hundred acts, and none of them is executed', async () => {
    const acts = times(100, (n) => `a${n}: assetRegister(input: $x) { revision }`);
    const metadata = Array.from({ length: 20_000 }, (_, n) => ({ name: `n${n}`, value: { text: '' } }));
    const x = { act: { idempotencyKey: 'long' }, kind: 'COPY', title: 'Long', metadata };
    const headers = { authorization: `Bearer ${server.tokens.author}` };
    const { status, errors } = await post(`mutation ($x: AssetRegisterInput!) { ${acts} }`, { x }, headers);
    expect({ status, code: errors?.[0]?.extensions.code }).toEqual({ status: 400, code: 'QUERY_TOO_COSTLY' });
  });

  it('is told which of its fields costs most, and the limit', async () => {
    const query =
      '{ head { position } assets(first: 100) { nodes { title history(first: 100) { nodes { subject { id } } } } } }';
    const { errors } = await post(query);
    expect(errors?.[0]?.extensions.cost).toEqual({
      requested: expect.any(Number),
      limit: 10_000,
      field: ['assets', 'nodes', 'history', 'nodes', 'subject'],
    });
    expect(errors?.[0]?.message).toContain('assets.nodes.history.nodes.subject');
  });
});

describe('many expensive requests', () => {
  it('do not fill the memory with cached operations', async () => {
    // Each is valid, cheap, as long as a cached document may be, and never repeated.
    const words = times(600, (n) => `a${n}: position`);
    for (let round = 0; round < 150; round += 1) {
      const query = `query Q${randomBytes(8).toString('hex')} { head { ${words} } }`;
      expect(await post(query)).toMatchObject({ status: 200 });
    }
  }, 120_000);

  it('are answered within the limits, also concurrently', async () => {
    const query = `{ assets(first: 100) { nodes { ${times(7, (n) => `a${n}: versions(first: 10) { nodes { digest note } }`)} } } }`;
    // The maximum that the limit admits.
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(query)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  }, 120_000);
});
