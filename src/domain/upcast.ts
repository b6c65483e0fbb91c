import { CATALOGUE, type EventType, type Recorded } from './catalogue';
import type { Lift, RecordedEvent } from './event';
import { normalEvent } from './normal';

/** The log holds an event that a newer program wrote: this program must be updated. No reader may skip the event. */
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

/** What event types were and are: today's schema version is one more than there are lifts. */
type Shapes = Readonly<Record<string, { readonly lifts: readonly Lift[] }>>;

/** Reading and writing events in the shapes of one catalogue. */
export interface Evolution {
  /**
   * An event as the log gives it, in today's shape and schema version, its labels in normal form C. Every reader of the
   * log goes through here, so that folds know one shape only. Throws NewerEvent for a type or a schema version the
   * catalogue does not know.
   */
  upcast(event: RecordedEvent): Recorded;
  /** The schema version in which events of a type are written today. */
  versionOf(type: string): string;
}

export function evolutionOf(shapes: Shapes): Evolution {
  const versions = new Map(Object.keys(shapes).map((type) => [type, String(1 + liftsOf(shapes, type).length)]));
  return {
    versionOf: (type) => versions.get(type) ?? '1',
    upcast: (event) => {
      const { type, metadata } = event;
      const today = versions.get(type);
      const inShape = today === metadata.schemaVersion ? event : lifted(event, today, liftsOf(shapes, type));
      return normalEvent(inShape as Recorded<EventType>);
    },
  };
}

function liftsOf(shapes: Shapes, type: string): readonly Lift[] {
  return shapes[type]?.lifts ?? [];
}

/** Step by step, from the version in which the event was written to today's. */
function lifted(event: RecordedEvent, today: string | undefined, lifts: readonly Lift[]): RecordedEvent {
  const { type, metadata, position } = event;
  const written = /^[1-9]\d{0,3}$/.test(metadata.schemaVersion) ? Number(metadata.schemaVersion) : Number.NaN;
  if (today === undefined || !(written <= lifts.length)) throw new NewerEvent(type, metadata.schemaVersion, position);
  const data = lifts.slice(written - 1).reduce((older, lift) => lift(older as never), event.data);
  return { ...event, data, metadata: { ...metadata, schemaVersion: today } };
}

export const { upcast, versionOf } = evolutionOf(CATALOGUE);
