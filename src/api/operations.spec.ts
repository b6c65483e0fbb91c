import { buildSchema, GraphQLError } from 'graphql';
import { formatError } from './errors';
import { Execution } from './execution';
import { KnownOperations } from './operations';
import type { Plan } from './plan';

const text = 'query One { __typename }';
const execution = new Execution(
  buildSchema('type Query { a: Int }'),
  formatError(() => undefined),
);

function planOf(query: string): Plan {
  const plan = execution.plan(query);
  if ('errors' in plan) throw new GraphQLError(plan.errors[0]!.message);
  return plan;
}

const known = planOf(text);

it('identifies an operation by its text and name, wherever one ends and the other begins', () => {
  const operations = new KnownOperations();
  operations.remember(text, 'One', known);
  expect(operations.get(text, 'One')).toBe(known);
  for (const [otherText, name] of [
    [text, undefined],
    [`One${text}`, undefined],
    [`One\0${text}`, undefined],
    [`3:One${text}`, undefined],
    [text.slice(1), `One${text[0]}`],
  ] as const) {
    expect(operations.get(otherText, name)).toBeUndefined();
  }
});

it('keeps as many operations as fit into its size, however many there are', () => {
  const operations = new KnownOperations();
  const large = planOf(`{ ${Array.from({ length: 2_000 }, (_, index) => `a${index}: a`).join(' ')} }`);
  const names = Array.from({ length: 100 }, (_, index) => `Name${index}`);
  for (const name of names) operations.remember(text, name, large);
  const kept = names.filter((name) => operations.get(text, name) !== undefined);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length * large.size.tokens).toBeLessThan(200_000);
});
