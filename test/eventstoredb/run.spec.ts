import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { operate } from './server';

const run = (environment: Record<string, string>) => {
  const { EVENTSTORE_URL: _, ...rest } = process.env;
  return spawnSync(process.execPath, [join(__dirname, 'run.cjs')], {
    env: { ...rest, ...environment },
    encoding: 'utf8',
  });
};

/** A port of this machine at which nothing answers. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

describe('the run against a real EventStoreDB', () => {
  test('keeps its own settings from a server that it starts', async () => {
    const before = process.env.EVENTSTORE_URL;
    process.env.EVENTSTORE_URL = 'esdb://127.0.0.1:1?tls=false';
    try {
      const names = JSON.parse(await operate('node -p "JSON.stringify(Object.keys(process.env))"')) as string[];
      expect(names).toContain('PATH');
      expect(names.filter((name) => name.startsWith('EVENTSTORE_'))).toEqual([]);
    } finally {
      if (before === undefined) delete process.env.EVENTSTORE_URL;
      else process.env.EVENTSTORE_URL = before;
    }
  });

  test('says clearly that it tested nothing if no server is named, and ends with 3', () => {
    const { status, stderr } = run({});
    expect(stderr).toContain('NO EVENTSTOREDB WAS TESTED. EVENTSTORE_URL is not set.');
    expect(status).toBe(3);
  });

  test('says clearly that it tested nothing if the server does not answer, and prints no password', async () => {
    const { status, stderr } = run({ EVENTSTORE_URL: `esdb://admin:secret@127.0.0.1:${await deadPort()}?tls=false` });
    expect(stderr).toMatch(/NO EVENTSTOREDB WAS TESTED\. esdb:\/\/127\.0\.0\.1:\d+ cannot be used: /);
    expect(stderr).not.toContain('secret');
    expect(status).toBe(3);
  });
});
