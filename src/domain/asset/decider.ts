import { commandsOf, decider } from '../decider';
import { asGitEvidence, type Evidence } from '../evidence';
import { type Refusal, refuse } from '../refusal';
import { APPROVERS, AUTHORS, PRODUCTION } from '../roles';
import type { Known } from '../standings';
import { streamOf } from '../stream';
import { annotate, annotationFaults, resolveAnnotation } from './annotating';
import { carryOver } from './carryover';
import {
  AcknowledgeFinding,
  AddComponent,
  AddVersion,
  AnnotateVersion,
  AssignReviewer,
  AttachLicence,
  AttestDecision,
  CarryOverApproval,
  ChangeMetadata,
  DetachLicence,
  EndPlacement,
  EndWaiver,
  ExaminePlacement,
  KeepDeadline,
  ObserveAlias,
  ObserveAliasEnd,
  ObservePlacement,
  ObservePlacementEnd,
  PlaceInCampaign,
  RecordDecision,
  RegisterAsset,
  RemoveComponent,
  RequestReview,
  ResolveAnnotation,
  RestoreAsset,
  RetireAsset,
  WaiveRules,
  WithdrawDecision,
  WithdrawReview,
} from './commands';
import { addVersion, changeMetadata, parentsOf, register, setAndUnset } from './content';
import { assignReviewer, keepDeadline } from './deadlines';
import type { AssetEvent } from './events';
import { acknowledgeFinding, examinePlacement } from './findings';
import { gateAsks } from './gate';
import { observeAlias, observeAliasEnd, restore, retire } from './life';
import { addComponent, attachLicence, componentAsked, detachLicence, removeComponent } from './lineage';
import {
  endPlacement,
  invertedWindow,
  observePlacement,
  observePlacementEnd,
  place,
  versionOrDigest,
} from './placement';
import { attestDecision, recordDecision, requestReview } from './review';
import { newRulesStreams, ownRulesStreams } from './rules';
import { type AssetState, evolve, INITIAL, standingOf, versionOf } from './state';
import { endWaiver, waiveRules } from './waivers';
import { withdrawDecision, withdrawReview } from './withdrawing';

const absent = ({ exists }: AssetState): Refusal | undefined =>
  exists ? refuse('ASSET_EXISTS', undefined, ['asset']).refusal : undefined;
const existing = ({ exists }: AssetState): Refusal | undefined =>
  exists ? undefined : refuse('ASSET_NOT_FOUND', undefined, ['asset']).refusal;
/** In production: what has left it must be restored first. */
const active = (state: AssetState): Refusal | undefined =>
  existing(state) ?? (state.retired ? refuse('ASSET_RETIRED', undefined, ['asset']).refusal : undefined);

const asksOf = ({ campaign }: { readonly campaign: string }, known: Known, state: AssetState): readonly string[] =>
  gateAsks(campaign, known, state);

/** Until 2026-11-29 evidence was recorded in git's own terms. */
const formerlyGit = (command: { readonly evidence?: Evidence }): object | undefined => {
  const evidence = command.evidence && asGitEvidence(command.evidence);
  return evidence && { ...command, evidence };
};

const ownRules = (_command: unknown, _known: unknown, state: AssetState): readonly string[] => ownRulesStreams(state);

const command = commandsOf<AssetState, AssetEvent>();

