import type { Command } from 'commander';
import { createApp, openTelemetry } from '../app';
import { portOf } from '../config/config';
import { action, dataCommand } from './frame';
import { serveHealth } from './serve-health';
import { showCatchingUp, untilStopped } from './watch';

interface Options {
  readonly healthPort?: string;
}

/**
 * `project`: keeps the tables up to date without serving; one process projects, and another takes over when it stops.
 */
export function addProject(program: Command): void {
  dataCommand(program, 'project', 'keep the tables up to date without serving, until stopped', [
    'project',
    'project --health-port 4100',
  ])
    .option('--health-port <n>', 'answer /health/live, /health/ready and /metrics on this port (default: none)')
    .action(
      action<Options>(async ({ config, signal, log }, { healthPort }): Promise<undefined> => {
        const port = healthPort === undefined ? undefined : portOf('--health-port', healthPort);
        const telemetry = openTelemetry(config);
        const app = await createApp(config, { probe: telemetry?.probe, onFault: log.fault });
        const metrics = telemetry?.page;
        const health = port === undefined ? undefined : await serveHealth({ ...app, metrics }, config.host, port);
        try {
          if (health !== undefined) log.info('answering for its health', { url: health.url });
          telemetry?.watch(async () => ({
            head: await app.store.head(),
            projections: await app.runtime.progress(),
            policies: app.policies.standing(),
          }));
          await app.runtime.start();
          app.ledger.start();
          app.follower.start();
          app.policies.start();
          await showCatchingUp(app, signal, log);
          if (!signal.aborted) log.info('projecting; Ctrl-C stops');
          await untilStopped(signal);
        } finally {
          log.info('stopping');
          await health?.close();
          await app.close();
          await telemetry?.close();
          log.info('stopped');
        }
      }),
    );
}
