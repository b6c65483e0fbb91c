import type { ArchiveEntry } from '../../../projections/archive/queries';
import { sentence } from '../../../projections/history/sentences';
import type { HistoryRow } from '../../../projections/history/tables';
import type { Signal } from '../../../projections/signals/queries';
import { eventId } from '../ids';
import type { Moment } from '../moment';
import { type ActorView, actorView } from './actor';
import { VersionLinkView } from './asset';

/** An event's row under the names of the schema. */
export class HistoryView {
  readonly __typename = 'HistoryEntry';

  constructor(
    readonly row: HistoryRow,
    readonly moment: Moment,
  ) {}

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
  get version(): number | null {
    return this.row.version;
  }
  get actor(): ActorView {
    return actorView(this.moment.door, this.row.actor, this.row.actorKind, this.row.onBehalfOf);
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
  /** Id of the asset it is about; null where it is about a campaign. */
  get asset(): string | null {
    return this.row.category === 'asset' ? this.row.subject : null;
  }
  /** Id of the campaign it is about, or in which it took place. */
  get campaign(): string | null {
    return this.row.category === 'campaign' ? this.row.subject : this.row.campaign;
  }
}

export const eventView = (row: HistoryRow | undefined, moment: Moment): HistoryView | null =>
  row === undefined ? null : new HistoryView(row, moment);

/** The sentence of an event; a campaign in it is called by its name, which is looked up only where there is one. */
export function sentenceOf(row: HistoryRow, moment: Moment): string | Promise<string> {
  const actor = (id: string) => moment.door.people.nameOf(id);
  if (row.campaign === null) return sentence(row, { actor, campaign: () => undefined });
  return moment.campaign(row.campaign).then((found) => sentence(row, { actor, campaign: () => found?.name }));
}

/** What has left production, under the names of the schema. */
export class ArchiveView {
  constructor(
    readonly row: ArchiveEntry,
    readonly moment: Moment,
  ) {}

  get kind(): string {
    return this.row.what;
  }
  get version(): number | null {
    return this.row.version;
  }
  get digest(): string | null {
    return this.row.digest;
  }
  get since(): string {
    return this.row.since;
  }
  get by(): ActorView {
    return actorView(this.moment.door, this.row.by);
  }
  get reason(): string | null {
    return this.row.reason;
  }
  get locator(): string | null {
    return this.row.locator;
  }
  get holders(): readonly VersionLinkView[] {
    return this.row.holders.map((holder) => new VersionLinkView(holder, this.moment));
  }
  get stillRunning(): number {
    return this.row.stillRunning;
  }
  get position(): string {
    return this.row.position;
  }
}

/** Facts with the same dimensions, under the names of the schema. */
export class SignalView {
  constructor(
    readonly row: Signal,
    readonly moment: Moment,
  ) {}

  get day(): string | undefined {
    return this.row.day;
  }
  get kind(): string | undefined {
    return this.row.kind;
  }
  get tool(): string | undefined {
    return this.row.tool;
  }
  get actor(): ActorView | null {
    return this.row.actor === undefined ? null : actorView(this.moment.door, this.row.actor);
  }
  get count(): number {
    return this.row.count;
  }
  get meanSecondsToApproval(): number | undefined {
    return this.row.meanSeconds;
  }
}
