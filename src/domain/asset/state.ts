import { isBefore } from '../clocks';
import type { Happened } from '../decider';
import type { Actor } from '../event';
import type { Evidence } from '../evidence';
import { canonicalId } from '../identity';
import type { AssetKind } from '../kinds';
import { entryOf, grown, lengthOf, type Trail } from '../trail';
import type { AssetEvent, AssetEventNamed, DecisionWord } from './events';
import { aiMadeWith, type Governed, governedAfter, UNGOVERNED } from './governed';
import { type LiveApproval, type LivePlacement, runningAfter, type VersionState } from './live';
import { isMaterial, type MetadataFields, withChange } from './material';
import type { Digest, VersionRef } from './parts';
import { type Annotation, annotated } from './remarks';
import { type OpenReview, requested, reviewAfter, withDecision } from './reviewstate';
import type { AssetStanding } from './standing';

/** What decisions need to know about an asset: no more. */
export interface AssetState extends Governed {
  readonly exists: boolean;
  readonly kind: AssetKind;
  readonly retired: boolean;
  readonly title: string;
  readonly tags: readonly string[];
  readonly metadata: MetadataFields;
  readonly versions: Trail<VersionState>;
  /** Who changed material metadata since another person last approved it. A new version is not an approval. */
  readonly materialBy: readonly string[];
  readonly review: OpenReview | undefined;
  readonly approval: LiveApproval | undefined;
  /** The last approval that ended because of something new: a rule may carry it over. */
  readonly lapsed: LiveApproval | undefined;
  /** Number of the version that was approved last; 0 where none was. */
  readonly approvedVersion: number;
  /** Pairs of people of whom one acted for the other, canonical. */
  readonly acted: readonly (readonly [actor: string, principal: string])[];
  /** Remarks on versions, each with what makes it the same as another. */
  readonly annotations: Trail<Annotation>;
  readonly resolved: Trail<string>;
  readonly placements: readonly LivePlacement[];
  readonly endedPlacements: Trail<string>;
  /** One key for each attested decision, so that a repeated report is recorded once. */
  readonly attested: Trail<string>;
  readonly aliases: readonly string[];
  /** Versions that it was made from: its parents and its template. */
  readonly parents: readonly VersionRef[];
}

export const INITIAL: AssetState = {
  exists: false,
  kind: 'other',
  retired: false,
  title: '',
  tags: [],
  metadata: {},
  versions: undefined,
  materialBy: [],
  review: undefined,
  approval: undefined,
  lapsed: undefined,
  approvedVersion: 0,
  acted: [],
  annotations: undefined,
  resolved: undefined,
  placements: [],
  endedPlacements: undefined,
  attested: undefined,
  aliases: [],
  parents: [],
  ...UNGOVERNED,
};

/** The ids behind an act: who did it, and who it was done for. Either of them counts as having made it. */
export function idsOf(actor: Pick<Actor, 'id' | 'onBehalfOf'>): readonly string[] {
  return actor.onBehalfOf === undefined ? [actor.id] : [actor.id, actor.onBehalfOf];
}

/** Whether an id is among others, however either is spelled. */
export function isAmong(ids: readonly string[], id: string): boolean {
  const wanted = canonicalId(id);
  return ids.some((each) => canonicalId(each) === wanted);
}

/** The person responsible for an act: a person acting through two services is one person. */
export function personOf(actor: Pick<Actor, 'id' | 'onBehalfOf'>): string {
  return actor.onBehalfOf ?? actor.id;
}

export function currentVersion(state: AssetState): number {
  return lengthOf(state.versions);
}

export function versionOf(state: AssetState, version: number): VersionState | undefined {
  return entryOf(state.versions, version);
}

/** The newest version with these bytes; undefined where there is none. */
export function newestWith(state: AssetState, digest: Digest): number | undefined {
  for (let rest = state.versions; rest !== undefined; rest = rest.before) {
    if (rest.last.digest === digest) return rest.length;
  }
  return undefined;
}

/** The makers of these bytes in any version: adding the same bytes again under another name does not replace them. */
export function makersOf(state: AssetState, digest: Digest | undefined): readonly string[] {
  const makers: string[] = [];
  for (let rest = state.versions; rest !== undefined; rest = rest.before) {
    if (rest.last.digest === digest) makers.push(...rest.last.makers);
  }
  return makers;
}