/** The whole life of one asset: one stream, one consistent decision. */
export const assetDecider = decider({
  category: 'asset',
  initial: INITIAL,
  evolve,
  standing: standingOf,
  commands: [
    command(RegisterAsset, { roles: AUTHORS, where: absent, decide: register, references: parentsOf }),
    command(AddVersion, {
      roles: AUTHORS,
      where: active,
      decide: addVersion,
      references: ownRules,
      formerly: ({ content, ...command }) => ({ ...command, ...content }),
    }),
    command(ChangeMetadata, {
      roles: AUTHORS,
      where: active,
      decide: changeMetadata,
      contradictions: setAndUnset,
      references: ownRules,
    }),
    command(RequestReview, {
      roles: AUTHORS,
      where: active,
      decide: requestReview,
      references: (_command, known, state) => newRulesStreams(known, state),
    }),
    // Makers of the bytes cannot decide on them, in whichever asset the bytes are registered.
    command(RecordDecision, {
      roles: APPROVERS,
      where: active,
      decide: recordDecision,
      bytesOf: (_command, state) => state.review?.digest,
      peopleOf: ({ insteadOf }) => (insteadOf === undefined ? [] : [insteadOf]),
      references: ownRules,
    }),
    command(WithdrawReview, { roles: AUTHORS, where: active, decide: withdrawReview }),
    command(WithdrawDecision, { roles: APPROVERS, where: active, decide: withdrawDecision, references: ownRules }),
    command(AssignReviewer, { roles: PRODUCTION, where: active, decide: assignReviewer, references: ownRules }),
    command(KeepDeadline, { roles: PRODUCTION, where: active, decide: keepDeadline, references: ownRules }),
    command(CarryOverApproval, {
      roles: APPROVERS,
      where: active,
      decide: carryOver,
      bytesOf: (_command, state) => state.versions?.last.digest,
      references: ownRules,
    }),
    command(AnnotateVersion, {
      roles: PRODUCTION,
      where: existing,
      decide: annotate,
      contradictions: annotationFaults,
    }),
    command(ResolveAnnotation, { roles: PRODUCTION, where: existing, decide: resolveAnnotation }),
    command(PlaceInCampaign, {
      roles: AUTHORS,
      where: active,
      decide: place,
      contradictions: invertedWindow,
      references: asksOf,
    }),
    command(EndPlacement, { roles: PRODUCTION, where: existing, decide: endPlacement }),
    command(AddComponent, { roles: AUTHORS, where: active, decide: addComponent, references: componentAsked }),
    command(RemoveComponent, { roles: AUTHORS, where: active, decide: removeComponent }),
    command(AttachLicence, {
      roles: APPROVERS,
      where: existing,
      decide: attachLicence,
      references: ({ licence }) => [streamOf('licence', licence)],
    }),
    command(DetachLicence, { roles: APPROVERS, where: existing, decide: detachLicence }),
    command(WaiveRules, {
      roles: APPROVERS,
      where: active,
      decide: waiveRules,
      bytesOf: ({ version: number }, state) => versionOf(state, number)?.digest,
    }),
    command(EndWaiver, { roles: APPROVERS, where: existing, decide: endWaiver }),
    command(ExaminePlacement, {
      roles: PRODUCTION,
      where: existing,
      decide: examinePlacement,
      references: ({ placement }, known, state) => {
        const live = state.placements.find((each) => each.placement === placement);
        return live === undefined ? [] : gateAsks(live.campaign, known, state);
      },
    }),
    command(AcknowledgeFinding, { roles: PRODUCTION, where: existing, decide: acknowledgeFinding }),
    command(RetireAsset, { roles: PRODUCTION, where: active, decide: retire }),
    command(RestoreAsset, { roles: PRODUCTION, where: existing, decide: restore }),
    command(AttestDecision, {
      roles: PRODUCTION,
      where: existing,
      decide: attestDecision,
      bytesOf: (command, state) => versionOf(state, command.version)?.digest,
      formerly: formerlyGit,
    }),
    command(ObservePlacement, {
      roles: PRODUCTION,
      where: existing,
      decide: observePlacement,
      contradictions: versionOrDigest,
      references: asksOf,
      formerly: formerlyGit,
    }),
    command(ObservePlacementEnd, {
      roles: PRODUCTION,
      where: existing,
      decide: observePlacementEnd,
      formerly: formerlyGit,
    }),
    command(ObserveAlias, { roles: PRODUCTION, where: existing, decide: observeAlias, formerly: formerlyGit }),
    command(ObserveAliasEnd, { roles: PRODUCTION, where: existing, decide: observeAliasEnd, formerly: formerlyGit }),
  ],
});

/** Every command on an asset. */
export type AssetCommand = Parameters<typeof assetDecider.streamOf>[0];
