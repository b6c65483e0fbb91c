import type { Command } from 'commander';
import { createApp, refuseMissing } from '../app';
import { action, dataCommand, type Result } from './frame';
import { openProgress } from './progress-bar';
import { projectionNamed } from './projections';

/** `rebuild`: folds the whole log into new tables beside the live ones and switches in one transaction. */
export function addRebuild(program: Command): void {
  dataCommand(
    program,
    'rebuild',
    'fold the whole log into new tables beside the live ones, verify, and switch; the live tables answer meanwhile, and an interrupted rebuild resumes where it stopped',
    ['rebuild', 'rebuild --projection signals'],
  )
    .option('--projection <name>', 'only this projection')
    .action(
      action<{ readonly projection?: string }>(async ({ config, signal }, options): Promise<Result> => {
        const projection = projectionNamed(options.projection);
        refuseMissing(config);
        const app = await createApp(config);
        const progress = openProgress('rebuild');
        try {
          const json = await app.runtime.rebuild({
            signal,
            ...(projection === undefined ? {} : { projection }),
            onProgress: progress.update,
          });
          const text = `folded ${json.events} events in ${json.seconds.toFixed(1)} s; switched ${json.switched.join(', ')}`;
          return { json, text };
        } finally {
          progress.stop();
          await app.close();
        }
      }),
    );
}
