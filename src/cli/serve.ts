import { relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { devToken } from '../api/tokens';
import { type Config, printable, refuseUnsafeAddress } from '../config/config';
import { ROLES } from '../domain/roles';
import { print } from '../telemetry/out';
import { action, dataCommand, type Frame } from './frame';
import { typed } from './invocation';
import { logRejections } from './rejections';
import { showCatchingUp, untilStopped } from './watch';

export interface ServeOptions {
  readonly json?: boolean;
  /** If false, another process folds the tables. */
  readonly project?: boolean;
}

/** `serve`: GraphQL over HTTP and WebSocket, and the projections, until stopped. */
export function addServe(program: Command): void {
  withAddress(
    dataCommand(program, 'serve', 'serve GraphQL on http://127.0.0.1:4000/graphql and keep the tables up to date', [
      'serve',
      'serve --port 4001 --data /var/lib/palimpsest',
      'serve --no-project',
      'PALIMPSEST_AUTH=oidc OIDC_ISSUER=… OIDC_AUDIENCE=… OIDC_JWKS_URI=… HOST=0.0.0.0 palimpsest serve',
    ]),
  )
    .option('--no-project', 'only serve: `palimpsest project` keeps the tables up to date elsewhere')
    .action(action<ServeOptions>(serve));
}

/** Adds the options of a command that listens. */
export function withAddress(command: Command): Command {
  return command
    .option('--port <n>', 'port to listen on; 0 takes a free one (default: PORT, else 4000)')
    .option('--host <address>', 'address to listen on (default: HOST, else 127.0.0.1)');
}

/** Serves until the signal aborts; requests received by then are still answered. */
export async function serve({ config, signal, log }: Frame, options: ServeOptions): Promise<undefined> {
  refuseUnsafeAddress(config);
  // The only place that loads the web framework: other commands need not load it.
  const { start } = require('../main') as typeof import('../main');
  const server = await start(config, log, { project: options.project ?? true });
  const endLogging = logRejections(log);
  try {
    const tokens = config.auth.mode === 'development' ? await personas(config) : [];
    print(options.json ? asJson(server.url, tokens) : page(config, server.url, tokens));
    log.info('serving', { url: server.url });
    await showCatchingUp(server.app, signal, log);
    if (!signal.aborted) log.info('ready; Ctrl-C stops');
    await untilStopped(signal);
  } finally {
    log.info('stopping');
    await server.close();
    endLogging();
    log.info('stopped');
  }
}

type Persona = readonly [role: string, token: string];

function personas(config: Config): Promise<readonly Persona[]> {
  return Promise.all(ROLES.map(async (role) => [role, await devToken(config.dataDir, { role })] as const));
}

function asJson(url: string, tokens: readonly Persona[]): string {
  return JSON.stringify({ url, tokens: Object.fromEntries(tokens) });
}

function page(config: Config, url: string, tokens: readonly Persona[]): string {
  const [author] = tokens;
  const lines = [`Palimpsest serves ${url}`, '', indented(printable(config))];
  if (author === undefined) return lines.join('\n');
  lines.push(
    '',
    `Development tokens, good for eight hours (\`${another(config)}\` prints a new one):`,
    '',
    ...tokens.map(([role, token]) => `  ${role.padEnd(9)} ${token}`),
    '',
    'Ask something:',
    '',
    `  curl -s ${url} \\`,
    "    -H 'Content-Type: application/json' \\",
    `    -H 'Authorization: Bearer ${author[1]}' \\`,
    `    -d '{"query":"{ assets(first: 3) { nodes { id title status } computedAt } }"}'`,
    '',
  );
  return lines.join('\n');
}

/** The command for another token of this server, as typed here. */
function another({ dataDir }: Config): string {
  const place = dataDir === resolve('data') ? '' : ` --data ${relative('.', dataDir) || '.'}`;
  return typed(`palimpsest token --role author${place}`);
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
