import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { mutationOf } from '../../src/api/naming';
import { Issuer } from '../../src/connectors/recording/issuer';
import { COMMANDS } from '../../src/domain/deciders';
import { fieldsOf, type Shape } from '../../src/domain/input';
import { type Refusal, reasonsOf } from '../../src/domain/refusal';
import type { Intent } from '../../src/execute/intent';
import { uuidOf } from '../domain/world';
import { type House, openHouse } from '../journeys/house';
import { CASES, type Case, inputOf } from './limits';

jest.setTimeout(300_000);

/*
 * Every limit of every field is enforced at every door, in the same words: by `execute`, which the command line and every
 * program calls, by the recording that connectors and the simulation write through, and by GraphQL.
 */

const schema = buildSchema(readFileSync(join(__dirname, '../../schema.graphql'), 'utf8'));

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const intentOf = ({ command }: Case, name: string): Intent => ({
  command,
  actor: { id: 'ana', kind: 'person' },
  workspace: 'default',
  tool: 'doors',
  commandId: uuidOf(name),
});

/** The reason of a refusal for each field, without the field name, which each door writes in its own way. */
const saidBy = (refusals: readonly Pick<Refusal, 'code' | 'message' | 'path'>[]): string[] =>
  refusals.map(({ code, message, path = [] }) => {
    expect(code).toBe('INVALID_INPUT');
    const field = path.filter((step, index) => index > 0 || step !== 'input').join('.');
    expect(message).toContain(`${field}: `);
    return message.slice(field.length + 2);
  });

async function byExecute(one: Case, name: string): Promise<string[]> {
  const answer = await house.started.app.execute(intentOf(one, name));
  if (answer.ok) throw new Error(`${one.known.type}.${one.field} was accepted`);
  return saidBy(reasonsOf(answer.refusal));
}

async function byRecording(one: Case, name: string): Promise<string[]> {
  const issuer = new Issuer(house.started.app.store, () => Date.now());
  await issuer.issue({ stream: `asset-${uuidOf(name)}`, build: () => intentOf(one, name) });
  await issuer.drain();
  return saidBy(issuer.refused.flatMap((refused) => reasonsOf(refused as unknown as Refusal)));
}

async function byGraphql(one: Case): Promise<string[] | undefined> {
  const input = inputOf(one, schema);
  if (input === undefined) return undefined;
  const mutation = mutationOf(one.known);
  const { roles } = one.known.definition;
  const role = roles.includes('author') ? 'author:ana' : (`${roles[0]!}:ana` as const);
  const { userErrors } = await house.act(role, mutation, input);
  return saidBy(userErrors as Refusal[]);
}

describe.each(COMMANDS.map(({ type }) => type))('the limits of %s', (type) => {
  const cases = CASES.filter(({ known }) => known.type === type);

  it('are the same at every door', async () => {
    let asked = 0;
    for (const [index, one] of cases.entries()) {
      const expected = await byExecute(one, `${type} ${index}`);
      expect(expected.length).toBeGreaterThan(0);
      expect([one.field, await byRecording(one, `${type} ${index} recorded`)]).toEqual([one.field, expected]);
      const said = await byGraphql(one);
      if (said === undefined) continue;
      asked += 1;
      expect([one.field, said]).toEqual([one.field, expected]);
    }
    expect(cases.length === 0 || asked > 0).toBe(true);
  });
});

it('are tested for every field with a limit that a value of its type can exceed', () => {
  const tried = new Set(CASES.map(({ known, field }) => `${known.type}.${field}`));
  const untried = COMMANDS.flatMap(({ type, definition }) =>
    leavesOf(definition.command).flatMap((field) => (tried.has(`${type}.${field}`) ? [] : [`${type}.${field}`])),
  );
  // Booleans, numbers of any size such as bytes, and percentages, whose bounds depend on another field.
  const free = /\.(afterLastDay|more|automated|anybody|optional|atMost|measured|transparent|animated|c2pa|duration)$/;
  expect(untried.filter((field) => !free.test(field))).toEqual([]);
});

/** Every field without subfields, by its path; ids are tested in the journeys. */
function leavesOf(shape: Shape): string[] {
  return [...fieldsOf(shape).values()].flatMap((field) => {
    if (field.name === 'type' || field.id !== undefined) return [];
    return field.part === undefined ? [field.name] : leavesOf(field.part).map((below) => `${field.name}.${below}`);
  });
}
