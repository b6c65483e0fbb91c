import { readFileSync } from 'node:fs';
import { execute, type GraphQLSchema } from 'graphql';
import type { Asking } from '../../src/api/asking';
import { formatError } from '../../src/api/errors';
import { Execution } from '../../src/api/execution';
import { questionOf } from './documents';
import { fakeSchema } from './fake';

/** The result of one run: of `asked` operations, the numbers that were valid, answered compiled, and had an error. */
export interface Tally {
  asked: number;
  valid: number;
  compiled: number;
  failing: number;
  acts: number;
  difference?: string;
}

const asking = { position: undefined } as unknown as Asking;
const USES = 3;

class Comparison {
  readonly tally: Tally = { asked: 0, valid: 0, compiled: 0, failing: 0, acts: 0 };
  readonly #execution: Execution;

  constructor(readonly schema: GraphQLSchema) {
    this.#execution = new Execution(
      schema,
      formatError(() => undefined),
    );
  }

  /** Answers one operation plainly, and several times like the server; returns the first difference. */
  async ask(seed: number): Promise<string | undefined> {
    const { query, variables, operationName } = questionOf(this.schema, seed);
    this.tally.asked += 1;
    const plan = this.#execution.plan(query, operationName);
    if ('errors' in plan) return undefined;
    const admitted = this.#execution.admit({ ...plan, check: () => 0 }, asking, variables);
    if ('errors' in admitted) return undefined;
    this.tally.valid += 1;
    const { schema } = this;
    const plain = await execute({
      schema,
      document: plan.document,
      variableValues: variables,
      operationName,
      contextValue: asking,
    });
    const expected = JSON.stringify(this.#execution.shown(plain));
    if (plain.errors !== undefined) this.tally.failing += 1;
    if (plan.operation.operation === 'mutation') this.tally.acts += 1;
    for (let use = 1; use <= USES; use += 1) {
      const given = { given: variables, ...admitted };
      const answer = JSON.stringify(await this.#execution.run(plan, asking, given));
      if (answer === expected) continue;
      return `seed ${seed}, use ${use}\n${query}\n${JSON.stringify(variables)}\nplain: ${expected}\nas served: ${answer}`;
    }
    if ((await plan.compiled?.answer(asking, admitted.coerced)) !== undefined) this.tally.compiled += 1;
    return undefined;
  }
}

/** Compares `many` operations starting at a seed, with faults in some of all fields; prints the result as JSON. */
async function main(contract: string, seed: number, many: number, probability: number): Promise<void> {
  // The plain executor leaves unhandled rejections: if a list item fails at once, it drops the promises of earlier
  // items.
  process.on('unhandledRejection', () => undefined);
  const comparison = new Comparison(await fakeSchema(readFileSync(contract, 'utf8'), { probability }));
  for (let next = seed; next < seed + many; next += 1) {
    const difference = await comparison.ask(next);
    if (difference === undefined) continue;
    comparison.tally.difference = difference;
    break;
  }
  if ('broken' in globalThis) comparison.tally.difference = 'a text of an operation was executed as code';
  process.stdout.write(JSON.stringify(comparison.tally));
}

const [contract, seed, many, probability] = process.argv.slice(2) as [string, string, string, string];
void main(contract, Number(seed), Number(many), Number(probability));
