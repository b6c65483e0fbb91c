import type { Command } from 'commander';
import { openStoreToRead, refuseMissing } from '../../app';
import { ledgerIn, standingOf } from '../../ledger/ledger';
import { readSignedLog } from '../../ledger/reading';
import { action, dataCommand, type Result } from '../frame';

/** `ledger status`: the progress of the ledger. */
export function addStatus(ledger: Command): void {
  dataCommand(ledger, 'status', 'how many events were signed, and how long the oldest unsigned one has been waiting', [
    'ledger status',
    'ledger status --json',
  ]).action(
    action(async ({ config }): Promise<Result> => {
      refuseMissing(config);
      const store = await openStoreToRead(config);
      try {
        const signed = readSignedLog(ledgerIn(config.dataDir));
        const standing = await standingOf(signed, store, Date.now());
        const { size, events, lagSeconds } = standing;
        const json = { origin: signed?.keys.origin ?? null, ...standing };
        if (signed === undefined)
          return { json, text: 'nothing was signed yet: `serve`, `project` and `ledger checkpoint` do so' };
        const lag = lagSeconds === 0 ? 'all of the log' : `the oldest unsigned event is ${lagSeconds} s old`;
        return { json, text: `${signed.keys.origin}: ${events} events in ${size} entries are signed; ${lag}` };
      } finally {
        await store.close();
      }
    }),
  );
}
