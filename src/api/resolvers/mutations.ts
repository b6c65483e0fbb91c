import { Inject, Injectable } from '@nestjs/common';
import { AsyncContext, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Mutation, ResolveField, Resolver } from '@nestjs/graphql';
import { versionOfDigest } from '../../../projections/library/queries';
import { COMMANDS, type Command, type KnownCommand } from '../../domain/deciders';
import type { Actor } from '../../domain/event';
import { MOST_FAULTS } from '../../domain/input';
import { RULEBOOK } from '../../domain/scope';
import { contentOf } from '../../domain/stream';
import { timeFaults } from '../../execute/inputfaults';
import type { Answer } from '../../execute/intent';
import { isDigest } from '../../store/content/contentstore';
import type { Asking } from '../asking';
import { commandFrom, faultErrors, type Given, type Input, userErrors } from '../commands';
import { type ApiDependencies, DEPENDENCIES } from '../dependencies';
import { fault } from '../errors';
import { commandIdOf, madeId } from '../ids';
import { present } from '../inputobject';
import { mutationOf } from '../naming';
import { Payload, Refused } from '../payload';
import { allows } from '../roles';
import { contentSaid } from '../uploads/said';

/** What accompanies a command on Nest's bus: who issues it, and how. */
class Envelope extends AsyncContext {
  constructor(
    readonly known: KnownCommand,
    readonly asking: Asking,
    readonly input: Input,
    readonly given: Given,
  ) {
    super();
  }
}

/** The only path from the server's doors to `execute`: every command and its answer pass through here. */
@Injectable()
class CommandDoor implements ICommandHandler<object> {
  constructor(@Inject(DEPENDENCIES) readonly door: ApiDependencies) {}

  async execute(command: Command): Promise<Payload | Refused> {
    const { known, asking, input, given } = AsyncContext.of(command) as Envelope;
    const answer = await answerTo(this.door, { known, asking, given, command });
    if (answer instanceof Refused) return answer;
    return answer.ok ? new Payload(asking, answer) : new Refused(userErrors(known, input, answer.refusal));
  }
}

interface Asked extends Pick<Envelope, 'known' | 'asking' | 'given'> {
  readonly command: Command;
  /** Only what the answer would be. */
  readonly trial?: true;
}

async function answerTo(door: ApiDependencies, asked: Asked): Promise<Answer | Refused> {
  const { known, asking, given, command, trial } = asked;
  const { session } = asking;
  const mutation = mutationOf(known);
  if (!allows(`Mutation.${mutation}`, session.roles)) throw fault('FORBIDDEN', undefined, [mutation]);
  const { idempotencyKey, expectedRevision, occurredAt, onBehalfOf } = given.act;
  const faults = [...given.faults, ...otherPrincipal(session.actor, onBehalfOf)];
  if (faults.length > 0) {
    // `execute`, which checks the time, is not called then.
    const early = timeFaults(occurredAt, Date.now()).map(({ steps, reason }) => ({
      steps: ['act', ...steps],
      reason,
    }));
    return new Refused(faultErrors([...faults, ...early].slice(0, MOST_FAULTS)));
  }
  const actor: Actor = onBehalfOf === undefined ? session.actor : { ...session.actor, onBehalfOf };
  const commandId = commandIdOf(actor, idempotencyKey);
  const { category } = known;
  const subject = (command as unknown as Readonly<Record<string, string | undefined>>)[category];
  const made = () => ownId(known, command) ?? madeId(commandId, category);
  return door.execute({
    command: { ...command, [category]: subject ?? made() } as Command,
    actor,
    workspace: 'default',
    tool: 'graphql',
    toolVersion: door.version,
    commandId,
    ...(occurredAt === undefined ? {} : { occurredAt }),
    ...(expectedRevision === undefined ? {} : { expectedRevision }),
    ...(trial && { trial }),
  });
}

/** Why an act would be refused now, all reasons; none where it would be done. The caller's roles must allow it. */
async function wouldRefuse(
  door: ApiDependencies,
  asking: Asking,
  act: Readonly<Record<string, unknown>>,
): Promise<readonly object[]> {
  const [[mutation, value]] = Object.entries(present(act)) as [[string, Input]];
  const known = COMMANDS.find((each) => mutationOf(each) === mutation)!;
  const given = commandFrom(known, value);
  const answer = await answerTo(door, { known, asking, given, command: given.command, trial: true });
  if (answer instanceof Refused) return answer.userErrors;
  return answer.ok ? [] : userErrors(known, value, answer.refusal);
}

/**
 * What a command begins has an id of the caller's choice, or one made from the key. There is one rulebook, though, and
 * the digest of a content says which it is.
 */
function ownId({ category }: KnownCommand, command: Command): string | undefined {
  if (category === 'rulebook') return RULEBOOK;
  if (category !== 'content') return undefined;
  const { digest } = command as { readonly digest?: unknown };
  return typeof digest === 'string' && isDigest(digest) ? contentOf(digest) : undefined;
}

/** A token that acts on behalf of one person cannot act on behalf of another. */
function otherPrincipal(actor: Actor, onBehalfOf: string | undefined) {
  if (onBehalfOf === undefined || actor.onBehalfOf === undefined || actor.onBehalfOf === onBehalfOf) return [];
  return [{ steps: ['act', 'onBehalfOf'], reason: `the token already acts for ${actor.onBehalfOf}` }];
}

/** The bus requires a handler class per command class; all of them delegate to the one above. */
export const HANDLERS = COMMANDS.map(({ definition }) => {
  class Handler extends CommandDoor {}
  CommandHandler(definition.command)(Handler);
  return Handler;
});

type Arguments = { readonly input: Input };

/** Commands whose content an upload may be. */
const TAKING_CONTENT: ReadonlySet<string> = new Set(['RegisterAsset', 'AddVersion']);

/** All mutations: a field for every command. */
@Resolver()
export class MutationResolver {
  constructor(
    @Inject(CommandBus) readonly bus: CommandBus,
    @Inject(DEPENDENCIES) readonly door: ApiDependencies,
  ) {}

  async act(known: KnownCommand, said: Arguments, asking: Asking): Promise<Payload | Refused> {
    const input = TAKING_CONTENT.has(known.type) ? await this.withContent(said.input, asking) : said.input;
    if (input instanceof Refused) return input;
    const given = commandFrom(known, input);
    new Envelope(known, asking, input, given).attachTo(given.command);
    return this.bus.execute(given.command);
  }

  private async withContent(input: Input, { session }: Asking): Promise<Input | Refused> {
    const { uploads, content, runtime } = this.door;
    const knownType = async (digest: string) => (await versionOfDigest(runtime.reader('library'), digest))?.mediaType;
    return contentSaid(input, session, { uploads, content, knownType });
  }
}

for (const known of COMMANDS) {
  const name = mutationOf(known);
  const value = function (this: MutationResolver, _root: unknown, args: Arguments, asking: Asking) {
    return this.act(known, args, asking);
  };
  Object.defineProperty(MutationResolver.prototype, name, { value });
  Mutation(name)(MutationResolver.prototype, name, { value });
}

/** What a viewer can ask about an act before it is done. */
@Resolver('Viewer')
export class ViewerResolver {
  constructor(@Inject(DEPENDENCIES) readonly door: ApiDependencies) {}

  @ResolveField('wouldRefuse')
  wouldRefuse(_viewer: unknown, { act }: { readonly act: Readonly<Record<string, unknown>> }, asking: Asking) {
    return wouldRefuse(this.door, asking, act);
  }
}
