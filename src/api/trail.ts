import type { Recorded } from '../domain/catalogue';
import { streamOf } from '../domain/stream';
import { upcast } from '../domain/upcast';
import type { SignedLog } from '../ledger/reading';
import type { Asking } from './asking';
import { fault } from './errors';
import { idFault, parseGlobalId, uuidOf } from './ids';
import type { Moment } from './moment';
import { proofView } from './proofs';
import { assetView } from './views/asset';
import { eventView, type HistoryView } from './views/history';

/** What a trail is about, as the schema has it: exactly one of the two. */
export interface TrailSubject {
  readonly versionId?: string | null;
  readonly placementId?: string | null;
}

interface About {
  readonly asset: string;
  /** Undefined where what was seen is no version of the asset. */
  readonly version: number | undefined;
  readonly placement?: string;
}

/** What can be behind an approval, and what can become of it. */
const STEPS: readonly string[] = [
  'VersionAdded',
  'ReviewRequested',
  'DecisionRecorded',
  'DecisionAttested',
  'ApprovalGranted',
  'ApprovalLapsed',
  'StageOpened',
  'StageSatisfied',
  'ReviewRoundOpened',
  'ReviewWithdrawn',
  'ReviewLapsed',
  'DecisionWithdrawn',
  'ApprovalCarriedOver',
];
const PLACING: readonly string[] = ['PlacementStarted', 'PlacementObserved', 'PlacementEnded', 'PlacementEndObserved'];

/** Streams that one decision asks about at most. */
export const MOST_RELIED_ON = 200;

type Data = Partial<Readonly<Record<'version' | 'digest' | 'role' | 'placement' | 'reliedOn' | 'approval', unknown>>>;

/** One event of a trail, with what it relied on and its proof. */
class Step {
  constructor(
    readonly entry: HistoryView,
    private readonly data: Data,
    private readonly approved: string | undefined,
    private readonly signed: SignedLog | undefined,
  ) {}

  get role(): unknown {
    return this.data.role ?? null;
  }
  get digest(): unknown {
    return this.data.digest ?? null;
  }
  get sameBytes(): boolean | null {
    return this.data.digest === undefined || this.approved === undefined ? null : this.data.digest === this.approved;
  }
  get reliedOn(): readonly { readonly streamId: string; readonly revision: number }[] {
    const relied = Object.entries((this.data.reliedOn ?? {}) as Readonly<Record<string, number>>);
    return relied.map(([streamId, revision]) => ({ streamId, revision }));
  }
  get proof() {
    return (this.signed && proofView(this.signed, this.entry.position)) ?? null;
  }
}

/** The decisions about one version, in the order of the log. */
export class TrailView {
  constructor(
    readonly about: About,
    readonly all: readonly Step[],
    readonly digest: string | null,
    readonly live: boolean,
    readonly moment: Moment,
  ) {}

  get version(): number | null {
    return this.about.version ?? null;
  }
  get computedAt(): string {
    return this.moment.computedAt;
  }
  get stepCount(): number {
    return this.all.length;
  }
  get asset() {
    return this.moment.asset(this.about.asset).then((row) => assetView(row, this.moment));
  }
}

/** Null where there is no such version or placement. Throws BAD_USER_INPUT where the subject is named wrongly. */
export async function trailOf(asking: Asking, subject: TrailSubject, moment: Moment): Promise<TrailView | null> {
  const about = await aboutOf(subject, moment);
  if (about === undefined) return null;
  const events: Recorded[] = [];
  for await (const page of asking.door.store.readStream(streamOf('asset', about.asset))) {
    for (const event of page) if (event.position <= moment.computedAt) events.push(upcast(event));
  }
  const added = events.find(({ type, data }) => type === 'VersionAdded' && (data as Data).version === about.version);
  if (added === undefined && about.placement === undefined) return null;
  const digest = (added?.data as Data | undefined)?.digest as string | undefined;
  const signed = asking.door.ledger.signed();
  const steps = await Promise.all(
    events
      .filter((event) => belongs(event, about))
      .map(async (event) => {
        const entry = eventView(await moment.told(event.position), moment);
        return entry === null ? [] : [new Step(entry, event.data as Data, digest, signed)];
      }),
  );
  return new TrailView(about, steps.flat(), digest ?? null, isLive(events, about), moment);
}

function belongs({ type, data }: Recorded, { version, placement }: About): boolean {
  const told = data as Data;
  if (STEPS.includes(type)) return version !== undefined && told.version === version;
  return PLACING.includes(type) && placement !== undefined && told.placement === placement;
}

function isLive(events: readonly Recorded[], { version }: About): boolean {
  let live = false;
  for (const { type, data } of events) {
    if (type === 'ApprovalGranted' || type === 'ApprovalCarriedOver') live = (data as Data).version === version;
    if (type === 'ApprovalLapsed') live = false;
  }
  return live;
}

async function aboutOf({ versionId, placementId }: TrailSubject, moment: Moment): Promise<About | undefined> {
  if (typeof versionId === 'string') {
    const named = parseGlobalId(versionId);
    if (named?.type === 'version' && named.at === undefined) return { asset: named.uuid, version: named.number };
    throw fault('BAD_USER_INPUT', `of.versionId must be a version's global id, not "${versionId}".`, [
      'of',
      'versionId',
    ]);
  }
  const uuid = uuidOf('placement', String(placementId));
  if (uuid === undefined) {
    throw fault('BAD_USER_INPUT', `of.placementId ${idFault('placement', String(placementId))}.`, [
      'of',
      'placementId',
    ]);
  }
  const row = await moment.placement(uuid);
  return row && { asset: row.asset, version: row.version ?? undefined, placement: uuid };
}
