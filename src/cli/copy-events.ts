import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { openMove } from '../app';
import { type Config, storeAt } from '../config/config';
import { UsageError } from '../config/exit';
import { type CopyResult, copy, type Phase } from '../store/copying/copying';
import { action, dataCommand, type Result } from './frame';
import { openProgress, type ProgressBar } from './progress-bar';

interface Options {
  readonly from?: string;
  readonly to: string;
}

const MOVES = `
Copied: every event with its stream, order, id, data and metadata, and its first position and time of recording, so
that queries about the past give the same answers from the new store.
Not copied: content/ and people.json. They stay in the data directory, which the new installation shares or copies.
Tables are rebuilt from the events. Positions are those of the new store, so cursors of the old one become invalid.

The source may be in use: events present at the start are copied, and the number of later ones is reported. To move,
stop the writers, run copy once more, then start them with PALIMPSEST_EVENTS set to the new store.
No other program may write to the target until the copy has succeeded.`;

/** `copy`: copies the whole log into another store. */
export function addCopy(program: Command): void {
  dataCommand(
    program,
    'copy',
    'copy every event into an empty store, then compare both. Run again, it copies only new events; after an interruption it continues where it stopped; exit code 1 if the stores differ',
    ['copy --to sqlite:../new/events.sqlite', 'copy --from sqlite:data/events.sqlite --to sqlite:copy.sqlite --json'],
  )
    .option('--from <store>', 'store to copy from (default: PALIMPSEST_EVENTS, else the one in the data directory)')
    .requiredOption('--to <store>', 'store to copy into: empty, or an earlier copy of the same source')
    .addHelpText('after', MOVES)
    .action(
      action<Options>(async ({ config, signal }, { from, to }): Promise<Result> => {
        const [here, there] = [from === undefined ? config.events : storeAt('--from', from), storeAt('--to', to)];
        if (isOne(here, there)) throw new UsageError('--from and --to name the same store');
        const move = await openMove(here, there);
        try {
          const result = await copy({ ...move, signal, ...watched() });
          return { json: result, text: report(result), fault: !result.same };
        } finally {
          await move.close();
        }
      }),
    );
}

/** Compares files by inode, not by name: a file compared with itself would always be a complete copy. */
function isOne(here: Config['events'], there: Config['events']): boolean {
  if (here.adapter === 'eventstoredb' || there.adapter === 'eventstoredb') {
    return JSON.stringify(here) === JSON.stringify(there);
  }
  const [one, other] = [here, there].map(({ file }) => statSync(file, { throwIfNoEntry: false }));
  return here.file === there.file || (one !== undefined && one.ino === other?.ino && one.dev === other.dev);
}

/** Shows one progress bar for each phase. */
function watched(): { onProgress(phase: Phase, done: number, total: number): void } {
  let shown: { readonly phase: Phase; readonly progress: ProgressBar } | undefined;
  return {
    onProgress: (phase, done, total) => {
      if (shown?.phase !== phase) {
        shown?.progress.stop();
        shown = { phase, progress: openProgress(phase) };
      }
      shown.progress.update(done, total);
      if (done === total) shown.progress.stop();
    },
  };
}

function report({ copied, source, target, same, differences, since, seconds }: CopyResult): string {
  const rate = seconds > 0 ? `, ${Math.round(copied / seconds)} a second` : '';
  const lines = [
    `${copied} events copied in ${seconds.toFixed(1)} s${rate}`,
    `source: ${source.events} events in ${source.streams} streams, sha256 ${source.sha256}`,
    `target: ${target.events} events in ${target.streams} streams, sha256 ${target.sha256}`,
    ...differences.map(
      ({ event, stream, revision, what }) => `event ${event}, ${stream} revision ${revision}: ${what}`,
    ),
    same
      ? 'both stores are equal'
      : 'the stores DIFFER: start again with an empty target that no other program writes to',
    ...(since > 0 ? [`${since} events were added to the source since: run it again to copy them too`] : []),
  ];
  return lines.join('\n');
}
