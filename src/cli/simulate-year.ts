import type { Command } from 'commander';
import { openStore } from '../app';
import { UsageError } from './exit';
import { action, dataCommand, type Frame, type Result } from './frame';
import { openProgress } from './progress';
import { type Simulated, simulate } from './simulate/simulate';

interface Options {
  readonly assets: string;
  readonly seed: string;
}

/** `simulate`: a deterministic year of a marketing organisation, made by the real commands. */
export function addSimulate(program: Command): void {
  dataCommand(
    program,
    'simulate',
    'record a believable year of a marketing organisation: the same numbers give the same year, run again it adds nothing, and interrupted it goes on where it stopped',
    ['simulate --assets 1000 --seed 1', 'simulate --assets 100000 --seed 7 --data ./large'],
  )
    .requiredOption('--assets <n>', 'how many assets are registered in the year')
    .requiredOption('--seed <s>', 'whole number that decides everything that happens')
    .action(
      action<Options>(async (frame, options): Promise<Result> => {
        const assets = wholeNumber('--assets', options.assets, 1);
        const seed = wholeNumber('--seed', options.seed, 0);
        const json = await simulateYear(frame, assets, seed);
        const rate = Math.round(json.events / Math.max(0.001, json.seconds));
        const text = `${json.events} events about ${json.assets} assets in ${json.campaigns} campaigns, ${rate} a second`;
        return { json, text };
      }),
    );
}

/** Records the year into the store of a data directory, and shows how far it is. */
export async function simulateYear(
  { config, signal }: Pick<Frame, 'config' | 'signal'>,
  assets: number,
  seed: number,
): Promise<Simulated> {
  const store = await openStore(config);
  const progress = openProgress('simulate');
  try {
    const onProgress = (done: number, events: number) => progress.update(done, assets, `${events} events`);
    return await simulate({ store, assets, seed, signal, onProgress });
  } finally {
    progress.stop();
    await store.close();
  }
}

function wholeNumber(option: string, text: string, least: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least)) throw new UsageError(`${option} must be a whole number from ${least}, not "${text}"`);
  return number;
}
