import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteStore } from '../store/sqlite/adapter';
import type { Store } from '../store/store';
import type { ThreadStart, Told } from './beside';
import { follow } from './follow';

/** The program of the thread that writes the ledger, with its own connection to the store. */

// Node 22 warns that its SQLite is experimental in every thread that loads it.
process.emitWarning = () => undefined;
const { events, ledger, idleMs } = workerData as ThreadStart;
const port = parentPort!;
const over = new AbortController();
/** Ends the thread a while after the last signature; to open a long ledger, or to try again, takes as long as it takes. */
let idle: NodeJS.Timeout | undefined;
const tell = (told: Told): void => {
  clearTimeout(idle);
  if ('size' in told && !over.signal.aborted) idle = setTimeout(() => over.abort(), idleMs);
  port.postMessage(told);
};

port.on('message', () => over.abort());

async function open(): Promise<Store> {
  if (events.adapter === 'sqlite') return openSqliteStore(events.file, { readOnly: true });
  const { openEventStoreDb } =
    require('../store/eventstoredb/adapter') as typeof import('../store/eventstoredb/adapter');
  return openEventStoreDb(events.address);
}

async function run(): Promise<void> {
  const store = await open();
  try {
    await follow({
      store,
      ledger,
      signal: over.signal,
      clock: Date.now,
      onSigned: ({ size }) => tell({ size }),
      onFault: (fault) => tell({ fault: fault instanceof Error ? fault.message : String(fault) }),
    });
  } finally {
    await store.close();
  }
}

run()
  .catch((error: Error) => tell({ fault: error.message }))
  .finally(() => {
    clearTimeout(idle);
    port.close();
  });
