import type { Command } from 'commander';
import { type App, createApp, refuseMissing } from '../app';
import { action, dataCommand, type Result } from './frame';
import { projectionNamed } from './projections';

/** `tables hash`: a fingerprint of every projection, equal wherever the same events were folded. */
export function addTables(program: Command): void {
  const tables = program.command('tables').description('the read models built from the log');
  dataCommand(tables, 'hash', 'a canonical fingerprint of the tables of every projection', [
    'tables hash',
    'tables hash --projection library --json',
  ])
    .option('--projection <name>', 'only this projection')
    .action(
      action<{ readonly projection?: string }>(async ({ config, signal, note }, options): Promise<Result> => {
        const projection = projectionNamed(options.projection);
        refuseMissing(config);
        const app = await createApp(config);
        try {
          await app.runtime.catchUp({ signal });
          const json = await app.runtime.hash(projection, { signal });
          const rows = Object.entries(json.projections).map(
            ([name, { version, rows: count, sha256 }]) =>
              `${name.padEnd(12)}v${version} ${String(count).padStart(9)} rows  ${sha256}`,
          );
          const text = [`at position ${json.position}`, ...rows].join('\n');
          return { json, text, fault: await sayPoisoned(app, note, projection) };
        } finally {
          await app.close();
        }
      }),
    );
}

/** Reports projections stopped at an event: their fingerprint does not cover later events. */
async function sayPoisoned(
  { runtime }: Pick<App, 'runtime'>,
  note: (line: string) => void,
  only: string | undefined,
): Promise<boolean> {
  const stopped = (await runtime.progress()).filter(({ name, poison }) => poison && name === (only ?? name));
  for (const { name, poison } of stopped) {
    note(`${name} stopped at ${poison!.type} at ${poison!.position}: ${poison!.message}`);
  }
  return stopped.length > 0;
}
