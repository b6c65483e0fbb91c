import { entryAt } from '../../projections/approvals/queries';
import type { EventNamed, EventType } from '../domain/catalogue';
import type { NewEvent } from '../domain/event';
import { subjectIn } from '../domain/stream';
import type { Answer } from '../execute/intent';
import type { Asking } from './asking';
import type { Moment } from './moment';
import { versionAt } from './node';
import { actorView } from './views/actor';
import { assetView } from './views/asset';
import { approvalView } from './views/ledger';
import { campaignView, placementView } from './views/placement';

type Done = Extract<Answer, { readonly ok: true }>;

/** The answer to an act that was refused. */
export class Refused {
  readonly repeated = false;

  constructor(readonly userErrors: readonly object[]) {}
}

/**
 * The answer to an act that was done. What it made is told by the events it wrote; the tables are read for what is
 * selected and for nothing else.
 */
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

  /** As it is recorded; null where nothing was. */
  get occurredAt(): string | null {
    return this.done.events.at(-1)?.metadata.occurredAt ?? null;
  }

  async asset() {
    const moment = await this.after('library');
    return assetView(await moment.asset(this.subject), moment);
  }

  async campaign() {
    const moment = await this.after('campaigns');
    return campaignView(await moment.campaign(this.subject), moment);
  }

  async version() {
    const added = this.wrote('VersionAdded');
    return added === undefined ? null : versionAt(await this.after('library'), this.subject, added.data.version);
  }

  review() {
    const requested = this.wrote('ReviewRequested');
    if (requested === undefined) return null;
    const { data, metadata } = requested;
    return {
      version: async () => versionAt(await this.after('library'), this.subject, data.version),
      required: data.required,
      note: data.note,
      requestedBy: async () => actorView(metadata.actorId, await this.after('actors')),
      onBehalfOf: async () => actorView(metadata.onBehalfOf, await this.after('actors')),
      requestedAt: metadata.occurredAt,
    };
  }

  decision() {
    return this.entryOf('DecisionRecorded');
  }

  attestation() {
    return this.entryOf('DecisionAttested');
  }

  async approval() {
    const granted = this.wrote('ApprovalGranted');
    if (granted === undefined) return null;
    const moment = await this.after('approvals');
    return approvalView(await moment.approval(granted.data.approval), moment);
  }

  async placement() {
    const about =
      this.wrote('PlacementStarted') ??
      this.wrote('PlacementObserved') ??
      this.wrote('PlacementEnded') ??
      this.wrote('PlacementEndObserved');
    if (about === undefined) return null;
    const moment = await this.after('placements');
    return placementView(await moment.placement(about.data.placement), moment);
  }

  /** The entry of the ledger that tells of an event of this type. */
  private async entryOf(type: EventType) {
    const index = this.done.events.findIndex((event) => event.type === type);
    if (index === -1) return null;
    const moment = await this.after('approvals');
    return approvalView(await entryAt(moment.reader('approvals'), await this.positionOf(index), undefined), moment);
  }

  /** UUID of the asset or campaign. */
  private get subject(): string {
    return subjectIn(this.done.stream);
  }

  private wrote<T extends EventType>(type: T): NewEvent<EventNamed<T>> | undefined {
    return this.done.events.find((event) => event.type === type) as NewEvent<EventNamed<T>> | undefined;
  }

  /** The tables as they are with this act in them. */
  private async after(projection: string): Promise<Moment> {
    await this.asking.reached(this.done.position, projection);
    return this.asking.moment(projection, undefined);
  }

  /** Place in the log of one of the events; the answer has that of the last. */
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
