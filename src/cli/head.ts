import type { Command } from 'commander';
import { openStore } from '../app';
import { action, dataCommand, type Result } from './frame';

/** `head`: where the log ends and how much there is. */
export function addHead(program: Command): void {
  dataCommand(program, 'head', 'the last position of the log, and how many events and streams there are', [
    'head',
    'head --json',
  ]).action(
    action(async ({ config, signal }): Promise<Result> => {
      const store = await openStore(config);
      try {
        const position = await store.head();
        const streams = new Set<string>();
        let events = 0;
        for await (const page of store.readAll({ until: position })) {
          signal.throwIfAborted();
          events += page.length;
          for (const { stream } of page) streams.add(stream);
        }
        const json = { position, events, streams: streams.size };
        return { json, text: `${events} events in ${streams.size} streams, the last at position ${position}` };
      } finally {
        await store.close();
      }
    }),
  );
}
