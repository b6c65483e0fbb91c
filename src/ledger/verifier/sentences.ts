import type { Sentences } from './story';

/**
 * The sentences of a report, one for each type of event. `{actor}` is who did it, `{data.member}` a member of the data,
 * `.names` the names of a list of actors; what stands in brackets is left out where a member in it is missing.
 */
export const SENTENCES: Sentences = {
  AssetRegistered: '{actor} registered the {data.kind} “{data.title}”',
  VersionAdded:
    '{actor} added version {data.version}, {data.bytes} bytes with the SHA-256 {data.digest}[, made with {data.madeWith.tool}][, contributors {data.contributors.names}][ (“{data.note}”)]',
  MetadataChanged:
    '{actor} changed metadata[; the title is now “{data.title}”][; set {data.set}][; removed {data.unset}]',
  ReviewRequested:
    '{actor} asked for approval of version {data.version} with the SHA-256 {data.digest}[ by {data.required} people][ (“{data.note}”)]',
  DecisionRecorded:
    '{actor} decided “{data.decision}” as {data.role} on version {data.version} with the SHA-256 {data.digest}[ (“{data.note}”)][; this is advice, and approves nothing: {data.automated}]',
  ApprovalGranted:
    'Version {data.version} with the SHA-256 {data.digest} was approved[, decided by {data.decidedBy.names}]; the approval is {data.approval}',
  ApprovalLapsed: 'The approval {data.approval} of version {data.version} lapsed: {data.reason}',
  PlacementStarted:
    '{actor} placed version {data.version} in campaign {data.campaign} on {data.channel}[ in {data.market}], by approval {data.approval}',
  PlacementEnded:
    '{actor} ended placement {data.placement}[ of version {data.version}] in campaign {data.campaign}[ (“{data.reason}”)]',
  PlacementObserved:
    '{actor} reported that bytes with the SHA-256 {data.digest}[, version {data.version},] were seen in campaign {data.campaign} on {data.channel}[ at {data.path}][; a gate would have refused it: {data.wouldRefuse}]',
  PlacementEndObserved:
    '{actor} reported that placement {data.placement} in campaign {data.campaign} is no longer there',
  DecisionAttested:
    '{actor} decided “{data.decision}” as {data.role} on version {data.version} elsewhere, as {data.evidence.kind} {data.evidence.reference} says; this is evidence, not an approval[; a gate would have refused it: {data.wouldRefuse}]',
  AssetRetired: '{actor} retired the asset[ (“{data.reason}”)]',
  AssetRestored: '{actor} brought the asset back[ (“{data.reason}”)]',
  CampaignPlanned:
    '{actor} planned the campaign “{data.name}”[ for {data.brand}][ in {data.markets}][, from {data.startsOn}][ to {data.endsOn}]',
  CampaignLaunched: '{actor} launched the campaign[ (“{data.note}”)]',
  CampaignEnded: '{actor} ended the campaign[ (“{data.reason}”)]',
  CampaignContentsObserved: '{actor} reported which files the campaign contains',
  LicenceGranted: '{actor} recorded a licence of {data.holder}[, {data.reference}]: {data.terms}',
  LicenceAmended: '{actor} recorded other terms of the licence (“{data.reason}”): {data.terms}',
  LicenceEnded: '{actor} ended the licence at {data.endsAt} (“{data.reason}”)',
  WorkflowDefined: '{actor} defined version {data.version} of the workflow, with the SHA-256 {data.hash}',
  RulebookRevised: '{actor} laid down the rules anew, as number {data.number}[ (“{data.note}”)]',
  StageOpened: 'Stage {data.number}, {data.stage}, of the review opened in round {data.round}[, due {data.due}]',
  StageSatisfied:
    'Stage {data.stage} was satisfied in round {data.round}[: {data.filled}][; nobody decided in time, which its rule takes for enough: {data.byRule}]',
  ReviewRoundOpened: 'Round {data.round} of the review began with version {data.version}: {data.cause}',
  ReviewWithdrawn: '{actor} took the request for approval back[ (“{data.reason}”)]',
  DecisionWithdrawn: '{actor} took back the decision of {data.person}[ (“{data.reason}”)]',
  ReviewLapsed: 'The review ended without an approval: stage {data.stage} was due {data.due}',
  ReviewEscalated: 'Stage {data.stage} was due {data.due}, and more people may decide',
  ApprovalCarriedOver:
    '{actor} carried approval {data.from} of version {data.fromVersion} over to version {data.version} by the rule {data.rule}[, decided by {data.decidedBy.names}]; the approval is {data.approval}',
  RulesWaived: '{actor} answers for an exception from {data.rules} until {data.waivedUntil} (“{data.reason}”)',
  LicenceAttached: '{actor} put the asset under licence {data.licence}',
  LicenceDetached: '{actor} took the asset from under licence {data.licence} (“{data.reason}”)',
  other: '{actor} recorded {type}',
};
