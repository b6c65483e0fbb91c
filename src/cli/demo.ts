import type { Command } from 'commander';
import { openStore } from '../app';
import { type Config, refuseUnsafeAddress } from '../config';
import { START } from '../store/store';
import { action, dataCommand, type Frame } from './frame';
import { type ServeOptions, serve, withAddress } from './serve';
import { simulateYear } from './simulate-year';

const ASSETS = 500;
const SEED = 1;

/** `demo`: a small year to play in, served. A log that has events already is served as it is. */
export function addDemo(program: Command): void {
  withAddress(
    dataCommand(program, 'demo', 'serve a small simulated year; a log that has events already is served as it is', [
      'demo',
      'demo --data ./playground --port 4001',
    ]),
  ).action(
    action<ServeOptions>(async (frame: Frame, options): Promise<undefined> => {
      refuseUnsafeAddress(frame.config);
      if (await isEmpty(frame.config)) {
        frame.note(`recording a year of ${ASSETS} assets`);
        await simulateYear(frame, ASSETS, SEED);
      }
      return serve(frame, options);
    }),
  );
}

async function isEmpty(config: Config): Promise<boolean> {
  const store = await openStore(config);
  try {
    return (await store.head()) === START;
  } finally {
    await store.close();
  }
}