/** Whether an act claims to have been done before the version it is about was made. */
export function isBeforeVersion(
  state: AssetState,
  version: number,
  { occurredAt }: { readonly occurredAt: string },
): boolean {
  const made = versionOf(state, version)?.madeAt;
  return made !== undefined && isBefore(occurredAt, made);
}

/** The key of an attested decision: person, version, decision and evidence. */
export function attestation(
  actor: Pick<Actor, 'id' | 'onBehalfOf'>,
  told: { readonly version: number; readonly decision: DecisionWord; readonly evidence: Evidence },
): string {
  const { kind, source, reference } = told.evidence;
  return JSON.stringify([canonicalId(personOf(actor)), told.version, told.decision, kind, source, reference]);
}

export function standingOf(state: AssetState): AssetStanding | undefined {
  if (!state.exists) return undefined;
  const { approval, parents, components, licences, governed, aiMade, placements } = state;
  const versions = currentVersion(state);
  return {
    status: statusOf(state),
    versions,
    approval,
    parents,
    components,
    licences,
    governed,
    aiMade,
    running: placements,
  };
}

function statusOf(state: AssetState): AssetStanding['status'] {
  if (state.retired) return 'retired';
  if (state.approval !== undefined) return 'approved';
  return state.review === undefined ? 'draft' : 'inReview';
}

export function evolve(before: AssetState, event: Happened<AssetEvent>): AssetState {
  const state = withActed(before, event.metadata);
  const actor = { id: event.metadata.actorId, onBehalfOf: event.metadata.onBehalfOf };
  if (isOfReview(event)) return reviewed(state, event, actor);
  switch (event.type) {
    case 'AssetRegistered':
      return {
        ...state,
        exists: true,
        kind: event.data.kind,
        title: event.data.title,
        tags: event.data.tags,
        metadata: event.data.metadata ?? {},
        parents: parentsIn(event.data),
        materialBy: isMaterial({}, event.data.metadata, undefined) ? idsOf(actor) : [],
      };
    case 'VersionAdded': {
      const makers = [...idsOf(actor), ...(event.data.contributors ?? [])];
      const versions = grown(state.versions, { digest: event.data.digest, makers, madeAt: event.metadata.occurredAt });
      return { ...state, versions, review: underWorkflow(state), aiMade: aiMadeWith(state, event.data) };
    }
    case 'MetadataChanged':
      return withMetadata(state, event.data, actor);
    case 'PlacementStarted':
    case 'PlacementObserved':
    case 'PlacementExamined':
    case 'FindingAcknowledged':
      return { ...state, placements: runningAfter(state.placements, event) };
    case 'PlacementEnded':
    case 'PlacementEndObserved': {
      const { placement } = event.data;
      const placements = state.placements.filter((live) => live.placement !== placement);
      return { ...state, placements, endedPlacements: grown(state.endedPlacements, placement) };
    }
    case 'ComponentAdded':
    case 'ComponentRemoved':
    case 'LicenceAttached':
    case 'LicenceDetached':
    case 'RulesWaived':
    case 'WaiverEnded':
      return { ...state, ...governedAfter(state, event) };
    case 'AssetRetired':
      return { ...state, retired: true, review: undefined };
    case 'AssetRestored':
      return { ...state, retired: false };
    case 'DecisionAttested':
      return { ...state, attested: grown(state.attested, attestation(actor, event.data)) };
    case 'AliasObserved':
      return { ...state, aliases: [...state.aliases, event.data.path] };
    case 'AliasEndObserved':
      return { ...state, aliases: state.aliases.filter((path) => path !== event.data.path) };
  }
}

const OF_REVIEW = [
  ...(['ReviewRequested', 'DecisionRecorded', 'StageOpened', 'StageSatisfied', 'ReviewRoundOpened'] as const),
  ...(['QuorumUnreachable', 'DecisionWithdrawn', 'ReviewerAssigned', 'ReviewReminded', 'ReviewEscalated'] as const),
  ...(['ReviewWithdrawn', 'ReviewLapsed', 'ApprovalGranted', 'ApprovalCarriedOver', 'ApprovalLapsed'] as const),
  ...(['AnnotationMade', 'AnnotationResolved'] as const),
];
type OfReview = Extract<Happened<AssetEvent>, { readonly type: (typeof OF_REVIEW)[number] }>;

