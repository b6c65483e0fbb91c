import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import { EventStoreDBClient, streamNameFilter } from '@eventstore/db-client';
import type { Config } from '../../src/config/config';
import { startFarEnd } from '../support/eventstoredb/server';
import { Line } from '../support/line';

/** The server of a run, and how to kill it. */
export interface Server {
  readonly url: string;
  /** Kills and restarts it; if no command for that is configured, cuts the connection instead. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Runs a command of the operator, without the variables that name the server of the run: EventStoreDB takes every
 * variable with its prefix for a setting, and does not start with an unknown one.
 */
export async function operate(line: string): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('EVENTSTORE_')));
  return (await promisify(exec)(line, { env })).stdout;
}

/** The server that EVENTSTORE_URL names, otherwise one in this process that speaks its protocol. */
export async function serverOfRun(): Promise<Server> {
  const { EVENTSTORE_URL: real, KILL_EVENTSTORE: kill, START_EVENTSTORE: start } = process.env;
  if (!real) {
    const far = await startFarEnd();
    const restart = async () => {
      await far.stop();
      await far.start();
    };
    return { url: far.url, kill: restart, stop: () => far.stop() };
  }
  if (kill && start) {
    const restart = async () => {
      await operate(kill);
      await operate(start);
    };
    return { url: real, kill: restart, stop: async () => undefined };
  }
  const line = await Line.to(real);
  return { url: line.url, kill: async () => line.cut(), stop: () => line.close() };
}

/** Kills the server after every so many events of a store. `end` returns the number of kills. */
export async function hitting(
  server: Server,
  { events }: Config,
  counts: readonly number[],
): Promise<{ end(): Promise<number> }> {
  if (events.adapter !== 'eventstoredb') throw new Error('there is no server to be hit');
  const filter = streamNameFilter({ prefixes: [`${events.address.prefix}.`] });
  const end = new AbortController();
  const due = [...counts];
  let killed = 0;
  const watching = (async () => {
    while (!end.signal.aborted && due.length > 0) {
      const client = EventStoreDBClient.connectionString(server.url);
      const subscription = client.subscribeToAll({ fromPosition: 'start', filter });
      const stop = () => void subscription.unsubscribe().catch(() => undefined);
      end.signal.addEventListener('abort', stop);
      let seen = 0;
      try {
        for await (const _ of subscription) {
          seen += 1;
          if (seen < due[0]!) continue;
          due.shift();
          killed += 1;
          await server.kill();
        }
      } catch {
        // The subscription ends with the server, and starts again with it.
      }
      end.signal.removeEventListener('abort', stop);
      await client.dispose().catch(() => undefined);
    }
  })();
  return {
    end: async () => {
      end.abort();
      await watching;
      return killed;
    },
  };
}
