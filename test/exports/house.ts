import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalExports, openLocalExports } from '../../src/api/exports/local';
import { QUOTAS, type Quotas } from '../../src/api/quotas';
import { startServer } from '../../src/api/server';
import { devToken } from '../../src/api/tokens';
import { type App, createApp } from '../../src/app';
import { simulateYear } from '../../src/cli/simulate-year';
import { loadConfig } from '../../src/config/config';
import type { Environment } from '../../src/config/environment';
import type { Role } from '../../src/domain/roles';
import { type EngineName, tablesAt } from '../support/engines';

export type Row = Readonly<Record<string, unknown>>;

/** An answer of the export door, read to its end or until it broke off. */
export interface Download {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly trailers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** Whether the answer ended normally. */
  readonly whole: boolean;
}

/** A year of a small organisation, behind a real server. */
export interface House {
  readonly app: App;
  readonly url: string;
  readonly local: LocalExports;
  token(role?: Role, actor?: string, expiresIn?: number): Promise<string>;
  ask(
    query: string,
    variables?: object,
    token?: string,
  ): Promise<{ data: Record<string, never>; errors?: readonly unknown[] }>;
  /** `file` with its parameters. */
  download(file: string, token?: string): Promise<Download>;
  /** Rows without their cursors, and the content of the last line. */
  rows(file: string): Promise<{ readonly rows: readonly Row[]; readonly end: Row }>;
  close(): Promise<void>;
}

export async function openFilled(
  engine: EngineName,
  { assets = 40, quotas = {} }: { readonly assets?: number; readonly quotas?: Partial<Quotas> } = {},
): Promise<House> {
  const dataDir = await mkdtemp(join(tmpdir(), 'palimpsest-exports-'));
  const config = loadConfig({ data: dataDir, port: '0', host: '127.0.0.1' }, await placeOf(engine, dataDir));
  await simulateYear({ config, signal: new AbortController().signal }, { assets, seed: 7 });
  const app = await createApp(config);
  await app.runtime.start();
  await app.runtime.catchUp();
  const dependencies = { ...app, version: 'test', report: () => undefined };
  const server = await startServer(dependencies, config, { ...QUOTAS, ...quotas });
  const local = await openLocalExports(dependencies);
  const token: House['token'] = (role = 'analyst', actor = 'ana', expiresIn) =>
    devToken(dataDir, { role, actor, expiresIn });
  const download: House['download'] = async (file, given) =>
    fetched(new URL(file, `${server.url}/../export/`), given ?? (await token()));
  return {
    app,
    url: server.url,
    local,
    token,
    download,
    ask: async (query, variables = {}, given) => {
      const authorization = `Bearer ${given ?? (await token('author'))}`;
      const headers = { 'content-type': 'application/json', authorization };
      const reply = await fetch(server.url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
      return (await reply.json()) as never;
    },
    rows: async (file) => {
      const { status, body } = await download(file);
      if (status !== 200) throw new Error(body);
      const all = linesOf(body);
      return { rows: all.slice(0, -1).map(withoutCursor), end: all.at(-1)!.end as Row };
    },
    close: async () => {
      await server.close();
      await local.close();
      await app.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function placeOf(engine: EngineName, dataDir: string): Promise<Environment> {
  const tables = await tablesAt(engine, dataDir, 'tables.sqlite');
  if (tables.adapter === 'sqlite') return {};
  return { PALIMPSEST_TABLES: tables.url, PALIMPSEST_TABLES_SCHEMA: tables.schema };
}

export const linesOf = (ndjson: string): readonly Row[] =>
  ndjson.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Row]));

export const withoutCursor = ({ cursor: _cursor, ...row }: Row): Row => row;

function fetched(url: URL, token: string): Promise<Download> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { authorization: `Bearer ${token}` } }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        body += part;
      });
      response.on('error', () => undefined);
      response.on('close', () => {
        const { statusCode, headers, trailers, complete } = response;
        resolve({ status: statusCode!, headers, trailers: { ...trailers }, body, whole: complete });
      });
    });
    asked.on('error', reject).end();
  });
}
