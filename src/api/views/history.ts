import { sentence } from '../../../projections/history/sentences';
import type { HistoryRow } from '../../../projections/history/tables';
import { CATALOGUE, type Category, type EventType, type Recorded } from '../../domain/catalogue';
import { streamOf } from '../../domain/stream';
import { eventId } from '../ids';
import type { Moment } from '../moment';
import { ActorView, actorView } from './actor';

/** An event as a history entry: its row under the names of the schema, and its data on demand. */
export class HistoryView {
  constructor(
    readonly row: HistoryRow,
    readonly moment: Moment,
    /** The event itself, if already loaded. */
    private readonly event?: Recorded,
  ) {}

  /** Each event type has an object type of the same name in the schema. */
  get __typename(): string {
    return this.row.type;
  }
  get id(): string {
    return this.moment.idOf(eventId(this.row.position));
  }
  get position(): string {
    return this.row.position;
  }
  get revision(): number {
    return this.row.revision;
  }
  get type(): string {
    return this.row.type;
  }
  get subjectId(): string {
    return this.moment.idOf(this.stream);
  }
  /** The stream of the event. */
  get stream(): string {
    return streamOf(this.category, this.row.subject);
  }
  /** What its subject is. */
  get category(): Category {
    return CATALOGUE[this.row.type as EventType].category;
  }
  get actor(): ActorView {
    return new ActorView(this.row.actor, this.moment);
  }
  get actorKind(): string {
    return this.row.actorKind;
  }
  get onBehalfOf(): ActorView | null {
    return actorView(this.row.onBehalfOf, this.moment);
  }
  get tool(): string {
    return this.row.tool;
  }
  get occurredAt(): string {
    return this.row.occurredAt;
  }
  get recordedAt(): string {
    return this.row.recordedAt;
  }

  /** The event with its data, read from the log unless already loaded. */
  recorded(): Promise<Recorded> {
    if (this.event !== undefined) return Promise.resolve(this.event);
    return this.moment.event({ stream: this.stream, revision: this.row.revision });
  }
}

export const eventView = (row: HistoryRow | undefined, moment: Moment): HistoryView | null =>
  row === undefined ? null : new HistoryView(row, moment);

/** The sentence of an event; a campaign's name is looked up only if the sentence contains one. */
export function sentenceOf(row: HistoryRow, moment: Moment): string | Promise<string> {
  const actor = (id: string) => moment.door.people.nameOf(id);
  if (row.campaign === null) return sentence(row, { actor, campaign: () => undefined });
  return moment.campaign(row.campaign).then((found) => sentence(row, { actor, campaign: () => found?.name }));
}
