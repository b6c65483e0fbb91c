import { MOST_WAIVED } from '../domain/asset/commands';
import { MAX_PARENTS, MAX_TAGS } from '../domain/asset/parts';
import { MAX_MARKETS } from '../domain/campaign/commands';
import { MOST_NEEDED, MOST_RULES } from '../domain/compliance';
import { MOST_FAULTS } from '../domain/input';
import { MAX_NESTING } from '../domain/json';
import { MOST_LISTS, MOST_NAMED } from '../domain/people';
import { REFUSALS } from '../domain/refusal';
import { MOST_NOTES } from '../domain/rights/odrl';
import { MAX_CHANNELS, MAX_LANGUAGES, MAX_TERRITORIES, USES } from '../domain/rights/terms';
import { ROLES } from '../domain/roles';
import {
  MOST_CARRY_OVERS,
  MOST_DECIDERS,
  MOST_HOLIDAYS,
  MOST_MATERIAL,
  MOST_PATHS,
  MOST_QUORUM,
  MOST_REMINDERS,
  MOST_STAGES,
  WEEKDAYS,
} from '../domain/workflow/parts';
import { MOST_PROFILES } from '../reactions/renditions/profiles';
import { COMPARED } from './differing';
import { MOST_FINDINGS, MOST_HASHES, MOST_SIGNATURES } from './proofs';
import { MOST_RELIED_ON } from './trail';

/** Rules of the rulebook, and those that every licence brings with it. */
const MOST_RULINGS = MOST_RULES + 13;

/**
 * The lists of the schema that take no `first`, with the maximum number of entries of one. Cost counts them in full, so
 * a list that can grow must take `first` instead. `nodes` and `edges` are counted by the `first` of their connection.
 */
export const LONGEST_LISTS: Readonly<Record<string, number>> = {
  'Head.projections': 20,
  'Viewer.roles': ROLES.length,
  'ApprovalStep.reliedOn': MOST_RELIED_ON,
  'Viewer.wouldRefuse': MOST_FAULTS,
  'Checkpoint.keys': MOST_SIGNATURES,
  'Checkpoint.witnesses': MOST_SIGNATURES,
  'EventProof.hashes': MOST_HASHES,
  'ConsistencyProof.hashes': MOST_HASHES,
  'LogVerification.findings': MOST_FINDINGS,
  'UploadLimits.kinds': 100,
  'Asset.tags': MAX_TAGS,
  'Asset.derivedFrom': MAX_PARENTS,
  'AssetChange.fields': COMPARED.length,
  'AssetRegistered.tags': MAX_TAGS,
  'AssetRegistered.derivedFrom': MAX_PARENTS,
  'ReviewRequested.materialFields': MOST_MATERIAL + 2,
  'DecisionRecorded.countsFor': MOST_PATHS,
  'ApprovalGranted.decidedBy': MOST_DECIDERS,
  'ApprovalGranted.materialFields': MOST_MATERIAL + 2,
  'StageOpened.remindAt': MOST_REMINDERS,
  'StageOpened.paths': MOST_PATHS,
  'StageSatisfied.filled': MOST_PATHS,
  'FilledPath.people': MOST_QUORUM,
  'QuorumUnreachable.lackingPaths': MOST_PATHS,
  'ApprovalCarriedOver.decidedBy': MOST_DECIDERS + 1,
  'DecisionAttested.wouldRefuse': Object.keys(REFUSALS).length,
  'PlacementObserved.wouldRefuse': Object.keys(REFUSALS).length,
  'CampaignPlanned.markets': MAX_MARKETS,
  'Approval.decidedBy': MOST_DECIDERS + 1,
  'Asset.channelReadiness': MOST_PROFILES,
  'Attestation.wouldRefuse': Object.keys(REFUSALS).length,
  'Placement.wouldRefuse': Object.keys(REFUSALS).length,
  'Campaign.markets': MAX_MARKETS,
  'Review.paths': MOST_PATHS,
  'ReviewPath.filledBy': MOST_QUORUM,
  'WorkflowDefinition.stages': MOST_STAGES,
  'WorkflowDefinition.materialFields': MOST_MATERIAL,
  'WorkflowDefinition.carryOver': MOST_CARRY_OVERS,
  'WorkflowStage.paths': MOST_PATHS,
  'Candidates.people': MOST_NAMED,
  'Candidates.roles': MOST_LISTS,
  'Candidates.groups': MOST_LISTS,
  'StageDeadline.remindBefore': MOST_REMINDERS,
  'BusinessCalendar.weekdays': WEEKDAYS.length,
  'BusinessCalendar.holidays': MOST_HOLIDAYS,
  'PlacementStarted.rulings': MOST_RULINGS,
  'PlacementObserved.rulings': MOST_RULINGS,
  'Placement.rulings': MOST_RULINGS,
  'PlacementExamined.rulings': MOST_RULINGS,
  'PlacementExamined.wouldRefuse': Object.keys(REFUSALS).length,
  'Finding.codes': Object.keys(REFUSALS).length,
  'AuthorisationState.codes': Object.keys(REFUSALS).length,
  'LicenceGranted.notUnderstood': MOST_NOTES,
  'Ruling.codes': 3,
  'RulesWaived.rules': MOST_WAIVED,
  'Waiver.rules': MOST_WAIVED,
  'RulebookEntry.rules': MOST_RULES,
  'ComplianceRule.fields': MOST_NEEDED,
  'LicenceTerms.allowed': USES.length,
  'LicenceTerms.forbidden': USES.length,
  'LicenceTerms.territories': MAX_TERRITORIES,
  'LicenceTerms.exceptTerritories': MAX_TERRITORIES,
  'LicenceTerms.channels': MAX_CHANNELS,
  'LicenceTerms.languages': MAX_LANGUAGES,
  'ActPayload.userErrors': MOST_FAULTS,
  'UserError.path': MAX_NESTING,
};

/** An entry of these is a row; fields that only one type of entry has are read from the log. */
export const READ_BESIDES: readonly string[] = ['HistoryEntry'];

/** Types of objects that are part of their parent: nothing is read for them, except the kind of an actor. */
export const PARTS: ReadonlySet<string> = new Set([
  'Actor',
  'Alias',
  'ApprovalStep',
  'ArchivedContent',
  'BusinessCalendar',
  'Candidates',
  'ChannelReadiness',
  'ContentFacts',
  'CarryOverRule',
  'Checkpoint',
  'ComplianceRule',
  'AuthorisationState',
  'Disclosure',
  'EventPromise',
  'Evidence',
  'FilledPath',
  'Lapse',
  'LicenceTerms',
  'LogFinding',
  'MadeWith',
  'MetadataChange',
  'MetadataField',
  'OpenPath',
  'PageInfo',
  'PeopleList',
  'Poison',
  'ProjectionProgress',
  'ReliedOn',
  'Ruling',
  'Region',
  'ReviewDecision',
  'ReviewPath',
  'RulebookEntry',
  'Scope',
  'StageDeadline',
  'Thumbnail',
  'Substitution',
  'TimeSpan',
  'UserError',
  'VersionContent',
  'WorkflowDefinition',
  'WorkflowPath',
  'WorkflowStage',
]);
