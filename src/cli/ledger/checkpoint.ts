import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { openStoreToRead, refuseMissing } from '../../app';
import { FaultFound, NotAvailable } from '../../config/exit';
import { LedgerDamaged } from '../../ledger/directory';
import { ledgerIn } from '../../ledger/ledger';
import { BadNote } from '../../ledger/note';
import { readSignedLog, type SignedLog } from '../../ledger/reading';
import { LedgerRefused } from '../../ledger/sequence';
import { LedgerBusy, Sequencer } from '../../ledger/sequencer';
import { cosignatures } from '../../ledger/witness/witnessing';
import type { Store } from '../../store/store';
import { action, dataCommand, type Result } from '../frame';

/** How long another process may take to sign the log, in milliseconds. */
const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 100;

/** `ledger checkpoint`: signs everything in the log. */
export function addCheckpoint(ledger: Command): void {
  dataCommand(
    ledger,
    'checkpoint',
    'sign everything that is in the log now, unless a running server does so, and print the signed checkpoint: keep it, and later history can be held against it',
    ['ledger checkpoint > 2026-03-31.checkpoint', 'ledger checkpoint --json'],
  ).action(
    action(async ({ config, signal, note }): Promise<Result> => {
      refuseMissing(config);
      const store = await openStoreToRead(config);
      try {
        const signed = await signedToHead(store, ledgerIn(config.dataDir), signal, ({ message }) => note(message));
        const { origin, size, root } = signed.checkpoint;
        const json = { origin, size, events: signed.events, root: root.toString('base64'), checkpoint: signed.text };
        return { json, text: signed.text.trimEnd() };
      } finally {
        await store.close();
      }
    }),
  );
}

/** Signs the log up to its head; if another process signs, waits for it. */
export async function signedToHead(
  store: Store,
  ledger: string,
  signal: AbortSignal,
  onFault?: (fault: Error) => void,
): Promise<SignedLog> {
  const head = await store.head();
  try {
    const sequencer = await Sequencer.open({ store, ledger, clock: Date.now });
    try {
      await sequencer.toHead(store, signal);
      const { text, lines, faults } = await cosignatures(ledger);
      if (text !== undefined) await sequencer.cosigned(text, lines);
      for (const fault of faults) onFault?.(fault);
    } finally {
      await sequencer.close();
    }
  } catch (error) {
    if (isFault(error)) throw new FaultFound((error as Error).message);
    if (!(error instanceof LedgerBusy)) throw error;
  }
  for (let waited = 0; waited <= PATIENCE_MS; waited += LOOK_EVERY_MS) {
    const signed = readSignedLog(ledger);
    if (signed !== undefined && (signed.lastPosition() ?? '') >= (signed.events === 0 ? '' : head)) return signed;
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
  throw new NotAvailable('another process writes the ledger and has not signed all of the log yet; ask again');
}

/** A fault of the data, which waiting does not resolve. */
export function isFault(error: unknown): boolean {
  return error instanceof LedgerRefused || error instanceof LedgerDamaged || error instanceof BadNote;
}
