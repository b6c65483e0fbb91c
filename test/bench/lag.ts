import { randomUUID } from 'node:crypto';
import { createApp } from '../../src/app';
import { loadConfig } from '../../src/config/config';
import { deciderOf } from '../../src/domain/deciders';
import { upcast } from '../../src/domain/upcast';
import type { Intent } from '../../src/execute/intent';
import { absolute, type Bench, type BenchContext, type Row } from './bench';

const EVENTS = 200;
const RATE = 200;
const SECONDS = 20;

const actor = { id: 'bench', kind: 'service' } as const;

function intent(command: Intent['command']): Intent {
  return { command, actor, workspace: 'bench', tool: 'bench', commandId: randomUUID() };
}

function register(asset: string): Intent {
  return intent({ type: 'RegisterAsset', asset, kind: 'image', title: 'Poster', tags: ['bench'] });
}

function retitle(asset: string, count: number): Intent {
  return intent({ type: 'ChangeMetadata', asset, title: `Poster, take ${count}` });
}

/** Median milliseconds of many equal steps. */
async function medianOf(times: number, step: () => Promise<unknown> | unknown): Promise<number> {
  const took: number[] = [];
  for (let time = 0; time < times; time++) {
    const begun = performance.now();
    await step();
    took.push(performance.now() - begun);
  }
  return took.sort((a, b) => a - b)[Math.floor(times / 2)]!;
}

/** The cost of every command on a long-lived asset: load its stream and fold it. The probe is JSON.parse and fold. */
async function fold200({ directory }: BenchContext): Promise<readonly Row[]> {
  const app = await createApp(loadConfig({ data: directory }, {}));
  try {
    const asset = randomUUID();
    await app.execute(register(asset));
    for (let count = 1; count < EVENTS; count++) await app.execute(retitle(asset, count));
    const decider = deciderOf('ChangeMetadata');
    const fold = (events: Iterable<Parameters<typeof upcast>[0]>, state = decider.initial) => {
      for (const event of events) state = decider.evolve(state, upcast(event) as never);
      return state;
    };
    const texts: string[] = [];
    for await (const page of app.store.readStream(`asset-${asset}`))
      texts.push(...page.map((event) => JSON.stringify(event)));
    const value = await medianOf(500, async () => {
      let state = decider.initial;
      for await (const page of app.store.readStream(`asset-${asset}`)) state = fold(page, state);
    });
    const probeValue = await medianOf(500, () => fold(texts.map((text) => JSON.parse(text))));
    return [absolute({ name: 'fold-200', value, unit: 'ms', probe: 'JSON.parse and fold', probeValue }, { below: 1 })];
  } finally {
    await app.close();
  }
}

/** From the answer of an append until this process can read the row, at a steady rate. */
export async function lagOf(
  { directory }: BenchContext,
  name: string,
  below: number,
  environment: NodeJS.ProcessEnv = {},
): Promise<readonly Row[]> {
  const app = await createApp(loadConfig({ data: directory }, environment));
  try {
    await app.runtime.start();
    const assets = Array.from({ length: 50 }, () => randomUUID());
    for (const asset of assets) await app.execute(register(asset));
    await app.runtime.catchUp();
    const lags: number[] = [];
    const waiting: Promise<void>[] = [];
    const begun = performance.now();
    for (let count = 0; count < RATE * SECONDS; count++) {
      const due = begun + (count * 1000) / RATE;
      if (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
      waiting.push(oneLag(app, retitle(assets[count % assets.length]!, count), lags));
    }
    await Promise.all(waiting);
    const value = lags.sort((a, b) => a - b)[Math.floor(lags.length * 0.99)]!;
    return [absolute({ name, value, unit: `ms p99 at ${RATE} events/s` }, { below })];
  } finally {
    await app.close();
  }
}

async function oneLag(app: Awaited<ReturnType<typeof createApp>>, change: Intent, lags: number[]): Promise<void> {
  const answer = await app.execute(change);
  if (!answer.ok) throw new Error(answer.refusal.message);
  const appended = performance.now();
  await app.runtime.waitFor(answer.position, { timeoutMs: 10_000 });
  lags.push(performance.now() - appended);
}

export const benches: readonly Bench[] = [
  { name: 'fold-200', run: fold200 },
  { name: 'live-lag', run: (context) => lagOf(context, 'live-lag', 100) },
];
