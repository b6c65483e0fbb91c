import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Log } from '../../test/ledger/logs';
import { bundle, type Program } from '../../test/support/bundle';
import { Ledger } from './ledger';
import { placesIn } from './sequencer';

let built: Program;
let program: string;
let log: Log;
const faults: string[] = [];

beforeAll(async () => {
  built = await bundle(join(__dirname, 'sequencerthread.ts'));
  program = built.file;
});
afterAll(() => built.remove());
beforeEach(() => {
  log = new Log();
  faults.length = 0;
});
afterEach(() => log.close());

const open = (of: string): Ledger =>
  new Ledger({
    events: { adapter: 'sqlite', file: log.file },
    ledger: log.ledger,
    program: of,
    store: log.store,
    onFault: (fault) => faults.push((fault as Error).message),
  });

/** Polls until it is so; otherwise the test's own limit ends it. */
async function until(so: () => boolean | Promise<boolean>): Promise<void> {
  const often = 10;
  while (!(await so())) await pause(often);
}

describe.each([
  ['in a thread', () => program],
  ['in the process, where the thread has no program', () => join(log.directory, 'absent.js')],
])('a ledger that is written %s', (_where, of) => {
  test('signs existing and new events until it is closed', async () => {
    await log.grow(300);
    const ledger = open(of());
    expect(await ledger.standing(log.now)).toBeUndefined();
    ledger.start();
    await until(() => ledger.signed()?.size === 301);
    await log.grow(10);
    await until(() => ledger.signed()?.size === 311);
    expect(await ledger.standing(log.now)).toEqual({ size: 311, events: 310, lagSeconds: 0 });
    await ledger.close();
    expect(faults).toEqual([]);
    await log.grow(1);
    const next = open(of());
    next.start();
    await until(() => next.signed()?.size === 312);
    await next.close();
  });

  test('reports once why it signs nothing, and how long events have been waiting', async () => {
    await log.grow(5);
    const first = open(of());
    first.start();
    await until(() => first.signed()?.size === 5);
    await first.close();
    rmSync(placesIn(log.ledger).keys);
    writeFileSync(placesIn(log.ledger).keys, '{}');
    await log.grow(1);
    const ledger = open(of());
    ledger.start();
    await until(() => faults.length > 0);
    expect(faults).toEqual([expect.stringMatching(/^the ledger is not written: .*keys.json is damaged/)]);
    await ledger.close();
  });
});

test('a ledger that cannot continue reports its progress and the reason', async () => {
  await log.grow(5);
  const first = open(program);
  first.start();
  await until(() => first.signed()?.size === 5);
  await first.close();
  await log.grow(1);
  const ledger = open(program);
  rmSync(join(log.ledger, 'log', 'tile'), { recursive: true });
  ledger.start();
  await until(() => faults.length > 0);
  expect(await ledger.standing(log.now + 7_000)).toEqual({
    size: 5,
    events: 5,
    lagSeconds: 7,
    fault: expect.stringContaining('is missing'),
  });
  await ledger.close();
});

/** Whether this process has a thread, as Node counts what keeps it busy. */
const hasThread = () => process.getActiveResourcesInfo().includes('MessagePort');

test('there is a thread only while there is something to sign', async () => {
  await log.grow(3);
  const ledger = new Ledger({
    events: { adapter: 'sqlite', file: log.file },
    ledger: log.ledger,
    program,
    store: log.store,
    onFault: (fault) => faults.push((fault as Error).message),
    idleMs: 50,
  });
  try {
    ledger.start();
    await until(hasThread);
    await until(() => ledger.signed()?.size === 3);
    await until(() => !hasThread());
    await log.grow(2);
    await until(() => ledger.signed()?.size === 5);
    expect(faults).toEqual([]);
  } finally {
    await ledger.close();
  }
});