function isOfReview(event: Happened<AssetEvent>): event is OfReview {
  return (OF_REVIEW as readonly string[]).includes(event.type);
}

/** What happens on the way to an approval, and what ends it. */
function reviewed(state: AssetState, event: OfReview, actor: Pick<Actor, 'id' | 'onBehalfOf'>): AssetState {
  switch (event.type) {
    case 'ReviewRequested':
      return { ...state, review: requested(event.data, idsOf(actor)) };
    case 'DecisionRecorded':
      return { ...state, review: withDecision(state.review, actor, event.data) };
    case 'StageOpened':
    case 'StageSatisfied':
    case 'ReviewRoundOpened':
    case 'QuorumUnreachable':
    case 'DecisionWithdrawn':
    case 'ReviewerAssigned':
    case 'ReviewReminded':
    case 'ReviewEscalated':
      return { ...state, review: reviewAfter(state.review, event) };
    case 'ReviewWithdrawn':
    case 'ReviewLapsed':
      return { ...state, review: undefined };
    case 'ApprovalGranted':
    case 'ApprovalCarriedOver':
      return approved(state, event.data);
    case 'ApprovalLapsed': {
      const { reason } = event.data;
      const lapsed = reason === 'newVersion' || reason === 'materialMetadata' ? state.approval : undefined;
      return { ...state, approval: undefined, lapsed };
    }
    case 'AnnotationMade':
      return { ...state, annotations: grown(state.annotations, annotated(event.data, actor)) };
    case 'AnnotationResolved':
      return { ...state, resolved: grown(state.resolved, event.data.annotation) };
  }
}

/** Who acts for somebody, and for whom, is never a second person beside them. */
function withActed(state: AssetState, { actorId, onBehalfOf }: Happened<AssetEvent>['metadata']): AssetState {
  if (onBehalfOf === undefined) return state;
  const [actor, principal] = [canonicalId(actorId), canonicalId(onBehalfOf)];
  if (state.acted.some(([one, other]) => one === actor && other === principal)) return state;
  return { ...state, acted: [...state.acted, [actor, principal]] };
}

function parentsIn({ derivedFrom = [], template }: AssetEventNamed<'AssetRegistered'>['data']): readonly VersionRef[] {
  return template === undefined ? derivedFrom : [...derivedFrom, template];
}

/** Metadata fields that count as material by the rules of the review that is open, or of the approval that holds. */
export function materialFieldsOf({ review, approval }: AssetState): readonly string[] {
  return [...(review?.under?.materialFields ?? []), ...(approval?.materialFields ?? [])];
}

type MetadataChange = Extract<AssetEvent, { readonly type: 'MetadataChanged' }>['data'];

function withMetadata(state: AssetState, change: MetadataChange, actor: Pick<Actor, 'id' | 'onBehalfOf'>): AssetState {
  const next = {
    ...state,
    title: change.title ?? state.title,
    tags: change.tags ?? state.tags,
    metadata: withChange(state.metadata, change.set, change.unset),
  };
  if (!isMaterial(state.metadata, change.set, change.unset, materialFieldsOf(state))) return next;
  const materialBy = [...new Set([...state.materialBy, ...idsOf(actor)])];
  return { ...next, materialBy, review: underWorkflow(state) };
}

/** A review that follows a workflow goes on with what is new, in its next round; any other is over. */
function underWorkflow({ review }: AssetState): OpenReview | undefined {
  return review?.under === undefined ? undefined : review;
}

type Granted = AssetEventNamed<'ApprovalGranted' | 'ApprovalCarriedOver'>['data'];

function approved(state: AssetState, data: Granted): AssetState {
  const { approval, version, digest, review, decidedBy, workflow, workflowVersion, materialFields } = data;
  const live = { approval, version, digest, review, decidedBy, workflow, workflowVersion, materialFields };
  return { ...state, review: undefined, materialBy: [], approval: live, lapsed: undefined, approvedVersion: version };
}
