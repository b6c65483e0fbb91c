import type { ObligationRow } from '../../../projections/obligations/tables';
import type { PlacementRow } from '../../../projections/placements/tables';
import { recallsById } from '../../../projections/recalls/queries';
import type { RecallItemRow, RecallRow } from '../../../projections/recalls/tables';
import { streamOf } from '../../domain/stream';
import type { Moment } from '../moment';
import { ActorView, actorView } from './actor';

/** A recall's row under the names of the schema. */
export class RecallView {
  readonly __typename = 'Recall';

  constructor(
    readonly row: RecallRow,
    readonly moment: Moment,
  ) {}

  get id(): string {
    return this.moment.idOf(streamOf('recall', this.row.recall));
  }
  get computedAt(): string {
    return this.moment.computedAt;
  }
  get reason(): string {
    return this.row.reason;
  }
  get status(): string {
    return this.row.status;
  }
  get dueBy(): string {
    return this.row.dueBy;
  }
  get total(): number {
    return this.row.total;
  }
  get unresolved(): number {
    return this.row.unresolved;
  }
  get openedAt(): string {
    return this.row.openedAt;
  }
  get openedBy(): ActorView {
    return new ActorView(this.row.openedBy, this.moment);
  }
  get closedAt(): string | null {
    return this.row.closedAt;
  }
  get closedBy(): ActorView | null {
    return actorView(this.row.closedBy, this.moment);
  }
  get note(): string | null {
    return this.row.note;
  }
  get revision(): number {
    return this.row.revision;
  }
  get position(): string {
    return this.row.changed;
  }
}

export const recallView = (row: RecallRow | undefined, moment: Moment): RecallView | null =>
  row === undefined ? null : new RecallView(row, moment);

export async function recallAt(moment: Moment, uuid: string): Promise<RecallView | null> {
  return recallView(await moment.load('recall', 'recalls', recallsById, uuid), moment);
}

/** A placement that a recall is about. */
export class RecalledView {
  constructor(
    readonly row: RecallItemRow,
    readonly moment: Moment,
  ) {}

  get version(): number | null {
    return this.row.version;
  }
  get channel(): string {
    return this.row.channel;
  }
  get market(): string | null {
    return this.row.market;
  }
  get answer(): string {
    return this.row.answer;
  }
  get reason(): string | null {
    return this.row.reason;
  }
  get evidence(): unknown {
    return this.row.evidence;
  }
  get joinedLater(): boolean {
    return this.row.joinedLater;
  }
  get answeredAt(): string | null {
    return this.row.answeredAt;
  }
  get answeredBy(): ActorView | null {
    return actorView(this.row.answeredBy, this.moment);
  }
}

/** Something that is due. */
export class ObligationView {
  constructor(
    readonly row: ObligationRow,
    readonly moment: Moment,
  ) {}

  get kind(): string {
    return this.row.kind;
  }
  get due(): string {
    return this.row.due;
  }
  get position(): string {
    return this.row.since;
  }
}

/** What the gate has against a placement. */
export class FindingView {
  constructor(
    readonly row: PlacementRow,
    readonly moment: Moment,
  ) {}

  get status(): string {
    return this.row.finding!;
  }
  get codes(): readonly string[] {
    return this.row.found ?? [];
  }
  get changedAt(): string {
    return this.row.findingAt!;
  }
  get note(): string | null {
    return this.row.findingNote;
  }
}
