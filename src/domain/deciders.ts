import { assetDecider } from './asset/decider';
import { campaignDecider } from './campaign/decider';
import type { Command, CommandType, DomainEvent } from './catalogue';
import type { Decider } from './decider';

/** A decider as the runtime holds it: it hands each one back only its own commands, state and events. */
export type AnyDecider = Decider<Command, unknown, DomainEvent>;

const DECIDERS: readonly AnyDecider[] = [assetDecider, campaignDecider];

const BY_COMMAND: { readonly [T in CommandType]: AnyDecider } = {
  RegisterAsset: assetDecider,
  AddVersion: assetDecider,
  ChangeMetadata: assetDecider,
  RequestReview: assetDecider,
  RecordDecision: assetDecider,
  PlaceInCampaign: assetDecider,
  EndPlacement: assetDecider,
  RetireAsset: assetDecider,
  RestoreAsset: assetDecider,
  AttestDecision: assetDecider,
  ObservePlacement: assetDecider,
  ObservePlacementEnd: assetDecider,
  ObserveAlias: assetDecider,
  ObserveAliasEnd: assetDecider,
  PlanCampaign: campaignDecider,
  LaunchCampaign: campaignDecider,
  EndCampaign: campaignDecider,
  ObserveContents: campaignDecider,
};

/** The decider that answers a command. */
export function deciderOf(command: CommandType): AnyDecider {
  return BY_COMMAND[command];
}

/** The decider of a stream, by the category before its first hyphen; undefined for a stream nobody decides on. */
export function deciderOfStream(stream: string): AnyDecider | undefined {
  return DECIDERS.find((decider) => stream.startsWith(`${decider.category}-`));
}
