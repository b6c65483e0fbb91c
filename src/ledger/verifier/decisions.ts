import type { Told } from './story';

/** Check 19: what the decisions of one asset must fulfil, told from its events alone, in order. */

interface Version {
  readonly digest: string;
  readonly makers: readonly string[];
}
interface Review {
  readonly version: number;
  readonly digest: string;
  readonly required: number | undefined;
  readonly by: readonly string[];
  readonly approving: Set<string>;
}

interface Data {
  readonly version?: number;
  readonly digest?: string;
  readonly contributors?: readonly string[];
  readonly review?: string;
  readonly required?: number;
  readonly decision?: string;
  readonly automated?: boolean;
  readonly approval?: string;
  readonly decidedBy?: readonly string[];
}

const APPROVING = ['approve', 'approveWithChanges'];
/** Ids differ in letters and blanks alone where somebody typed them twice. */
const plain = (id: string): string => id.trim().toLowerCase();

/** What is wrong with the decisions of one stream, a sentence each. */
export function faultsOfDecisions(told: readonly Told[]): readonly string[] {
  const faults: string[] = [];
  const versions = new Map<number, Version>();
  const reviews = new Map<string, Review>();
  const live = new Map<string, { readonly version: number; readonly digest: string }>();
  for (const { index, event } of told) {
    const data = event.data as Data;
    const { actorId, onBehalfOf } = event.metadata;
    const actors = (onBehalfOf === undefined ? [actorId] : [actorId, onBehalfOf]).map(plain);
    const wrong = (what: string): void => void faults.push(`entry ${index}, ${event.type}: ${what}`);
    const known = data.version === undefined ? undefined : versions.get(data.version);
    if (event.type === 'VersionAdded') {
      versions.set(data.version!, {
        digest: data.digest!,
        makers: [...actors, ...(data.contributors ?? []).map(plain)],
      });
      continue;
    }
    const about = ['ReviewRequested', 'DecisionRecorded', 'ApprovalGranted', 'PlacementStarted', 'DecisionAttested'];
    if (about.includes(event.type) && known?.digest !== data.digest) {
      wrong(`the SHA-256 is not the one of version ${data.version}`);
    }
    if (event.type === 'ReviewRequested') {
      const { version, digest, required } = data as Required<Data>;
      reviews.set(data.review!, { version, digest, required, by: actors, approving: new Set() });
    }
    const review = data.review === undefined ? undefined : reviews.get(data.review);
    if (event.type === 'DecisionRecorded') {
      if (review === undefined || review.version !== data.version || review.digest !== data.digest) {
        wrong('no review of this version and these bytes was open');
      } else if (APPROVING.includes(data.decision!) && data.automated !== true) {
        const barred = [...(known?.makers ?? []), ...review.by];
        if (actors.some((actor) => barred.includes(actor))) wrong(`${actorId} made or submitted what was decided on`);
        review.approving.add(plain(onBehalfOf ?? actorId));
      }
    }
    if (event.type === 'ApprovalGranted') {
      live.clear();
      live.set(data.approval!, { version: data.version!, digest: data.digest! });
      const deciders = (data.decidedBy ?? []).map(plain);
      if (review === undefined) wrong('there was no review');
      else {
        if (deciders.some((decider) => !review.approving.has(decider))) wrong('somebody is named who did not approve');
        if (new Set(deciders).size < (review.required ?? 1)) wrong(`${review.required} people had to approve`);
      }
    }
    if (event.type === 'ApprovalLapsed') live.delete(data.approval!);
    if (event.type === 'PlacementStarted') {
      const approval = live.get(data.approval!);
      if (approval === undefined) wrong(`approval ${data.approval} was not in force`);
      else if (approval.version !== data.version || approval.digest !== data.digest)
        wrong('the approval is of another version');
    }
  }
  return faults;
}
