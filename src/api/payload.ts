import { entryAt } from '../../projections/approvals/queries';
import { CATEGORIES, type EventNamed, type EventType } from '../domain/catalogue';
import type { NewEvent } from '../domain/event';
import { subjectIn } from '../domain/stream';
import type { Answer } from '../execute/intent';
import type { Asking } from './asking';
import type { Identified } from './ids';
import type { Moment } from './moment';
import { OBJECTS, versionAt } from './node';
import { approvalView } from './views/ledger';

type Done = Extract<Answer, { readonly ok: true }>;

/** The answer to a refused act. */
export class Refused {
  readonly repeated = false;

  constructor(readonly userErrors: readonly object[]) {}
}

/** The answer to a completed act. The events show what it made; the tables are read only for selected fields. */
export class Payload {
  readonly userErrors: readonly object[] = [];

  constructor(
    private readonly asking: Asking,
    private readonly done: Done,
  ) {
    asking.written(done.position);
  }

  get position(): string {
    return this.done.position;
  }

  get revision(): number {
    return this.done.revision;
  }

  get repeated(): boolean {
    return this.done.repeated;
  }

  /** As recorded; null if nothing was. */
  get occurredAt(): string | null {
    return this.done.events.at(-1)?.metadata.occurredAt ?? null;
  }

  /** The object of this type after the act. */
  async object(type: Identified, uuid: string = this.subject): Promise<object | null> {
    const finding = OBJECTS[type];
    return finding === undefined ? null : finding.find(await this.after(finding.projection), uuid);
  }

  async version() {
    const added = this.wrote('VersionAdded');
    return added === undefined ? null : versionAt(await this.after('library'), this.subject, added.data.version);
  }

  async review() {
    const about = this.done.events.find(({ data }) => typeof (data as { review?: unknown }).review === 'string');
    return about === undefined ? null : this.object('review', (about.data as { review: string }).review);
  }

  decision() {
    return this.entryOf('DecisionRecorded');
  }

  attestation() {
    return this.entryOf('DecisionAttested');
  }

  async approval() {
    const granted = this.wrote('ApprovalGranted');
    return granted === undefined ? null : this.object('approval', granted.data.approval);
  }

  async waiver() {
    const about = this.wrote('RulesWaived') ?? this.wrote('WaiverEnded');
    return about === undefined ? null : this.object('waiver', about.data.waiver);
  }

  async placement() {
    const about =
      this.wrote('PlacementStarted') ??
      this.wrote('PlacementObserved') ??
      this.wrote('PlacementEnded') ??
      this.wrote('PlacementEndObserved') ??
      this.wrote('PlacementExamined') ??
      this.wrote('FindingAcknowledged');
    return about === undefined ? null : this.object('placement', about.data.placement);
  }

  /** The ledger entry for an event of this type. */
  private async entryOf(type: EventType) {
    const index = this.done.events.findIndex((event) => event.type === type);
    if (index === -1) return null;
    const moment = await this.after('approvals');
    return approvalView(await entryAt(moment.reader('approvals'), await this.positionOf(index), undefined), moment);
  }

  /** UUID of the stream's subject. */
  private get subject(): string {
    return subjectIn(this.done.stream);
  }

  private wrote<T extends EventType>(type: T): NewEvent<EventNamed<T>> | undefined {
    return this.done.events.find((event) => event.type === type) as NewEvent<EventNamed<T>> | undefined;
  }

  /** The tables including this act. */
  private async after(projection: string): Promise<Moment> {
    await this.asking.reached(this.done.position, projection);
    return this.asking.moment(projection, undefined);
  }

  /** Position of one of the events; the answer holds that of the last. */
  private async positionOf(index: number): Promise<string> {
    const { stream, revision, position, events } = this.done;
    const behind = events.length - 1 - index;
    if (behind === 0) return position;
    const before = revision - behind - 1;
    for await (const [event] of this.asking.door.store.readStream(stream, before < 0 ? {} : { after: before })) {
      if (event !== undefined) return event.position;
    }
    return position;
  }
}

/** A payload returns the act's subject under the name of its category: `asset`, `campaign`. */
for (const category of CATEGORIES) {
  const value = function (this: Payload) {
    return this.object(category);
  };
  Object.defineProperty(Payload.prototype, category, { value });
}
