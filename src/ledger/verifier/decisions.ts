import type { Told } from './story';

/** Check 19: what the decisions of one asset must fulfil, told from its events alone, in order. */

interface Version {
  readonly digest: string;
  readonly makers: readonly string[];
}
interface Review {
  version: number;
  digest: string;
  /** Undefined where a workflow says who is needed. */
  readonly required: number | undefined;
  readonly by: readonly string[];
  readonly approving: Set<string>;
  /** Of a workflow: how many each path of a stage needs. */
  readonly stages: Map<string, readonly Path[]>;
}

interface Path {
  readonly path: string;
  readonly quorum: number;
  readonly optional?: boolean;
}

interface Data {
  readonly version?: number;
  readonly digest?: string;
  readonly contributors?: readonly string[];
  readonly review?: string;
  readonly required?: number;
  readonly workflow?: string;
  readonly decision?: string;
  readonly automated?: boolean;
  readonly insteadOf?: string;
  readonly person?: string;
  readonly stage?: string;
  readonly paths?: readonly Path[];
  readonly filled?: readonly { readonly path: string; readonly people: readonly string[] }[];
  readonly byRule?: boolean;
  readonly approval?: string;
  readonly from?: string;
  readonly decidedBy?: readonly string[];
}

const APPROVING = ['approve', 'approveWithChanges'];
/** Events that name a version with the SHA-256 of its bytes. */
const ABOUT = ['ReviewRequested', 'ReviewRoundOpened', 'StageSatisfied', 'DecisionRecorded', 'ApprovalGranted'];
const MORE_ABOUT = ['ApprovalCarriedOver', 'PlacementStarted', 'DecisionAttested'];
/** Ids differ in letters and blanks alone where somebody typed them twice. */
const plain = (id: string): string => id.trim().toLowerCase();

/** What is wrong with the decisions of one stream, a sentence each. */
export function faultsOfDecisions(told: readonly Told[]): readonly string[] {
  const look = new Look();
  for (const each of told) look.at(each);
  return look.faults;
}

class Look {
  readonly faults: string[] = [];
  private readonly versions = new Map<number, Version>();
  private readonly reviews = new Map<string, Review>();
  /** Approvals that were ever given, and those in force with what they are of. */
  private readonly given = new Set<string>();
  private live = new Map<string, { readonly version: number; readonly digest: string }>();

  at({ index, event }: Told): void {
    const data = event.data as Data;
    const { actorId, onBehalfOf } = event.metadata;
    const actors = (onBehalfOf === undefined ? [actorId] : [actorId, onBehalfOf]).map(plain);
    const wrong = (what: string): void => void this.faults.push(`entry ${index}, ${event.type}: ${what}`);
    if (event.type === 'VersionAdded') {
      const makers = [...actors, ...(data.contributors ?? []).map(plain)];
      this.versions.set(data.version!, { digest: data.digest!, makers });
      return;
    }
    const known = data.version === undefined ? undefined : this.versions.get(data.version);
    if ([...ABOUT, ...MORE_ABOUT].includes(event.type) && known?.digest !== data.digest) {
      wrong(`the SHA-256 is not the one of version ${data.version}`);
    }
    if (event.type === 'ReviewRequested') this.request(data, actors);
    const review = data.review === undefined ? undefined : this.reviews.get(data.review);
    if (review !== undefined) this.follow(event.type, data, review, wrong);
    if (event.type === 'DecisionRecorded') this.decide(data, known, review, { actorId, onBehalfOf, actors }, wrong);
    this.approve(event.type, data, review, wrong);
  }

  private request({ review, version, digest, required = 1, workflow }: Data, by: readonly string[]): void {
    const needed = workflow === undefined ? required : undefined;
    const open = { version: version!, digest: digest!, required: needed, by, approving: new Set<string>() };
    this.reviews.set(review!, { ...open, stages: new Map() });
  }

  /** What a workflow does with a review. */
  private follow(type: string, data: Data, review: Review, wrong: (what: string) => void): void {
    if (type === 'ReviewRoundOpened') {
      [review.version, review.digest] = [data.version!, data.digest!];
      review.approving.clear();
      review.stages.clear();
    }
    if (type === 'StageOpened') review.stages.set(data.stage!, data.paths ?? []);
    if (type === 'DecisionWithdrawn') review.approving.delete(plain(data.person!));
    if (type !== 'StageSatisfied' || data.byRule === true) return;
    const filled = new Map((data.filled ?? []).map(({ path, people }) => [path, people.map(plain)]));
    for (const { path, quorum, optional } of review.stages.get(data.stage!) ?? []) {
      const people = filled.get(path) ?? [];
      if (optional !== true && new Set(people).size < quorum) wrong(`path ${path} needs ${quorum} people`);
      if (people.some((person) => !review.approving.has(person)))
        wrong(`somebody is named in path ${path} who did not approve`);
    }
  }

  private decide(
    data: Data,
    known: Version | undefined,
    review: Review | undefined,
    who: { readonly actorId: string; readonly onBehalfOf: string | undefined; readonly actors: readonly string[] },
    wrong: (what: string) => void,
  ): void {
    if (review === undefined || review.version !== data.version || review.digest !== data.digest) {
      wrong('no review of this version and these bytes was open');
      return;
    }
    if (!APPROVING.includes(data.decision!) || data.automated === true) return;
    const barred = [...(known?.makers ?? []), ...review.by];
    if (who.actors.some((actor) => barred.includes(actor)))
      wrong(`${who.actorId} made or submitted what was decided on`);
    review.approving.add(plain(who.onBehalfOf ?? who.actorId));
    if (data.insteadOf !== undefined) review.approving.add(plain(data.insteadOf));
  }

  private approve(type: string, data: Data, review: Review | undefined, wrong: (what: string) => void): void {
    if (type === 'ApprovalGranted' || type === 'ApprovalCarriedOver') {
      this.live = new Map([[data.approval!, { version: data.version!, digest: data.digest! }]]);
      this.given.add(data.approval!);
    }
    if (type === 'ApprovalCarriedOver' && !this.given.has(data.from!)) wrong(`approval ${data.from} was never given`);
    if (type === 'ApprovalGranted') {
      const deciders = new Set((data.decidedBy ?? []).map(plain));
      if (review === undefined) wrong('there was no review');
      else {
        if ([...deciders].some((decider) => !review.approving.has(decider)))
          wrong('somebody is named who did not approve');
        if (deciders.size < (review.required ?? 0)) wrong(`${review.required} people had to approve`);
      }
    }
    if (type === 'ApprovalLapsed') this.live.delete(data.approval!);
    if (type !== 'PlacementStarted') return;
    const approval = this.live.get(data.approval!);
    if (approval === undefined) wrong(`approval ${data.approval} was not in force`);
    else if (approval.version !== data.version || approval.digest !== data.digest)
      wrong('the approval is of another version');
  }
}
