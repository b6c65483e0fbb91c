import { MAX_REQUIRED } from '../domain/asset/commands';
import { MAX_PARENTS, MAX_TAGS } from '../domain/asset/parts';
import { MAX_MARKETS } from '../domain/campaign/commands';
import { MOST_FAULTS } from '../domain/input';
import { MAX_NESTING } from '../domain/json';
import { REFUSALS } from '../domain/refusal';
import { ROLES } from '../domain/roles';
import { COMPARED } from './differing';

/**
 * The lists of the contract that take no `first`, with the most entries that one of them can have. Cost counts them in
 * full, so a list that can grow must take `first` instead. `nodes` and `edges` are counted by the `first` above them.
 */
export const LONGEST_LISTS: Readonly<Record<string, number>> = {
  'Head.projections': 20,
  'Viewer.roles': ROLES.length,
  'Asset.tags': MAX_TAGS,
  'Asset.derivedFrom': MAX_PARENTS,
  'AssetChange.fields': COMPARED.length,
  'AssetRegistered.tags': MAX_TAGS,
  'AssetRegistered.derivedFrom': MAX_PARENTS,
  'ApprovalGranted.decidedBy': MAX_REQUIRED,
  'DecisionAttested.wouldRefuse': Object.keys(REFUSALS).length,
  'PlacementObserved.wouldRefuse': Object.keys(REFUSALS).length,
  'CampaignPlanned.markets': MAX_MARKETS,
  'Approval.decidedBy': MAX_REQUIRED,
  'Attestation.wouldRefuse': Object.keys(REFUSALS).length,
  'Placement.wouldRefuse': Object.keys(REFUSALS).length,
  'Campaign.markets': MAX_MARKETS,
  'ActPayload.userErrors': MOST_FAULTS,
  'UserError.path': MAX_NESTING,
};

/** An entry of these is a row; what only one type of entry has is read from the log besides. */
export const READ_BESIDES: readonly string[] = ['HistoryEntry'];

/** Types of objects that come with the one they are a part of: nothing is read for them, or only the kind of an actor. */
export const PARTS: ReadonlySet<string> = new Set([
  'Actor',
  'Alias',
  'ArchivedContent',
  'Evidence',
  'Lapse',
  'MadeWith',
  'MetadataChange',
  'MetadataField',
  'PageInfo',
  'Poison',
  'ProjectionProgress',
  'UserError',
]);
