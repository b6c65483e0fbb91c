import type { Command } from 'commander';
import { openStore } from '../app';
import { type Config, refuseUnsafeAddress } from '../config/config';
import { UsageError } from '../config/exit';
import type { RecordedEvent } from '../domain/event';
import { action, dataCommand, type Frame } from './frame';
import { type ServeOptions, serve, withAddress } from './serve';
import { began, firstEvent, simulateYear, type Year } from './simulate-year';

const DIRECTORY = './demo';
const ASSETS = 500;
const SEED = 1;
const DAYS = 365;
const DAY = 86_400_000;

/** `demo`: serves a small simulated year that ends today, in a directory of its own. */
export function addDemo(program: Command): void {
  withAddress(
    dataCommand(
      program,
      'demo',
      'serve the simulated year of a small marketing organisation, up to today',
      ['demo', 'demo --data ./playground --port 4001'],
      DIRECTORY,
    ),
  ).action(
    action<ServeOptions>(async (frame: Frame, options): Promise<undefined> => {
      refuseUnsafeAddress(frame.config);
      await prepare(frame);
      return serve(frame, options);
    }),
  );
}

/** Records the year if the directory is empty, resumes an interrupted recording, and leaves other logs alone. */
async function prepare({ config, signal, note }: Frame): Promise<void> {
  const first = await firstEvent(config);
  const year = first === undefined ? yearUpTo(Date.now()) : yearOf(first);
  if (first !== undefined && !began(first, year)) {
    throw new UsageError(
      `${config.dataDir} holds a log that the demo did not write; name another directory with --data, or use \`serve\``,
    );
  }
  if (first === undefined) note(`recording a year of ${ASSETS} assets in ${config.dataDir}`);
  await simulateYear({ config, signal }, year);
  note(`the demo in ${config.dataDir}: ${await described(config, year)}. Delete the directory for a year up to today.`);
}

function yearUpTo(now: number): Year {
  const today = now - (now % DAY);
  return { assets: ASSETS, seed: SEED, from: new Date(today - DAYS * DAY), pictures: true };
}

/** The first event of a simulated year occurs on its first day. */
function yearOf(first: RecordedEvent): Year {
  const occurred = Date.parse(first.metadata.occurredAt);
  return { assets: ASSETS, seed: SEED, from: new Date(occurred - (occurred % DAY)), pictures: true };
}

async function described(config: Config, { from }: Year): Promise<string> {
  const store = await openStore(config);
  try {
    const day = (time: number) => new Date(time).toISOString().slice(0, 10);
    const counted = await store.count?.();
    const events = counted === undefined ? '' : `${counted.events} events, `;
    return `${events}a year from ${day(from!.getTime())} to ${day(from!.getTime() + (DAYS - 1) * DAY)}`;
  } finally {
    await store.close();
  }
}
