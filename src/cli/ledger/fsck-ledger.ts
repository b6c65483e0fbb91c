import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { openStoreToRead, refuseMissing } from '../../app';
import { FaultFound, UsageError } from '../../config/exit';
import { type FsckResult, fsck } from '../../ledger/fsck';
import { ledgerIn } from '../../ledger/ledger';
import { action, dataCommand, type Result } from '../frame';
import { openProgress } from '../progress-bar';
import { isFault } from './checkpoint';

/** `ledger fsck`: rebuilds the tree from the events. */
export function addFsck(ledger: Command): void {
  dataCommand(
    ledger,
    'fsck',
    'build the tree anew from the events and compare it with every file of the ledger; exit code 1 and the first entry that differs where anything was changed or removed',
    ['ledger fsck', 'ledger fsck --kept 2026-03-31.checkpoint'],
  )
    .option('--kept <file...>', 'checkpoints that were kept: what they covered must still be there')
    .action(
      action<{ readonly kept?: readonly string[] }>(async ({ config, signal }, options): Promise<Result> => {
        refuseMissing(config);
        const kept = (options.kept ?? []).map(textOf);
        const store = await openStoreToRead(config);
        const progress = openProgress('fsck');
        try {
          const result = await examined(() =>
            fsck({ store, ledger: ledgerIn(config.dataDir), kept, signal, onProgress: progress.update }),
          );
          return { json: result, text: report(result), fault: !result.ok };
        } finally {
          progress.stop();
          await store.close();
        }
      }),
    );
}

async function examined(look: () => Promise<FsckResult | undefined>): Promise<FsckResult> {
  let result: FsckResult | undefined;
  try {
    result = await look();
  } catch (error) {
    throw isFault(error) ? new FaultFound((error as Error).message) : error;
  }
  if (result === undefined)
    throw new UsageError('nothing was signed yet; `palimpsest ledger checkpoint` signs the log');
  return result;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`the checkpoint ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function report({ ok, size, events, intactEvents, intactUpTo, unsigned, findings }: FsckResult): string {
  if (ok) return `${events} events are as they were signed, in ${size} entries; ${unsigned} are not signed yet`;
  const intact =
    intactUpTo === undefined ? 'no event is' : `the first ${intactEvents} events, up to ${intactUpTo}, are`;
  const lines = findings.map(
    ({ code, index, detail }) => `${code}${index === undefined ? '' : ` at entry ${index}`}: ${detail}`,
  );
  return [`${intact} as signed`, ...lines].join('\n');
}
