import type { AssetEventNamed } from './events';
import type { Digest, Whereabouts } from './parts';

export interface VersionState {
  readonly digest: Digest;
  /** Author, contributors, and the person on whose behalf the author acted. */
  readonly makers: readonly string[];
  /** When it was made, as its source claims. ISO 8601, UTC. */
  readonly madeAt: string;
}

export interface LiveApproval {
  readonly approval: string;
  readonly version: number;
  readonly digest: Digest;
  readonly review: string;
  readonly decidedBy: readonly string[];
  /** The rules by which it was granted; absent where one approver was enough. */
  readonly workflow?: string | undefined;
  readonly workflowVersion?: number | undefined;
  /** Metadata fields that it vouches for because these rules say so. */
  readonly materialFields?: readonly string[] | undefined;
}

export interface LivePlacement extends Whereabouts {
  readonly placement: string;
  readonly campaign: string;
  /** Undefined where what was seen is no version of the asset. */
  readonly version: number | undefined;
  readonly digest: Digest;
  readonly channel: string;
  readonly market?: string;
  /** Seen elsewhere rather than placed through our door. */
  readonly observed: boolean;
  /** Codes of what the gate had against it when it was last asked. */
  readonly found: readonly string[];
  /** What somebody said of that. */
  readonly acknowledged?: string | undefined;
}

type OfPlacement = 'PlacementStarted' | 'PlacementObserved' | 'PlacementExamined' | 'FindingAcknowledged';

/** What runs after one more of these events. */
export function runningAfter(
  placements: readonly LivePlacement[],
  { type, data }: AssetEventNamed<OfPlacement>,
): readonly LivePlacement[] {
  if (type === 'PlacementStarted' || type === 'PlacementObserved') return [...placements, started(type, data)];
  const change =
    type === 'PlacementExamined' ? { found: data.wouldRefuse, acknowledged: undefined } : { acknowledged: data.note };
  return placements.map((live) => (live.placement === data.placement ? { ...live, ...change } : live));
}

function started(
  type: 'PlacementStarted' | 'PlacementObserved',
  data: AssetEventNamed<'PlacementStarted' | 'PlacementObserved'>['data'],
): LivePlacement {
  const { placement, campaign, version, digest, channel, market } = data;
  const found = 'wouldRefuse' in data ? data.wouldRefuse : [];
  const observed = type === 'PlacementObserved';
  return { ...whereabouts(data), placement, campaign, version, digest, channel, market, observed, found };
}

/** Where exactly something runs, without what is not said. */
function whereabouts({ slot, url, language, goesLiveAt, runsUntil, disclosure }: Whereabouts): Whereabouts {
  const said = Object.entries({ slot, url, language, goesLiveAt, runsUntil, disclosure });
  return Object.fromEntries(said.filter(([, value]) => value !== undefined));
}
