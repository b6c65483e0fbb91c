import { validate as isUuid } from 'uuid';
import type { Recorded } from '../../domain/catalogue';
import { METADATA_MEMBERS, type Metadata, type RecordedEvent } from '../../domain/event';
import { upcast } from '../../domain/upcast';
import { eventIdOf, olderEventIdOf } from '../../execute/eventid';
import { START, type Store } from '../../store/store';
import type { Check } from './check';

/** Number of faults that are described; the others are counted. */
const MOST = 10;
/** The most events of one append, and so of one command. */
const MOST_OF_A_COMMAND = 1_000;

export interface Looking {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Called with the digest and size of every version's bytes. */
  readonly onContent?: ((digest: string, bytes: number) => void) | undefined;
  /** Called with the outcome of every check of stored bytes. */
  readonly onFixity?: ((digest: string, outcome: string) => void) | undefined;
}

/**
 * Reads every event and checks that this program understands it, that its id matches its content, that its stream skips
 * no revision, that positions increase, and that the last position is the one that the store reports. Keeps one number
 * for each stream in memory.
 */
export async function checkEvents(
  store: Pick<Store, 'readAll' | 'head' | 'count'>,
  advice: string,
  { signal, onProgress, onContent, onFixity }: Looking = {},
): Promise<Check> {
  const name = 'events';
  const began = performance.now();
  const look = new Look();
  const head = await store.head();
  for await (const page of store.readAll({ until: head })) {
    signal?.throwIfAborted();
    for (const event of page) {
      const understood = look.at(event);
      if (understood?.type === 'VersionAdded') onContent?.(understood.data.digest, understood.data.bytes);
      if (understood?.type === 'FixityChecked') onFixity?.(understood.data.digest, understood.data.outcome);
    }
    onProgress?.(Number(page.at(-1)?.position ?? 0), Number(head));
  }
  look.end(head);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const seen = `${look.events} events in ${look.streams.size} streams were read in ${seconds} s`;
  if (look.count > 0) {
    const more = look.count > MOST ? `; and ${look.count - MOST} more` : '';
    return { name, ok: false, detail: `${seen}: ${look.faults.join('; ')}${more}`, advice };
  }
  const older =
    look.older > 0 ? `, except ${look.older} written by an older version, whose ids do not cover their content` : '';
  return { name, ok: true, detail: `${seen}; the id of each matches its content${older}`, advice: '' };
}

/** The state of the check. */
class Look {
  events = 0;
  /** Events whose id is unique but does not cover their content. */
  older = 0;
  count = 0;
  readonly faults: string[] = [];
  /** Stream → its last revision. */
  readonly streams = new Map<string, number>();
  private last = START;
  private before: { readonly stream: string; readonly commandId: string; readonly ordinal: number } | undefined;

  /** The event in its current schema version; undefined if this program does not understand it. */
  at(event: RecordedEvent): Recorded | undefined {
    this.events += 1;
    this.order(event);
    this.identity(event);
    try {
      return upcast(event);
    } catch (error) {
      this.fault(event, (error as Error).message);
      return undefined;
    }
  }

  end(head: string): void {
    if (this.last === head) return;
    this.count += 1;
    this.faults.push(`the log ends at ${head}, but the last event that can be read is at ${this.last}`);
  }

  private order(event: RecordedEvent): void {
    const { stream, revision, position } = event;
    if (position <= this.last) this.fault(event, `follows ${this.last}, which is not a lower position`);
    this.last = position;
    const expected = (this.streams.get(stream) ?? -1) + 1;
    if (revision !== expected) this.fault(event, `has revision ${revision} instead of ${expected}`);
    this.streams.set(stream, revision);
  }

  private identity(event: RecordedEvent): void {
    const { stream, revision } = event;
    const said = { ...event, metadata: inWrittenOrder(event.metadata) };
    const { commandId } = event.metadata;
    if (!isUuid(commandId)) {
      this.fault(event, `has the command id ${JSON.stringify(commandId)}, which is not a UUID`);
      return;
    }
    const { before } = this;
    const goesOn = before?.stream === stream && before.commandId === commandId;
    const due = goesOn ? before.ordinal + 1 : 0;
    const isIt = (ordinal: number) => eventIdOf(stream, ordinal, said) === event.id;
    let ordinal = isIt(due) ? due : undefined;
    if (ordinal === undefined) ordinal = olderEventIdOf(stream, due, said) === event.id ? this.olderAt(due) : undefined;
    // Events of other streams may be between two events of one command.
    for (let other = 0; ordinal === undefined && other <= Math.min(revision, MOST_OF_A_COMMAND); other += 1) {
      if (other !== due && isIt(other)) ordinal = other;
    }
    if (ordinal === undefined) this.fault(event, 'is not what was written: its id belongs to other content');
    this.before = { stream, commandId, ordinal: ordinal ?? due };
  }

  private olderAt(ordinal: number): number {
    this.older += 1;
    return ordinal;
  }

  private fault({ type, position, stream }: RecordedEvent, what: string): void {
    this.count += 1;
    if (this.faults.length < MOST) this.faults.push(`${type} at ${position} in ${stream} ${what}`);
  }
}

/** Metadata in the order in which the id was computed from it; unknown members come last. */
function inWrittenOrder(metadata: Metadata): Metadata {
  const ordered: Record<string, string> = {};
  for (const name of METADATA_MEMBERS) {
    const value = metadata[name];
    if (value !== undefined) ordered[name] = value;
  }
  return Object.assign(ordered, metadata) as unknown as Metadata;
}
