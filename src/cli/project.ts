import type { Command } from 'commander';
import { createApp } from '../app';
import { action, dataCommand } from './frame';
import { showCatchingUp, untilStopped } from './watch';

/** `project`: keeps the tables up to date without serving; one process projects, the next takes over. */
export function addProject(program: Command): void {
  dataCommand(program, 'project', 'keep the tables up to date without serving, until stopped', ['project']).action(
    action(async ({ config, signal, note }): Promise<undefined> => {
      const app = await createApp(config);
      try {
        await app.runtime.start();
        await showCatchingUp(app, signal);
        note('projecting; Ctrl-C stops');
        await untilStopped(signal);
      } finally {
        await app.close();
      }
    }),
  );
}
