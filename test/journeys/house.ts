import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { devToken } from '../../src/api/tokens';
import { loadConfig } from '../../src/config/config';
import type { Environment } from '../../src/config/environment';
import type { Role } from '../../src/domain/roles';
import { type Started, start } from '../../src/main';
import type { Log } from '../../src/telemetry/log';
import { engineOfRun, tablesAt } from '../support/engines';

export interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of its question.
  readonly data: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string; readonly argument?: readonly string[] };
  }[];
  readonly extensions?: { readonly position: string };
}

type Variables = Readonly<Record<string, unknown>>;

/** A role, with its actor if that matters. */
type Persona = Role | `${Role}:${string}`;

/** A real server on a free port, with a real store in its own directory. */
export interface House {
  readonly started: Started;
  readonly dataDir: string;
  token(role: Role, actor?: string, expiresIn?: number): Promise<string>;
  /** Sends a request as a persona, or with the given header. */
  ask(
    who: Persona | { readonly header?: string | undefined },
    query: string,
    variables?: Variables,
    more?: object,
  ): Promise<Reply>;
  /** Executes one act as `role:actor` with the usual act fields; returns the payload with its user errors. */
  act(who: Persona, mutation: string, input: Variables): Promise<Reply['data']>;
  socket(token?: string): Promise<Client>;
  close(): Promise<void>;
}

let keys = 0;

/** Polls health until ready: on a shared server, the log is searched first. */
async function untilReady({ url }: Started): Promise<void> {
  for (let left = 300; left > 0; left -= 1) {
    const { status } = await fetch(new URL('/health/ready', url));
    if (status === 200) return;
    await pause(100);
  }
  throw new Error(`the server at ${url} did not become ready`);
}

/** The journeys are the same on every store: EVENTSTORE_URL names a server, where each house has its own streams. */
function chosenStore(): Environment {
  const url = process.env.EVENTSTORE_URL;
  return url ? { PALIMPSEST_EVENTS: url, PALIMPSEST_STREAM_PREFIX: `test_${randomBytes(8).toString('hex')}` } : {};
}

/** The same for the tables: TEST_TABLES=postgres puts them there. */
async function chosenTables(dataDir: string): Promise<Readonly<Record<string, string>>> {
  const tables = await tablesAt(engineOfRun, dataDir, 'tables.sqlite');
  if (tables.adapter === 'sqlite') return {};
  return { PALIMPSEST_TABLES: tables.url, PALIMPSEST_TABLES_SCHEMA: tables.schema };
}

/** What an act selects of its subject, if a projection contains it. */
const SHOWN: Readonly<Record<string, string>> = {
  asset: 'asset { id status revision title }',
  campaign: 'campaign { id status }',
  licence: 'licence { id }',
  recall: 'recall { id }',
  workflow: 'workflow { id }',
};

/** With a store of the test's own it counts as open as soon as it listens, whether or not that store answers. */
export async function openHouse(
  ownStore?: Environment,
  log?: Log,
  more: { readonly clock?: () => number } = {},
): Promise<House> {
  const dataDir = await mkdtemp(join(tmpdir(), 'palimpsest-journey-'));
  const environment = { ...(ownStore ?? chosenStore()), ...(await chosenTables(dataDir)) };
  const started = await start(loadConfig({ data: dataDir, port: '0', host: '127.0.0.1' }, environment), log, more);
  if (ownStore === undefined) await untilReady(started);
  const known = new Map<string, Promise<string>>();
  const token: House['token'] = (role, actor, expiresIn) => devToken(dataDir, { role, actor, expiresIn });
  const bearer = async (who: string): Promise<string> => {
    const [role, actor] = who.split(':') as [Role, string?];
    if (!known.has(who)) known.set(who, token(role, actor));
    return `Bearer ${await known.get(who)}`;
  };
  const post = async (header: string | undefined, body: unknown): Promise<Reply> => {
    const response = await fetch(started.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(header === undefined ? {} : { authorization: header }) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, ...((await response.json()) as object) } as Reply;
  };
  return {
    started,
    dataDir,
    token,
    ask: async (who, query, variables, more) =>
      post(typeof who === 'string' ? await bearer(who) : who.header, { query, variables, ...more }),
    act: async (who, mutation, { idempotencyKey, expectedRevision, occurredAt, onBehalfOf, ...input }) => {
      const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
      const subject = SHOWN[/^[a-z]+/.exec(mutation)![0]] ?? '';
      keys += 1;
      // Assigned before anything is awaited, so that concurrent acts get different keys.
      const act = { idempotencyKey: idempotencyKey ?? `key-${keys}`, expectedRevision, occurredAt, onBehalfOf };
      const reply = await post(await bearer(who), {
        query: `mutation ($input: ${type}!) { ${mutation}(input: $input) {
          position revision repeated userErrors { code message path } ${subject} } }`,
        variables: { input: { act, ...input } },
      });
      if (reply.errors !== undefined) throw new Error(JSON.stringify(reply.errors));
      return reply.data[mutation];
    },
    socket: async (given) =>
      createClient({
        url: started.url.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: { Authorization: `Bearer ${given ?? (await token('analyst'))}` },
        onNonLazyError: () => undefined,
      }),
    close: async () => {
      await started.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A digest in place of some content's. */
export const digestOf = (letter: string): string => letter.repeat(64).slice(0, 64);

/** The content of a version, as a tool would report it. */
export const contentOf = (letter: string) => ({
  digest: digestOf(letter),
  bytes: '2048',
  mediaType: 'image/png',
  madeWith: { tool: 'figma' },
});
