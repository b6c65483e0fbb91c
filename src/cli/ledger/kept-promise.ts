import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { refuseMissing } from '../../app';
import { UsageError } from '../../config/exit';
import { ledgerIn } from '../../ledger/ledger';
import { BadNote } from '../../ledger/note';
import { stateOf } from '../../ledger/promise';
import { readSignedLog } from '../../ledger/reading';
import { action, dataCommand, type Result } from '../frame';

/** `ledger promise`: what became of a promise that GraphQL gave. */
export function addPromise(ledger: Command): void {
  dataCommand(
    ledger,
    'promise <file>',
    'say whether a signed promise, as `promise(eventId:)` gave it, was kept; exit code 1 if it was broken',
    ['ledger promise act.promise'],
  ).action(
    action<object, [string]>(async ({ config }, _options, file): Promise<Result> => {
      refuseMissing(config);
      const signed = readSignedLog(ledgerIn(config.dataDir));
      if (signed === undefined)
        throw new UsageError('nothing was signed yet; `palimpsest ledger checkpoint` signs the log');
      try {
        const json = stateOf(readFileSync(file, 'utf8'), signed, Date.now());
        return { json, text: `${json.state}: ${json.detail}`, fault: json.state === 'broken' };
      } catch (error) {
        if (error instanceof BadNote) throw new UsageError(`${file}: ${error.message}`);
        const { code } = error as NodeJS.ErrnoException;
        throw code === undefined ? error : new UsageError(`${file} cannot be read: ${code}`);
      }
    }),
  );
}
