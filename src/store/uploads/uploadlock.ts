import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';

/** How often whoever holds a lock says that it lives, and after how long a silent one counts as gone. Milliseconds. */
const SIGN_OF_LIFE = 3_000;
const GONE_AFTER = 15_000;

/**
 * A lock among the processes that share a directory: a file that only one can make. Undefined where another holds it. A
 * holder that was killed is recognised by its process id on this machine, and by its silence from another.
 */
export async function tryLock(path: string): Promise<(() => Promise<void>) | undefined> {
  const name = `${hostname()} ${process.pid} ${randomBytes(8).toString('hex')}`;
  if (!(await make(path, name))) {
    if (!(await isAbandoned(path))) return undefined;
    // Of several that find it abandoned one can move it away.
    const aside = `${path}.${randomBytes(4).toString('hex')}`;
    try {
      await rename(path, aside);
      await rm(aside, { force: true });
    } catch {
      return undefined;
    }
    if (!(await make(path, name))) return undefined;
  }
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, SIGN_OF_LIFE);
  timer.unref();
  return async () => {
    clearInterval(timer);
    if ((await nameIn(path)) === name) await rm(path, { force: true });
  };
}

async function make(path: string, name: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(name);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const [host, pid] = (await nameIn(path))?.split(' ') ?? [];
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return false;
  if (Date.now() - found.mtimeMs > GONE_AFTER) return true;
  return host === hostname() && Number(pid) !== process.pid && !isAlive(Number(pid));
}

async function nameIn(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
