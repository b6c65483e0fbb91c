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
What moves: every event, with its stream, order, id, data and metadata, and when and where it was first recorded, so
that every question about the past has the same answer in the new house.
What does not: content/ and people.json stay in the data directory, which the new house uses too or gets a copy of.
Tables are made anew from the events. Positions are those of the new store: cursors of the old one end.

The source may be in use: what was there when the copy began is copied, and how much came since is said. To move,
stop the writers, run it once more, then start them with PALIMPSEST_EVENTS naming the new store.
Nobody may write to the target before the copy has ended well.`;

/** `copy`: the whole log into another store. */
export function addCopy(program: Command): void {
  dataCommand(
    program,
    'copy',
    'copy every event into another, empty store, and prove that both hold the same. Run again, it copies only what is new; interrupted, it goes on where it stopped; exit code 1 where the two differ',
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

/** A file is the same under every name it has: compared with itself it would hold all that was asked for. */
function isOne(here: Config['events'], there: Config['events']): boolean {
  if (here.adapter === 'eventstoredb' || there.adapter === 'eventstoredb') {
    return JSON.stringify(here) === JSON.stringify(there);
  }
  const [one, other] = [here, there].map(({ file }) => statSync(file, { throwIfNoEntry: false }));
  return here.file === there.file || (one !== undefined && one.ino === other?.ino && one.dev === other.dev);
}

/** One bar a phase. */
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
    same ? 'the two hold the same' : 'the two DIFFER: start again with an empty target that no other program writes to',
    ...(since > 0 ? [`${since} events came to the source since: run it again to copy them too`] : []),
  ];
  return lines.join('\n');
}
