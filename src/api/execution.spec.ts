import { ApolloServer } from '@apollo/server';
import { execute, type GraphQLSchema } from 'graphql';
import type { Asking } from './asking';
import { formatError } from './errors';
import { Execution } from './execution';
import type { Plan } from './plan';

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
    late: Late
  }
  type Late { fails: String }
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
      late: async () => ({
        get fails() {
          throw new Error('inside');
        },
      }),
    },
    Mutation: {
      // The slow one comes first: the answer is the same only if the order is kept.
      add: async (_root, { amount }) => {
        if (amount === 1) await new Promise((resolve) => setImmediate(resolve));
        sum += amount;
        return sum;
      },
    },
  },
});

beforeAll(() => server.start());
afterAll(() => server.stop());

const session = { actor: { id: 'ana', kind: 'person' as const }, roles: [], expiresAt: Number.MAX_SAFE_INTEGER };

/** The part of a request that the execution uses. */
const asking = { session, position: undefined } as unknown as Asking;

const NOTHING = { given: {}, coerced: {}, cost: 0 };

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
];

function made(): Execution {
  return new Execution(
    schema,
    formatError(() => undefined),
  );
}

function planOf(execution: Execution, query: string, operationName?: string): Plan {
  const plan = execution.plan(query, operationName);
  if ('errors' in plan) throw plan.errors[0];
  return { ...plan, check: () => 0 };
}

function coercedBy(execution: Execution, plan: Plan, variables: Record<string, unknown>) {
  const admitted = execution.admit(plan, asking, variables);
  if ('errors' in admitted) throw admitted.errors[0];
  return { given: variables, ...admitted };
}

describe('a repeated operation', () => {
  it.each(CASES)('is answered as by the plain executor, with $says', async (asked) => {
    const { query, variables = {}, operationName } = asked;
    const execution = made();
    const plan = planOf(execution, query, operationName);
    const { document } = plan;
    const plain = execution.shown(
      await execute({ schema, document, variableValues: variables, operationName, contextValue: asking }),
    );
    const given = coercedBy(execution, plan, variables);
    for (let use = 0; use < 4; use += 1) {
      expect(JSON.stringify(await execution.run(plan, asking, given))).toBe(JSON.stringify(plain));
    }
    const compiled = await plan.compiled?.answer(asking, given.coerced);
    expect(compiled === undefined).toBe(plain.errors !== undefined);
  });

  it('is kept apart from other operations in its document', async () => {
    const query = 'query A { asset(id: 1) { id } } query B { asset(id: 2) { title } }';
    const execution = made();
    for (const name of ['A', 'B', 'A', 'B', 'B', 'A']) {
      const plan = planOf(execution, query, name);
      const { data } = await execution.run(plan, asking, NOTHING);
      expect(data).toEqual({ asset: name === 'A' ? { id: '1' } : { title: 'Asset 2' } });
    }
  });

  it('is kept apart from itself with other conditions, even if its texts contain the names of conditions', async () => {
    const query = `query A($x: Boolean!, $b: Boolean!, $z: Boolean!) {
        assets { id @skip(if: $x) kind @skip(if: $b) title @skip(if: $z) } }
      query B($x: ID!, $b: Boolean!, $z: ID!) { a: asset(id: $x) { id title @include(if: $b) } b: asset(id: $z) { id } }`;
    const execution = made();
    const plan = planOf(execution, query, 'B');
    for (const variables of Array.from({ length: 3 }, () => [
      { x: '2,false', b: true, z: '2' },
      { x: '2', b: false, z: 'true,2' },
    ]).flat()) {
      const { data } = await execution.run(plan, asking, coercedBy(execution, plan, variables));
      expect(Object.keys((data as { a: object }).a)).toEqual(variables.b ? ['id', 'title'] : ['id']);
    }
  });

  it('is executed each time if it is an act, with its fields in order', async () => {
    const query = `mutation ($now: Boolean!) { ...p @include(if: $now) ...p b: add(amount: 10) }
      fragment p on Mutation { a: add(amount: 1) }`;
    const execution = made();
    const plan = planOf(execution, query);
    sum = 0;
    for (let use = 1; use <= 4; use += 1) {
      const { data } = await execution.run(plan, asking, coercedBy(execution, plan, { now: false }));
      expect(data).toEqual({ a: use * 11 - 10, b: use * 11 });
    }
    expect(plan.compiled).toBeUndefined();
  });

  it('is answered if a getter fails after its parent was awaited', async () => {
    const execution = made();
    const plan = planOf(execution, '{ late { fails } asset(id: 1) { id } }');
    for (let use = 0; use < 4; use += 1) {
      const { data, errors } = await execution.run(plan, asking, NOTHING);
      expect(data).toEqual({ late: { fails: null }, asset: { id: '1' } });
      expect(errors).toEqual([expect.objectContaining({ path: ['late', 'fails'] })]);
    }
  });

  it('states its position only if it has data', async () => {
    // It depends on timing whether another field had read anything when the error emptied the answer.
    const read = { session, position: '00000000000000000007' } as unknown as Asking;
    const execution = made();
    const whole = await execution.run(planOf(execution, '{ asset(id: 1) { id broken } }'), read, NOTHING);
    expect(whole).toMatchObject({ data: { asset: { id: '1' } }, extensions: { position: '00000000000000000007' } });
    const empty = await execution.run(planOf(execution, '{ assets { strict } }'), read, NOTHING);
    expect(empty).toMatchObject({ data: null });
    expect(empty).not.toHaveProperty('extensions');
  });

  it('never turns a client’s text into code', async () => {
    const code = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d(globalThis.broken = true)';
    const execution = made();
    const plan = planOf(execution, `{ asset(id: "${code}") { id } }`);
    for (let use = 0; use < 4; use += 1) {
      const { data } = await execution.run(plan, asking, NOTHING);
      expect(data).toEqual({ asset: { id: code } });
    }
    expect(await plan.compiled?.answer(asking, {})).toBeDefined();
    expect('broken' in globalThis).toBe(false);
  });

  it('stays compiled for each combination of its conditions, up to a few', async () => {
    const names = ['a', 'b', 'c'];
    const fields = names.map((name) => `${name}: title @include(if: $${name})`).join(' ');
    const query = `query (${names.map((name) => `$${name}: Boolean!`).join(' ')}) { asset(id: 1) { id ${fields} } }`;
    const execution = made();
    const plan = planOf(execution, query);
    const forms = Array.from({ length: 8 }, (_, form) => ({ a: form % 2 > 0, b: form % 4 > 1, c: form > 3 }));
    for (let use = 0; use < 3; use += 1) {
      for (const form of forms) await execution.run(plan, asking, { given: form, coerced: form, cost: 0 });
    }
    const answers = await Promise.all(forms.map((form) => plan.compiled?.answer(asking, form)));
    expect(answers.map((answer) => answer !== undefined)).toEqual(forms.map((_, form) => form < 4));
  });
});
