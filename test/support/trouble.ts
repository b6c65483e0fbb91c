import { connect } from '../../src/tables/postgres/driver';
import { createRuntime, type Runtime, type RuntimeOptions } from '../../src/tables/runtime';
import { Bench, shelf } from './shelf';

/** A takeover happens within this time, in milliseconds. */
export const TAKEN_OVER_MS = 10_000;

export const registered = (title: string) => ({ is: 'registered', title, tags: ['t'] }) as const;

/** A shelf in PostgreSQL for fault tests; every runtime over it ends with it. */
export class Trouble {
  readonly bench = new Bench({ engine: 'postgres' });
  private readonly running: Runtime[] = [];

  async open(tables: RuntimeOptions['tables'], more: Partial<RuntimeOptions> = {}): Promise<Runtime> {
    const { store } = this.bench;
    const runtime = await createRuntime({ store, projections: [shelf()], tables, batchSize: 3, ...more });
    this.running.push(runtime);
    return runtime;
  }

  /** Appends events while something fails; returns the last position. */
  async much(from: number, to: number): Promise<string> {
    let last = '';
    for (let n = from; n < to; n++) {
      const happening = n % 5 === 0 ? registered(`Title ${n}`) : ({ is: 'changed', title: `Poster ${n}` } as const);
      last = await this.bench.happens(`asset ${n % 7}`, n % 11 === 10 ? { is: 'retired' } : happening);
    }
    return last;
  }

  /** The result of folding the same log undisturbed. */
  async undisturbed() {
    const runtime = await this.bench.runtime({ tables: 'undisturbed' });
    await runtime.catchUp();
    return (await runtime.hash()).projections;
  }

  async close(): Promise<void> {
    for (const runtime of this.running) await runtime.stop();
    await this.bench.close();
  }
}

/** A new shelf for each test of a spec, passed to `begun`; it and everything running over it end with the test. */
export function eachInTrouble(begun: (trouble: Trouble) => void | Promise<void>): void {
  let trouble: Trouble;
  beforeEach(() => {
    trouble = new Trouble();
    return begun(trouble);
  });
  afterEach(() => trouble.close());
}

/** Ends the connections whose application name has this prefix, as an operator or a broken network would. */
export async function cut(tables: RuntimeOptions['tables'], name: string): Promise<number> {
  if (tables.adapter !== 'postgres') throw new Error('there is no server');
  const admin = await connect(tables);
  const ended = await admin.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND starts_with(application_name, $1)',
    [name],
  );
  await admin.end();
  return ended.length;
}

/** Runs statements beside the program; `%s` is the schema of the tables. */
export async function sql(tables: RuntimeOptions['tables'], text: string): Promise<void> {
  if (tables.adapter !== 'postgres') throw new Error('there is no server');
  const admin = await connect(tables);
  await admin.script(text.replaceAll('%s', `"${tables.schema}"`));
  await admin.end();
}
