import { CATALOGUE, type EventType, type Recorded } from './catalogue';
import type { RecordedEvent } from './event';
import { normalEvent } from './normal';

/** The log holds an event this program cannot read yet: somebody must upgrade. Nothing may skip it. */
export class NewerEvent extends Error {
  override readonly name = 'NewerEvent';
  constructor(
    readonly type: string,
    readonly schemaVersion: string,
    readonly position: string,
  ) {
    super(
      `event ${type} with schema version ${schemaVersion} at position ${position} was written by a newer version of ` +
        'this program; upgrade this one to read it',
    );
  }
}

const TODAY = new Map(
  Object.entries(CATALOGUE).map(([type, row]) => [type, String(row.schemaVersion)] as [string, string]),
);

/**
 * An event as the log gives it, in today's shape, its labels in normal form C. Every reader of the log goes through here, so that folds know one
 * shape only. Throws NewerEvent for a type or a schema version the catalogue does not know.
 */
export function upcast(event: RecordedEvent): Recorded {
  if (TODAY.get(event.type) !== event.metadata.schemaVersion) {
    throw new NewerEvent(event.type, event.metadata.schemaVersion, event.position);
  }
  return normalEvent(event as Recorded<EventType>);
}
