import type { Command } from 'commander';
import { createApp } from '../app';
import { action, dataCommand, type Result } from './frame';
import { projectionNamed } from './projections';

/** `tables hash`: a fingerprint of what every projection says, equal wherever the same events were folded. */
export function addTables(program: Command): void {
  const tables = program.command('tables').description('the read models made from the log');
  dataCommand(tables, 'hash', 'a canonical fingerprint of the tables of every projection', [
    'tables hash',
    'tables hash --projection library --json',
  ])
    .option('--projection <name>', 'only this projection')
    .action(
      action<{ readonly projection?: string }>(async ({ config, signal }, options): Promise<Result> => {
        const projection = projectionNamed(options.projection);
        const app = await createApp(config);
        try {
          await app.runtime.catchUp({ signal });
          const json = await app.runtime.hash(projection);
          const rows = Object.entries(json.projections).map(
            ([name, { version, rows: count, sha256 }]) =>
              `${name.padEnd(12)}v${version} ${String(count).padStart(9)} rows  ${sha256}`,
          );
          return { json, text: [`at position ${json.position}`, ...rows].join('\n') };
        } finally {
          await app.close();
        }
      }),
    );
}
