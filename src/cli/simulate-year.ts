import { Readable } from 'node:stream';
import type { Command } from 'commander';
import { openContent, openNames, openStore, openTarget } from '../app';
import type { Config } from '../config/config';
import { UsageError } from '../config/exit';
import { SimulatedRecording } from '../connectors/simulation/datedstore';
import { Organisation } from '../connectors/simulation/organisation';
import { DEFAULT_FROM, firstCommandId, type Simulated, simulate } from '../connectors/simulation/simulate';
import { namesOf } from '../connectors/simulation/staffnames';
import type { RecordedEvent } from '../domain/event';
import type { Store } from '../store/store';
import { action, dataCommand, type Frame, type Result } from './frame';
import { openProgress } from './progress-bar';

interface Options {
  readonly assets: string;
  readonly seed: string;
}

/** The parameters that determine a simulated year. */
export interface Year {
  readonly assets: number;
  readonly seed: number;
  /** The midnight (UTC) at which it begins; default: 1 January 2025. */
  readonly from?: Date;
  /** Whether pictures are drawn and stored. */
  readonly pictures?: boolean;
}

/** Pictures that are stored at the same time. */
const AT_ONCE = 16;

/** `simulate`: records a deterministic year of a marketing organisation, made by the real commands. */
export function addSimulate(program: Command): void {
  dataCommand(
    program,
    'simulate',
    'record a believable year of a marketing organisation: the same numbers give the same year, a second run adds nothing, and an interrupted run resumes where it stopped',
    ['simulate --assets 1000 --seed 1', 'simulate --assets 100000 --seed 7 --data ./large'],
  )
    .requiredOption('--assets <n>', 'how many assets are registered in the year')
    .requiredOption('--seed <s>', 'whole number that decides everything that happens')
    .action(
      action<Options>(async (frame, options): Promise<Result> => {
        const assets = wholeNumber('--assets', options.assets, 1);
        const seed = wholeNumber('--seed', options.seed, 0);
        const json = await simulateYear(frame, { assets, seed });
        return { json, text: summary(json) };
      }),
    );
}

function summary({ events, assets, campaigns, written, seconds }: Simulated): string {
  const year = `${events} events about ${assets} assets in ${campaigns} campaigns`;
  if (written === 0) return `Nothing was written: the log already holds this year, ${year}.`;
  const rate = Math.round(written / Math.max(0.001, seconds));
  if (written === events) return `${year}, written at ${rate} events a second`;
  return `${year}: ${events - written} were there already, ${written} were written at ${rate} a second`;
}

/**
 * Records the year into the store of a data directory, with the names of its people, and shows progress. In a log that
 * holds nothing but this year, events are recorded shortly after they occurred; in any other, when they are written.
 */
export async function simulateYear(
  { config, signal }: Pick<Frame, 'config' | 'signal'>,
  year: Year,
): Promise<Simulated> {
  const organisation = new Organisation(year.seed, year.assets, year.from ?? DEFAULT_FROM);
  const store = await openForYear(config, year);
  const progress = openProgress('simulate');
  try {
    const onProgress = (done: number, events: number) => progress.update(done, year.assets, `${events} events`);
    const drawn = new Map<string, Buffer>();
    const pictures = year.pictures ? (digest: string, bytes: Buffer) => drawn.set(digest, bytes) : undefined;
    const simulated = await simulate({ store, ...year, pictures, signal, onProgress });
    await storePictures(config, drawn);
    const people = await openNames(config);
    for (const [id, name] of namesOf(organisation)) people.remember(id, name, new Date(0).toISOString());
    await people.flush();
    return simulated;
  } finally {
    progress.stop();
    await store.close();
  }
}

/** Stores what is not there yet: after an interruption some are. */
async function storePictures(config: Config, drawn: ReadonlyMap<string, Buffer>): Promise<void> {
  const content = openContent(config);
  const left = drawn.entries();
  const some = async (): Promise<void> => {
    for (const [digest, bytes] of left) {
      if ((await content.size(digest)) !== bytes.length) await content.put(Readable.from([bytes]), { digest });
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, some));
  } finally {
    await content.close();
  }
}

async function openForYear(config: Config, year: Year): Promise<Store> {
  const first = await firstEvent(config);
  if (first !== undefined && !began(first, year)) return openStore(config);
  return new SimulatedRecording(await openTarget(config.events));
}

/** Whether a log that begins with this event began as this year. */
export function began(first: RecordedEvent, { assets, seed, from = DEFAULT_FROM }: Year): boolean {
  return first.metadata.commandId === firstCommandId(new Organisation(seed, assets, from));
}

/** The first event of the log; undefined if it is empty. Creates the store if it is missing. */
export async function firstEvent(config: Config): Promise<RecordedEvent | undefined> {
  const store = await openStore(config);
  try {
    for await (const page of store.readAll({ limit: 1 })) return page[0];
    return undefined;
  } finally {
    await store.close();
  }
}

function wholeNumber(option: string, text: string, least: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least)) {
    throw new UsageError(`${option} must be a whole number from ${least} to 999999999, not "${text}"`);
  }
  return number;
}
