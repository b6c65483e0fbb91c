import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';
import { absolute, type Bench, type BenchContext, type Row } from './bench';
import { APPROVAL, CHANGED, HISTORY, LIST, ONE, PERSON_DAY, PROBE, SEARCH, STATE_AT } from './questions';

const CLI = join(__dirname, 'cli.js');
const ASSETS = 100_000;
const CONNECTIONS = 16;
const SECONDS = 8;
const SINGLE = 200;

interface Served {
  readonly child: ChildProcess;
  readonly url: string;
  readonly tokens: Readonly<Record<'author' | 'approver' | 'analyst' | 'auditor', string>>;
}

async function serve(data: string, environment: NodeJS.ProcessEnv = {}): Promise<Served> {
  const child = spawn(process.execPath, [...process.execArgv, CLI, 'serve', '--port', '0', '--json', '--data', data], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...environment },
  });
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return { child, ...(JSON.parse(line) as Omit<Served, 'child'>) };
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

const headersOf = (token: string) => ({ 'content-type': 'application/json', authorization: `Bearer ${token}` });

interface Question {
  readonly query: string;
  readonly variables: object;
}

// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of its question.
async function ask({ url, tokens }: Served, question: Question): Promise<any> {
  const response = await fetch(url, {
    method: 'POST',
    headers: headersOf(tokens.analyst),
    body: JSON.stringify(question),
  });
  const answer = (await response.json()) as { data: unknown; errors?: unknown };
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

/** Requests per second and p99, with the queries sent in turn over sixteen connections. */
async function load(url: string, token: string, questions: readonly Question[]): Promise<autocannon.Result> {
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: SECONDS,
    method: 'POST',
    headers: headersOf(token),
    requests: questions.map((question) => ({ method: 'POST', body: JSON.stringify(question) })),
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  return result;
}

/** A bare HTTP server that parses the query and serialises the same answer; the rest of the time is ours. */
async function probe(answer: unknown, question: Question): Promise<number> {
  const child = spawn(process.execPath, ['-e', PROBE], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin!.end(JSON.stringify(answer));
  const [port] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  try {
    return (await load(`http://127.0.0.1:${port}/`, '', [question])).requests.average;
  } finally {
    await stop(child);
  }
}

/** Bars of a read: requests per second, and p99 in milliseconds. */
interface ReadBars {
  readonly rate: number;
  readonly p99: number;
}

async function read(
  served: Served,
  name: string,
  questions: readonly Question[],
  bars: ReadBars,
): Promise<readonly Row[]> {
  const answer = await ask(served, questions[0]!);
  for (const question of questions) await ask(served, question);
  const { requests, latency } = await load(served.url, served.tokens.analyst, questions);
  const bare = await probe(answer, questions[0]!);
  const rate = { name, value: requests.average, unit: 'requests/s' };
  return [
    absolute({ ...rate, probe: 'bare HTTP', probeValue: bare }, { atLeast: bars.rate }),
    absolute({ name: `${name}-p99`, value: latency.p99, unit: 'ms' }, { below: bars.p99 }),
  ];
}

/** Median milliseconds of single requests. */
async function single(served: Served, name: string, questions: readonly Question[], below: number): Promise<Row> {
  const times: number[] = [];
  for (let index = 0; index < SINGLE; index += 1) {
    const begun = performance.now();
    await ask(served, questions[index % questions.length]!);
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  return absolute({ name, value: times[SINGLE / 2]!, unit: 'ms' }, { below });
}

/** A year of an organisation with many assets, read in every way a frontend and an auditor use. */
export async function readsOf(
  { directory, note }: BenchContext,
  bench: string,
  bars: ReadBars,
  environment: NodeJS.ProcessEnv = {},
): Promise<readonly Row[]> {
  const simulated = ['simulate', '--assets', String(ASSETS), '--seed', '1', '--data', directory];
  for (const words of [simulated, ['tables', 'hash', '--data', directory]]) {
    note(words.slice(0, 3).join(' '));
    const ended = spawnSync(process.execPath, [...process.execArgv, CLI, ...words], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...environment },
    });
    if (ended.status !== 0) throw new Error(`${words[0]}: ${ended.stderr}`);
  }
  const served = await serve(directory, environment);
  try {
    const query =
      '{ assets(first: 50, filter: { statusIn: [APPROVED] }) { nodes { id tags title approval { actor { id } occurredAt } } } }';
    const { assets } = await ask(served, { query, variables: {} });
    const found = assets.nodes as {
      id: string;
      tags: string[];
      title: string;
      approval: { actor: { id: string }; occurredAt: string };
    }[];
    const each = (question: string, variables: (one: (typeof found)[number]) => object): Question[] =>
      found.map((one) => ({ query: question, variables: variables(one) }));
    const byId = ({ id }: { id: string }) => ({ id });
    const middle = found.map(({ approval }) => approval.occurredAt).sort()[25];
    return [
      ...(await read(
        served,
        `${bench}/list`,
        each(LIST, ({ tags }) => ({ tag: tags.slice(0, 1) })),
        bars,
      )),
      ...(await read(served, `${bench}/asset`, each(ONE, byId), bars)),
      ...(await read(served, `${bench}/history`, each(HISTORY, byId), bars)),
      ...(await read(
        served,
        `${bench}/search`,
        each(SEARCH, ({ title }) => ({ text: title.split(' ').slice(0, 2).join(' ') })),
        bars,
      )),
      await single(served, `${bench}/who-approved`, each(APPROVAL, byId), 3),
      await single(
        served,
        `${bench}/state-at`,
        each(STATE_AT, ({ id }) => ({ id, at: { occurredAt: middle } })),
        3,
      ),
      await single(
        served,
        `${bench}/person-day`,
        each(PERSON_DAY, ({ approval }) => dayOf(approval)),
        15,
      ),
    ];
  } finally {
    await stop(served.child);
  }
}

function dayOf({ actor, occurredAt }: { actor: { id: string }; occurredAt: string }): object {
  const from = `${occurredAt.slice(0, 10)}T00:00:00.000Z`;
  return { actor: actor.id, occurred: { from, to: new Date(Date.parse(from) + 86_400_000).toISOString() } };
}

/** The life of an asset up to its approval, as clients send it one request after another, selecting `returned`. */
function life(tokens: Served['tokens'], returned: string): autocannon.Request[] {
  const act = (role: 'author' | 'approver', field: string, input: (asset: string) => object): autocannon.Request => {
    const query = `mutation ($input: ${field[0]!.toUpperCase()}${field.slice(1)}Input!) { ${field}(input: $input) { ${returned} userErrors { code } } }`;
    return {
      method: 'POST',
      headers: headersOf(tokens[role]),
      setupRequest: (request, context) => {
        const state = context as { asset?: string };
        if (field === 'assetRegister') state.asset = randomUUID();
        const variables = { input: { act: { idempotencyKey: randomUUID() }, ...input(state.asset!) } };
        return { ...request, body: JSON.stringify({ query, variables }) };
      },
    };
  };
  const digest = 'a'.repeat(64);
  const content = { digest, bytes: '2048', mediaType: 'image/png', madeWith: { tool: 'figma' } };
  return [
    act('author', 'assetRegister', (assetId) => ({ assetId, kind: 'IMAGE', title: 'Hero', tags: ['web'], content })),
    act('author', 'assetChangeMetadata', (assetId) => ({ assetId, title: 'Summer hero' })),
    act('author', 'assetRequestReview', (assetId) => ({ assetId })),
    act('approver', 'assetRecordDecision', (assetId) => ({
      assetId,
      version: 1,
      digest,
      decision: 'APPROVE',
      role: 'brand',
    })),
  ];
}

/** What a client selects: the confirmation that its act is recorded, or the asset after the act. */
const ANSWERS = {
  acknowledged: 'position revision',
  returned: `position revision ${CHANGED}`,
} as const;

interface Mutations {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

/** Lives of assets, one per concurrent client: mutations per second, and milliseconds. */
export async function mutations(
  data: string,
  clients: number,
  environment: NodeJS.ProcessEnv = {},
  answer: keyof typeof ANSWERS = 'acknowledged',
): Promise<Mutations> {
  const served = await serve(data, environment);
  try {
    const options = { url: served.url, connections: clients, requests: life(served.tokens, ANSWERS[answer]) };
    await autocannon({ ...options, duration: 2 });
    const { requests, latency, non2xx, errors } = await autocannon({ ...options, duration: SECONDS });
    if (non2xx > 0 || errors > 0) throw new Error(`${non2xx} refused, ${errors} failed`);
    return { rate: requests.average, p50: latency.p50, p99: latency.p99 };
  } finally {
    await stop(served.child);
  }
}

async function graphqlMutations({ directory, note }: BenchContext): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const row = (name: string, value: number, unit: string, bar: Parameters<typeof absolute>[1]): void => {
    rows.push(absolute({ name: `graphql-mutations/${name}`, value, unit }, bar));
  };
  for (const [clients, acknowledged, returned] of [
    [1, 800, 500],
    [8, 2000, 1500],
    [32, 2500, 2500],
  ] as const) {
    const acts = await mutations(join(directory, `${clients}`), clients);
    row(`${clients}`, acts.rate, 'mutations/s', { atLeast: acknowledged });
    if (clients === 32) row('32-p99', acts.p99, 'ms', { below: 40 });
    const changed = await mutations(join(directory, `${clients}-returned`), clients, {}, 'returned');
    row(`${clients}-returned`, changed.rate, 'mutations/s', { atLeast: returned });
    if (clients === 1) row('1-returned-p50', changed.p50, 'ms', { below: 3 });
    note(`${clients} clients: p99 ${acts.p99} ms, ${changed.p99} ms with the asset returned`);
  }
  return rows;
}

export const benches: readonly Bench[] = [
  { name: 'graphql-mutations', run: graphqlMutations },
  { name: 'graphql-reads', run: (context) => readsOf(context, 'graphql-reads', { rate: 3000, p99: 20 }) },
];
