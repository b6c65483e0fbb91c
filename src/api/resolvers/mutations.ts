import { Inject } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Mutation, ResolveField, Resolver } from '@nestjs/graphql';
import type { CommandType } from '../../domain/catalogue';
import type { Refusal } from '../../domain/refusal';
import { subjectIn } from '../../domain/stream';
import type { Answer, Intent } from '../../execute/intent';
import type { Asking } from '../asking';
import { type Input, intentOf, MUTATIONS, userError } from '../commands';
import { type ApiDependencies, DEPENDENCIES } from '../dependencies';
import { assetView } from '../views/asset';
import { campaignView } from '../views/placement';

/** An intent on Nest's command bus: the seam between this door and `execute`. */
export class Act extends Command<Answer> {
  constructor(readonly intent: Intent) {
    super();
  }
}

@CommandHandler(Act)
export class ActHandler implements ICommandHandler<Act, Answer> {
  constructor(@Inject(DEPENDENCIES) readonly door: ApiDependencies) {}

  execute({ intent }: Act): Promise<Answer> {
    return this.door.execute(intent);
  }
}

/** Answer to an act, before the thing it was about is read. */
interface Payload {
  readonly asking: Asking;
  /** UUID of the asset or campaign; undefined where the act was refused. */
  readonly subject?: string;
  readonly position?: string;
  readonly revision?: number;
  readonly repeated: boolean;
  /** As it is recorded; null where nothing was. */
  readonly occurredAt: string | null;
  readonly userErrors: readonly object[];
}

type Arguments = { readonly input: Input };

/** Everything that can be done: a field for every command. Who may is in roles.ts. */
@Resolver()
export class MutationResolver {
  constructor(
    @Inject(CommandBus) readonly bus: CommandBus,
    @Inject(DEPENDENCIES) readonly door: ApiDependencies,
  ) {}

  @Mutation(MUTATIONS.RegisterAsset)
  registerAsset(_root: unknown, args: Arguments, asking: Asking) {
    return this.#act('RegisterAsset', args, asking);
  }

  @Mutation(MUTATIONS.AddVersion)
  addVersion(_root: unknown, args: Arguments, asking: Asking) {
    return this.#act('AddVersion', args, asking);
  }

  @Mutation(MUTATIONS.ChangeMetadata)
  changeMetadata(_root: unknown, args: Arguments, asking: Asking) {
    return this.#act('ChangeMetadata', args, asking);
  }

  @Mutation(MUTATIONS.RequestReview)
  requestReview(_root: unknown, args: Arguments, asking: Asking) {
    return this.#act('RequestReview', args, asking);
  }

  @Mutation(MUTATIONS.RecordDecision)
  recordDecision(_root: unknown, args: Arguments, asking: Asking) {
    return this.#act('RecordDecision', args, asking);
  }

  @Mutation(MUTATIONS.PlaceInCampaign)
  placeInCampaign(_root: unknown, args: Arguments, asking: Asking) {
    return this.#act('PlaceInCampaign', args, asking);
  }

  @Mutation(MUTATIONS.EndPlacement)
  endPlacement(_root: unknown, args: Arguments, asking: Asking) {
    return this.#act('EndPlacement', args, asking);
  }

  @Mutation(MUTATIONS.RetireAsset)
  retireAsset(_root: unknown, args: Arguments, asking: Asking) {
    return this.#act('RetireAsset', args, asking);
  }

  @Mutation(MUTATIONS.RestoreAsset)
  restoreAsset(_root: unknown, args: Arguments, asking: Asking) {
    return this.#act('RestoreAsset', args, asking);
  }

  @Mutation(MUTATIONS.AttestDecision)
  attestDecision(_root: unknown, args: Arguments, asking: Asking) {
    return this.#act('AttestDecision', args, asking);
  }

  @Mutation(MUTATIONS.ObservePlacement)
  observePlacement(_root: unknown, args: Arguments, asking: Asking) {
    return this.#act('ObservePlacement', args, asking);
  }

  @Mutation(MUTATIONS.ObservePlacementEnd)
  observePlacementEnd(_root: unknown, args: Arguments, asking: Asking) {
    return this.#act('ObservePlacementEnd', args, asking);
  }

  @Mutation(MUTATIONS.ObserveAlias)
  observeAlias(_root: unknown, args: Arguments, asking: Asking) {
    return this.#act('ObserveAlias', args, asking);
  }

  @Mutation(MUTATIONS.ObserveAliasEnd)
  observeAliasEnd(_root: unknown, args: Arguments, asking: Asking) {
    return this.#act('ObserveAliasEnd', args, asking);
  }

  @Mutation(MUTATIONS.PlanCampaign)
  planCampaign(_root: unknown, args: Arguments, asking: Asking) {
    return this.#act('PlanCampaign', args, asking);
  }

  @Mutation(MUTATIONS.LaunchCampaign)
  launchCampaign(_root: unknown, args: Arguments, asking: Asking) {
    return this.#act('LaunchCampaign', args, asking);
  }

  @Mutation(MUTATIONS.EndCampaign)
  endCampaign(_root: unknown, args: Arguments, asking: Asking) {
    return this.#act('EndCampaign', args, asking);
  }

  @Mutation(MUTATIONS.ObserveContents)
  observeContents(_root: unknown, args: Arguments, asking: Asking) {
    return this.#act('ObserveContents', args, asking);
  }

  async #act(type: CommandType, { input }: Arguments, asking: Asking): Promise<Payload> {
    const made = intentOf(type, input, asking.session, this.door.version);
    if ('refusal' in made) return refused(asking, made.refusal);
    const answer = await this.bus.execute(new Act(made.intent));
    if (!answer.ok) return refused(asking, answer.refusal);
    const { stream, position, revision, repeated, events } = answer;
    asking.written(position);
    const occurredAt = events.at(-1)?.metadata.occurredAt ?? null;
    const subject = subjectIn(stream);
    return { asking, subject, position, revision, repeated, occurredAt, userErrors: [] };
  }
}

function refused(asking: Asking, refusal: Refusal): Payload {
  return { asking, repeated: false, occurredAt: null, userErrors: [userError(refusal)] };
}

@Resolver('AssetPayload')
export class AssetPayloadResolver {
  @ResolveField('asset')
  async asset({ asking, subject, position }: Payload) {
    if (subject === undefined) return null;
    await asking.reached(position, 'library');
    const moment = await asking.moment('library', undefined);
    return assetView(await moment.asset(subject), moment);
  }
}

@Resolver('CampaignPayload')
export class CampaignPayloadResolver {
  @ResolveField('campaign')
  async campaign({ asking, subject, position }: Payload) {
    if (subject === undefined) return null;
    await asking.reached(position, 'campaigns');
    const moment = await asking.moment('campaigns', undefined);
    return campaignView(await moment.campaign(subject), moment);
  }
}
