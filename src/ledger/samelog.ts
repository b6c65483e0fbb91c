import { START, type Store } from '../store/store';
import type { Checkpoint } from './checkpoint';
import type { LedgerDirectory } from './directory';
import { Entries } from './entries';
import type { Positions } from './positions';
import { type EventRecord, eventsIn, indexOfEvent } from './record';
import { LedgerRefused } from './sequence';

type Log = Pick<Store, 'readAll'>;

/** Checks that the store's event at the same ordinal is the last one that was signed. Throws LedgerRefused. */
export async function expectSameLog(
  store: Log,
  directory: LedgerDirectory,
  positions: Positions,
  { size }: Checkpoint,
): Promise<void> {
  const events = eventsIn(size);
  if (events === 0) return;
  const entries = new Entries(directory, size);
  const position = positions.at(events - 1);
  const last = entries.record(indexOfEvent(events - 1)) as EventRecord;
  if (position !== undefined && (await idAt(store, position)) === last.eventId) return;
  await positions.write(0, await positionsOf(store, entries, events));
}

async function idAt(store: Log, position: string): Promise<string | undefined> {
  const before = (BigInt(position) - 1n).toString().padStart(START.length, '0');
  for await (const [event] of store.readAll({ after: before, limit: 1 })) {
    return event?.position === position ? event.id : undefined;
  }
  return undefined;
}

/** The log was copied to another store, or is another one: only reading it shows which. */
async function positionsOf(store: Log, entries: Entries, events: number): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of store.readAll()) {
    for (const event of page) {
      if (found.length === events) return found;
      const index = indexOfEvent(found.length);
      const { eventId } = entries.record(index) as EventRecord;
      if (eventId !== event.id) {
        throw otherLog(`entry ${index} of the ledger is of event ${eventId}, and the log has ${event.id} there`);
      }
      found.push(event.position);
    }
  }
  if (found.length === events) return found;
  throw otherLog(`the log holds ${found.length} events, and ${events} were signed`);
}

function otherLog(what: string): LedgerRefused {
  return new LedgerRefused(
    `${what}: an older backup of the log was restored, or events were removed. Nothing is signed until this is settled: ` +
      'restore the newest backup of the log; if what is missing is lost for good, put the directory of the ledger aside, ' +
      'as evidence, and a new one is begun',
  );
}
