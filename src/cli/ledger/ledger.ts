import type { Command } from 'commander';
import { addWitness } from './be-witness';
import { addCheckpoint } from './checkpoint';
import { addFsck } from './fsck-ledger';
import { addPromise } from './kept-promise';
import { addKey } from './key';
import { addStatus } from './status';

/** `ledger`: the commands for what outsiders can verify. */
export function addLedger(program: Command): void {
  const ledger = program
    .command('ledger')
    .description('the transparency log beside the events, which outsiders can check');
  addKey(ledger);
  addStatus(ledger);
  addCheckpoint(ledger);
  addFsck(ledger);
  addWitness(ledger);
  addPromise(ledger);
}
