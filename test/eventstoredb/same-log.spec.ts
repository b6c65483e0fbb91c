import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../src/app';
import { explain } from '../../src/cli/explain';
import { simulateYear } from '../../src/cli/simulate-year';
import { type Config, childEnvironment, loadConfig } from '../../src/config/config';
import { EXIT } from '../../src/config/exit';
import { importGit } from '../../src/connectors/git/import';
import { ADA, BEN, History, icon } from '../import/history';
import { again } from '../store/again';
import { whole } from '../store/given';
import { hitting, type Server, serverOfRun } from './server';

jest.setTimeout(600_000);

type Fill = (config: Config) => Promise<unknown>;

let server: Server;
let directory: string;
let history: History;
let places = 0;

beforeAll(async () => {
  server = await serverOfRun();
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-same-log-'));
  history = new History();
  draw();
});
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
  history.dispose();
});

/** Many streams that change in turn, with reviews, a merge and releases. */
function draw(): void {
  for (let round = 0; round < 12; round += 1) {
    const doings = Array.from({ length: 25 }, (_, place) => ({
      path: `icons/${place}.svg`,
      content: icon(`${round} ${place}`),
    }));
    const drawn = history.commit(doings, { message: `Round ${round}\n\nReviewed-by: Cia <cia@studio.example>\n` });
    const topic = history.commit([{ path: 'topic.svg', content: icon(`topic ${round}`) }], {
      author: BEN,
      branch: `topic-${round}`,
      from: drawn,
    });
    const merged = history.commit([{ path: 'topic.svg', content: icon(`topic ${round}`) }], { merge: topic });
    history.tag(`v1.${round}`, merged, ADA);
  }
}

/** A new data directory, and unused stream names if its events are on the server. */
function fresh(url?: string): Config {
  places += 1;
  const environment: Record<string, string> = url
    ? { PALIMPSEST_EVENTS: url, PALIMPSEST_STREAM_PREFIX: `test_${randomBytes(8).toString('hex')}` }
    : {};
  return loadConfig({ data: join(directory, `place-${places}`) }, environment);
}

const simulated: Fill = (config) =>
  simulateYear({ config, signal: new AbortController().signal }, { assets: 150, seed: 11 });

const imported: Fill = async (config) => {
  const given = { path: history.path, content: false, workspace: 'default', environment: childEnvironment() };
  const result = await importGit({ ...given, dataDir: config.dataDir }, () => createApp(config));
  expect(result.differences).toEqual([]);
};

/** Repeats the command, as a person would after an unavailable resource. */
const untilDone = (fill: Fill, config: Config): Promise<unknown> =>
  again(
    () => fill(config),
    (error) => explain(error).exitCode !== EXIT.unavailable,
  );

/** The log without store-specific values, and the hash of its tables. */
async function told(config: Config): Promise<{ log: readonly unknown[]; tables: unknown }> {
  const app = await createApp(config);
  try {
    await app.runtime.catchUp();
    const log = (await whole(app.store.readAll())).map(({ position: _, recordedAt: __, ...event }) => event);
    return { log, tables: (await app.runtime.hash()).projections };
  } finally {
    await app.close();
  }
}

async function expectSame(there: Config, here: Config): Promise<void> {
  const [ours, theirs] = [await told(here), await told(there)];
  expect(ours.log.length).toBeGreaterThan(500);
  expect(theirs.log).toEqual(ours.log);
  expect(theirs.tables).toEqual(ours.tables);
}

describe.each([
  ['simulate', simulated],
  ['import git', imported],
] as const)('%s', (_name, fill) => {
  let here: Config;
  beforeAll(async () => {
    here = fresh();
    await fill(here);
  });

  it('gives the same log in EventStoreDB as in SQLite', async () => {
    const there = fresh(server.url);
    await fill(there);
    await expectSame(there, here);
  });

  it('gives the same log if the server is killed in the middle and the command is repeated', async () => {
    const there = fresh(server.url);
    const watch = await hitting(server, there, [1, 40, 300, 600]);
    await untilDone(fill, there);
    expect(await watch.end()).toBeGreaterThan(0);
    await expectSame(there, here);
  });
});
