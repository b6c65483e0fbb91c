import type { Command } from 'commander';
import { openStore, refuseMissing } from '../app';
import type { Store } from '../store/store';
import { action, dataCommand, type Result } from './frame';

/** `head`: the end of the log and its size. */
export function addHead(program: Command): void {
  dataCommand(program, 'head', 'the last position of the log, and how many events and streams there are', [
    'head',
    'head --json',
  ]).action(
    action(async ({ config, signal }): Promise<Result> => {
      refuseMissing(config);
      const store = await openStore(config);
      try {
        const position = await store.head();
        const { events, streams } = store.count ? await store.count() : await countUntil(store, position, signal);
        const json = { position, events, streams };
        return { json, text: `${events} events in ${streams} streams, the last at position ${position}` };
      } finally {
        await store.close();
      }
    }),
  );
}

/** Reads the whole log. */
async function countUntil(store: Store, until: string, signal: AbortSignal) {
  const streams = new Set<string>();
  let events = 0;
  for await (const page of store.readAll({ until })) {
    signal.throwIfAborted();
    events += page.length;
    for (const { stream } of page) streams.add(stream);
  }
  return { events, streams: streams.size };
}
