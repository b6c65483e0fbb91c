import type { Context, Decider, Outcome } from '../decider';
import { asGitEvidence } from '../evidence';
import { inputRefusal } from '../input';
import { normalCommand } from '../normal';
import { refuse } from '../refusal';
import type { AssetCommand } from './commands';
import { addVersion, changeMetadata, register } from './content';
import type { AssetEvent } from './events';
import { ASSET_INPUT } from './input';
import { observeAlias, observeAliasEnd, restore, retire } from './life';
import { endPlacement, observePlacement, observePlacementEnd, place } from './placement';
import { attestDecision, recordDecision, requestReview } from './review';
import { type AssetState, evolve, INITIAL, standingOf, versionOf } from './state';

/** The whole life of one asset: one stream, one consistent decision. */
export const assetDecider: Decider<AssetCommand, AssetState, AssetEvent> = {
  category: 'asset',
  initial: INITIAL,
  streamOf: (command) => `asset-${command.asset}`,
  references,
  bytesOf,
  formerly,
  evolve,
  decide,
  standing: standingOf,
};

function references(command: AssetCommand): readonly string[] {
  switch (command.type) {
    case 'RegisterAsset': {
      const parents = (command.derivedFrom ?? []).map((parent) => parent.asset);
      if (command.template !== undefined) parents.push(command.template.asset);
      if (command.componentOf !== undefined) parents.push(command.componentOf);
      return [...new Set(parents)].map((parent) => `asset-${parent}`);
    }
    case 'PlaceInCampaign':
    case 'ObservePlacement':
      return [`campaign-${command.campaign}`];
    default:
      return [];
  }
}

/** Whoever made the bytes takes no part in deciding on them, in whichever asset they stand. */
function bytesOf(command: AssetCommand, state: AssetState): string | undefined {
  if (command.type === 'RecordDecision') return state.review?.digest;
  return command.type === 'AttestDecision' ? versionOf(state, command.version)?.digest : undefined;
}

/** Until 2026-11-29 evidence was told in git's own terms. */
function formerly(command: AssetCommand): object | undefined {
  const evidence = 'evidence' in command && command.evidence && asGitEvidence(command.evidence);
  return evidence ? { ...command, evidence } : undefined;
}

function decide(given: AssetCommand, state: AssetState, context: Context): Outcome<AssetEvent> {
  const command = normalCommand(given);
  const refusal = inputRefusal(command, ASSET_INPUT[command.type]);
  if (refusal !== undefined) return { refusal };
  if (command.type === 'RegisterAsset') return register(command, state, context);
  if (!state.exists) return refuse('ASSET_NOT_FOUND', undefined, ['asset']);
  switch (command.type) {
    case 'RestoreAsset':
      return restore(command, state);
    case 'EndPlacement':
      return endPlacement(command, state);
    case 'AttestDecision':
      return attestDecision(command, state, context);
    case 'ObservePlacement':
      return observePlacement(command, state, context);
    case 'ObservePlacementEnd':
      return observePlacementEnd(command, state);
    case 'ObserveAlias':
      return observeAlias(command, state);
    case 'ObserveAliasEnd':
      return observeAliasEnd(command, state);
    default:
      return state.retired
        ? refuse('ASSET_RETIRED', undefined, ['asset'])
        : decideInProduction(command, state, context);
  }
}

type InProduction = Extract<
  AssetCommand,
  {
    readonly type:
      | 'AddVersion'
      | 'ChangeMetadata'
      | 'RequestReview'
      | 'RecordDecision'
      | 'PlaceInCampaign'
      | 'RetireAsset';
  }
>;

/** What may only be done to an asset that has not left production. */
function decideInProduction(command: InProduction, state: AssetState, context: Context): Outcome<AssetEvent> {
  switch (command.type) {
    case 'AddVersion':
      return addVersion(command, state);
    case 'ChangeMetadata':
      return changeMetadata(command, state);
    case 'RequestReview':
      return requestReview(command, state, context);
    case 'RecordDecision':
      return recordDecision(command, state, context);
    case 'PlaceInCampaign':
      return place(command, state, context);
    case 'RetireAsset':
      return retire(command, state);
  }
}
