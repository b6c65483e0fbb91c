import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readiness } from '../../src/api/health';
import { loadConfig } from '../../src/config/config';
import { type Started, start } from '../../src/main';
import { createLog } from '../../src/telemetry/log';
import { event, newStream } from '../store/given';
import { type FarEnd, startFarEnd } from '../support/eventstoredb/server';
import { Line } from '../support/line';
import { emptyDatabase } from '../support/postgres';

jest.setTimeout(120_000);

const quiet = createLog({ json: true, write: () => undefined });
const PATHS = ['/health/ready', '/health/ready?for=reads'] as const;

interface Answer extends Readiness {
  readonly path: string;
  readonly status: number;
}

function ask({ url }: Pick<Started, 'url'>, path: string, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ path, status: response.statusCode!, ...JSON.parse(text) }));
    });
    sent.on('error', reject).end();
  });
}

/** Invariants of every answer, whatever happens meanwhile. */
function expectOneStory(answer: Answer): void {
  const { path, status, ready, reads, position, reasons } = answer;
  const well = reasons.length === 0;
  const holds =
    status === (ready ? 200 : 503) &&
    ready === well &&
    reads === (position !== undefined) &&
    (!ready || reads) &&
    (path === '/health/ready' || ready === reads) &&
    new Set(reasons).size === reasons.length;
  if (!holds) throw new Error(`the answer contradicts itself: ${JSON.stringify(answer)}`);
}

const STORES = {
  well: () => undefined,
  gone: (farEnd: FarEnd) => farEnd.stop(),
  frozen: (farEnd: FarEnd) => farEnd.faults.stall('read', 'append', 'subscribe', 'features'),
};
const TABLES = {
  well: () => undefined,
  gone: (line: Line) => line.refuse(),
  frozen: (line: Line) => line.hold(),
};
type State = keyof typeof STORES;
const STATES = Object.keys(STORES) as State[];

const CONDITIONS = ['folded', 'poisoned', 'never made'] as const;

/** A server whose events and tables are on separate servers, and what keeps its tables from being fresh. */
class Watched {
  private constructor(
    readonly started: Started,
    private readonly tables: (typeof CONDITIONS)[number],
    private readonly directory: string,
    private readonly farEnd: FarEnd,
    private readonly line: Line,
  ) {}

  static async open(tables: (typeof CONDITIONS)[number]): Promise<Watched> {
    const directory = mkdtempSync(join(tmpdir(), 'palimpsest-health-'));
    const farEnd = await startFarEnd();
    const line = await Line.to(await emptyDatabase());
    const environment = { PALIMPSEST_EVENTS: farEnd.url, PALIMPSEST_TABLES: line.url };
    const config = loadConfig({ data: directory, port: '0', host: '127.0.0.1' }, environment);
    const started = await start(config, quiet, { project: tables !== 'never made' });
    const type = tables === 'poisoned' ? 'AssetPutIntoOrbit' : 'AssetRegistered';
    const data = tables === 'poisoned' ? { height: 400 } : { kind: 'image', title: 'Poster', tags: [] };
    await started.app.store.append(newStream(), 'none', [event({ type, data })]);
    return new Watched(started, tables, directory, farEnd, line);
  }

  async through(store: State, database: State): Promise<void> {
    await this.untilTold('well', 'well');
    await Promise.all([STORES[store](this.farEnd), TABLES[database](this.line)]);
    await this.untilTold(store, database);
    this.line.release();
    this.farEnd.faults.heal();
    if (store === 'gone') await this.farEnd.start();
    await this.untilTold('well', 'well');
  }

  /** Polls until both answers are as expected; none on the way may contradict itself. */
  private async untilTold(store: State, database: State): Promise<void> {
    const reads = database === 'well' && this.tables !== 'never made';
    const due = [store === 'well' && database === 'well' && this.tables === 'folded', reads];
    for (;;) {
      const answers = await Promise.all(PATHS.map((path) => ask(this.started, path)));
      for (const answer of answers) expectOneStory(answer);
      if (answers.every((answer, index) => answer.ready === due[index] && answer.reads === reads)) return;
    }
  }

  async close(): Promise<void> {
    await this.started.close();
    await this.line.close();
    await this.farEnd.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

let houses: readonly Watched[];
beforeAll(async () => {
  houses = await Promise.all(CONDITIONS.map((tables) => Watched.open(tables)));
});
afterAll(() => Promise.all(houses.map((house) => house.close())));

const faults = STATES.flatMap((store) => STATES.map((database) => [store, database] as const));
test.each(faults)(
  'the event store is %s and PostgreSQL is %s, with tables that are folded, poisoned or missing: status and body agree',
  async (store, database) => {
    await Promise.all(houses.map((house) => house.through(store, database)));
  },
);

test('a stopping server says so, whatever else is true', async () => {
  for (const { started } of houses) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expectOneStory(await ask(started, '/health/ready', agent));
    const closed = started.close();
    const answer = await ask(started, '/health/ready', agent);
    expect(answer).toMatchObject({ status: 503, ready: false, reads: false, reasons: ['the server is stopping'] });
    expectOneStory(answer);
    await closed;
    agent.destroy();
  }
});
