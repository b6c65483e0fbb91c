import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { directories, palimpsest, type Server, serve } from '../cli/palimpsest';
import { questionOf } from './documents';

const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 30));
const schema = buildSchema(readFileSync(join(__dirname, '../../schema.graphql'), 'utf8'));
const places = directories();
let server: Server;

beforeAll(async () => {
  const data = places.fresh();
  const { code, stderr } = await palimpsest(['simulate', '--assets', '30', '--seed', '7', '--data', data]);
  if (code !== 0) throw new Error(stderr);
  server = await serve(data);
  const { data: asked } = await server.ask<{ head: { position: string } }>('analyst', '{ head { position } }');
  await server.ask('analyst', `{ head(waitFor: "${asked!.head.position}") { position } }`);
}, 120_000);

afterAll(async () => {
  server?.child.kill('SIGTERM');
  await server?.ended;
  places.remove();
});

/** The answer with its errors sorted by path: which of two fields fails first depends on timing, not on the answer. */
function inOrder(text: string): string {
  const { errors, ...rest } = JSON.parse(text) as { errors?: readonly { path?: unknown }[] };
  if (errors === undefined) return text;
  const sorted = errors.map((error) => JSON.stringify(error)).sort();
  return JSON.stringify({ errors: sorted, ...rest });
}

/**
 * An answer without data has at least the error that emptied it. Whether it also has the error of a sibling field
 * depends on timing too, so for two such answers only their common errors are compared.
 */
function expectAlike(first: string, again: string, of: object): void {
  const [one, other] = [first, again].map((text) => (text.endsWith('"data":null}') ? errorsOf(text) : undefined));
  if (!one || !other) {
    expect({ ...of, answer: again }).toEqual({ ...of, answer: first });
    return;
  }
  const both = [...one.keys()].filter((path) => other.has(path));
  expect({ ...of, both: both.length > 0 }).toEqual({ ...of, both: true });
  for (const path of both) expect({ ...of, error: other.get(path) }).toEqual({ ...of, error: one.get(path) });
}

/** Errors by path. */
function errorsOf(answer: string): ReadonlyMap<string, unknown> {
  const { errors } = JSON.parse(answer.slice(answer.indexOf('{'))) as { errors: readonly string[] };
  return new Map(errors.map((text) => JSON.parse(text)).map((error) => [JSON.stringify(error.path), error]));
}

it('a server with data answers an operation the third time as it did the first time', async () => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${server.tokens.analyst}` };
  let withData = 0;
  for (let seed = SEED; seed < SEED + 250; seed += 1) {
    const question = questionOf(schema, seed);
    const ask = async () => {
      const response = await fetch(server.url, { method: 'POST', headers, body: JSON.stringify(question) });
      return `${response.status} ${inOrder(await response.text())}`;
    };
    const first = await ask();
    if (first.startsWith('200 {"data":{')) withData += 1;
    for (const again of [await ask(), await ask()]) expectAlike(first, again, { seed, question });
  }
  expect(withData).toBeGreaterThan(15);
}, 120_000);
