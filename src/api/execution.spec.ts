import { ApolloServer } from '@apollo/server';
import { execute, type GraphQLSchema, getOperationAST, type OperationDefinitionNode, parse } from 'graphql';
import type { Asking } from './asking';
import { formatError } from './errors';
import { Execution } from './execution';

const CONTRACT = `
  enum Kind { BIG_IMAGE COPY }
  input Order { by: Kind! = COPY, descending: Boolean! = true }
  input Moment @oneOf { position: String, instant: String }
  interface Node { id: ID! }
  type Asset implements Node { id: ID! title: String! kind: Kind! broken: String parent: Asset tags: [String!]! strict: String! }
  type Query {
    asset(id: ID!, at: Moment): Asset
    assets(first: Int = 2, order: Order, kinds: [Kind!]): [Asset!]!
    node(id: ID!): Node
    echo(order: Order): String!
  }
  type Mutation { add(amount: Int!): Int! }
`;

let sum = 0;
const asset = (id: string) => ({ __typename: 'Asset', id, title: `Asset ${id}`, kind: 'bigImage', tags: ['a', 'b'] });

let schema: GraphQLSchema;

const server = new ApolloServer({
  typeDefs: CONTRACT,
  plugins: [
    {
      serverWillStart: async (started) => {
        schema = started.schema;
      },
    },
  ],
  resolvers: {
    Kind: { BIG_IMAGE: 'bigImage', COPY: 'copy' },
    Node: { __resolveType: (value: { __typename: string }) => value.__typename },
    Asset: {
      broken: () => {
        throw new Error('inside');
      },
      strict: ({ id }: { id: string }) => (id === '2' ? null : 'there'),
      parent: async ({ id }: { id: string }) => (id === '1' ? null : asset(String(Number(id) - 1))),
    },
    Query: {
      asset: (_root, { id }) => asset(id),
      assets: async (_root, { first }) => Array.from({ length: first ?? 2 }, (_, index) => asset(String(index + 1))),
      node: (_root, { id }) => asset(id),
      echo: (_root, args) => JSON.stringify(args),
    },
    Mutation: {
      // The slow one comes first: only in order is the answer the same.
      add: async (_root, { amount }) => {
        await new Promise((resolve) => setImmediate(resolve));
        sum += amount;
        return sum;
      },
    },
  },
});

beforeAll(() => server.start());
afterAll(() => server.stop());

const session = { actor: { id: 'ana', kind: 'person' as const }, roles: [], expiresAt: Number.MAX_SAFE_INTEGER };

/** As much of a request as execution itself looks at. */
const asking = { session, position: undefined } as unknown as Asking;

interface Case {
  readonly says: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

const CASES: readonly Case[] = [
  { says: 'fields, aliases and lists', query: '{ a: asset(id: 1) { id t: title tags kind } assets { id } }' },
  {
    says: 'fragments, named and inline, through an interface',
    query: '{ node(id: "3") { ...n ... on Asset { title parent { ...n } } } } fragment n on Node { __typename id }',
  },
  {
    says: 'a field left out by a variable',
    query: 'query ($on: Boolean!) { asset(id: 1) { id title @include(if: $on) tags @skip(if: $on) } }',
    variables: { on: false },
  },
  {
    says: 'a fragment left out by a variable',
    query: 'query ($on: Boolean!) { asset(id: 1) { id ...f @include(if: $on) } } fragment f on Asset { title }',
    variables: { on: true },
  },
  { says: 'an answer in part, where one field fails', query: '{ assets { id broken parent { broken } } }' },
  { says: 'nothing of a list with a hole', query: '{ asset(id: 2) { id strict } other: assets(first: 1) { strict } }' },
  { says: 'null up to where null may be', query: '{ assets { strict } }' },
  {
    says: 'defaults of non-null input fields in variables',
    query: 'query ($order: Order) { echo(order: $order) }',
    variables: { order: { descending: false } },
  },
  {
    says: 'defaults of input fields in the document',
    query: '{ echo(order: { by: BIG_IMAGE }) other: echo(order: {}) }',
  },
  {
    says: 'a variable inside an object of the document',
    query: 'query ($by: Kind! = BIG_IMAGE, $down: Boolean!) { echo(order: { by: $by, descending: $down }) }',
    variables: { down: false },
  },
  {
    says: 'null and absent variables',
    query: 'query ($n: Int, $o: Order) { assets(first: $n) { id } echo(order: $o) }',
    variables: { n: null },
  },
  {
    says: 'the operation that was named, of several',
    query: 'query A { asset(id: 1) { id } } query B { asset(id: 2) { id title } }',
    operationName: 'B',
  },
  { says: 'acts in their order', query: 'mutation { a: add(amount: 1) b: add(amount: 10) c: add(amount: 100) }' },
];

describe('the compiled operation answers as the plain executor does', () => {
  it.each(CASES)('with $says', async ({ query, variables = {}, operationName }) => {
    const document = parse(query);
    const operation = getOperationAST(document, operationName) as OperationDefinitionNode;
    const execution = new Execution(
      schema,
      formatError(() => undefined),
    );
    const plan = execution.plan(query, document, operation);

    sum = 0;
    const plain = execution.shown(
      await execute({ schema, document, variableValues: variables, operationName, contextValue: asking }),
    );
    const admitted = execution.admit({ ...plan, check: () => undefined }, asking, variables);
    if ('errors' in admitted) throw admitted.errors[0];
    for (let use = 0; use < 4; use += 1) {
      sum = 0;
      const answer = await execution.run(plan, document, asking, { given: variables, ...admitted });
      expect(JSON.parse(JSON.stringify(sorted(answer)))).toEqual(JSON.parse(JSON.stringify(sorted(plain))));
    }
    expect(plan.compiled()).toBeDefined();
  });

  it('and keeps the operations of one document apart', async () => {
    const query = 'query A { asset(id: 1) { id } } query B { asset(id: 2) { title } }';
    const document = parse(query);
    const execution = new Execution(
      schema,
      formatError(() => undefined),
    );
    for (const name of ['A', 'B', 'A', 'B', 'B', 'A']) {
      const plan = execution.plan('hash', document, getOperationAST(document, name) as OperationDefinitionNode);
      const { data } = await execution.run(plan, document, asking, { given: {}, coerced: {} });
      expect(data).toEqual({ asset: name === 'A' ? { id: '1' } : { title: 'Asset 2' } });
    }
  });
});

/** Errors of fields that fail side by side come in no certain order. */
function sorted<R extends { readonly errors?: readonly object[] }>(result: R): R {
  if (result.errors === undefined) return result;
  return { ...result, errors: [...result.errors].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) };
}
