import { version } from '../package.json';
import { type LocalExports, openLocalExports } from './api/exports/local';
import { startServer } from './api/server';
import { type App, type AppOptions, createApp, openTelemetry } from './app';
import type { Config } from './config/config';
import { createLog, type Log } from './telemetry/log';
import { note } from './telemetry/out';

/** How long the server waits for its tables before it listens without them, in milliseconds. */
const PATIENCE_MS = 1_000;

export interface Started {
  readonly url: string;
  readonly app: App;
  close(): Promise<void>;
}

const aloud = (): Log => createLog({ json: false, write: note });

/**
 * Opens everything, serves and projects. The server listens even if the store does not answer: it is then live but not
 * ready, reports why, and retries. With `project: false` another process folds the tables this one reads. Requests that
 * arrived before `close` are still answered.
 */
export async function start(
  config: Config,
  log: Log = aloud(),
  { project = true, ...more }: { readonly project?: boolean } & Pick<AppOptions, 'clock'> = {},
): Promise<Started> {
  const telemetry = openTelemetry(config);
  const app = await createApp(config, { probe: telemetry?.probe, onFault: log.fault, ...more });
  try {
    if (project) await atOnceOrLater(app.runtime.start(), log);
    if (project) app.ledger.start();
    if (project) app.follower.start();
    if (project) app.policies.start();
    telemetry?.watch(async () => ({
      head: await app.store.head(),
      projections: await app.runtime.progress(),
      policies: app.policies.standing(),
    }));
    const server = await startServer({ ...app, version, report: log.fault, metrics: telemetry?.page }, config);
    return {
      url: server.url,
      app,
      close: async () => {
        await server.close();
        await app.close();
        await telemetry?.close();
      },
    };
  } catch (error) {
    await app.close();
    await telemetry?.close();
    throw error;
  }
}

/**
 * Reads lists without a server, once the tables include everything now in the log. It is here because it needs the
 * schema and the resolvers of the server.
 */
export async function openExports(config: Config, signal: AbortSignal): Promise<LocalExports> {
  const app = await createApp(config);
  try {
    await app.runtime.catchUp({ signal });
    const exports = await openLocalExports({ ...app, version });
    const close = async () => {
      await exports.close();
      await app.close();
    };
    return { ...exports, close };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** Rejects only on errors that show up at once: a damaged file stops the start, a slow store does not. */
async function atOnceOrLater(started: Promise<void>, log: Log): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), PATIENCE_MS);
  });
  const first = await Promise.race([started, late]);
  clearTimeout(timer);
  if (first === 'late') started.catch(log.fault);
}
