import { version } from '../package.json';
import { startServer } from './api/server';
import { type App, createApp } from './app';
import type { Config } from './config';

export interface Started {
  readonly url: string;
  readonly app: App;
  close(): Promise<void>;
}

/** Opens everything, starts projecting and serves. Whoever asked a question before `close` still gets the answer. */
export async function start(config: Config): Promise<Started> {
  const app = await createApp(config);
  try {
    await app.runtime.start();
    const server = await startServer({ ...app, version }, config);
    return {
      url: server.url,
      app,
      close: async () => {
        await server.close();
        await app.close();
      },
    };
  } catch (error) {
    await app.close();
    throw error;
  }
}
