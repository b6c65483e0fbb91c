import { assetDecider } from './asset/decider';
import { campaignDecider } from './campaign/decider';
import type { DomainEvent } from './catalogue';
import { contentDecider } from './content/decider';
import type { CommandDefinition, Decider } from './decider';
import { licenceDecider } from './licence/decider';
import { recallDecider } from './recall/decider';
import { rulebookDecider } from './rulebook/decider';
import { workflowDecider } from './workflow/decider';

const DECIDERS = [
  assetDecider,
  campaignDecider,
  workflowDecider,
  rulebookDecider,
  licenceDecider,
  recallDecider,
  contentDecider,
] as const;

/** Every command of the system. */
export type Command = Parameters<(typeof DECIDERS)[number]['streamOf']>[0];
export type CommandType = Command['type'];
export type CommandNamed<T extends CommandType> = Extract<Command, { readonly type: T }>;

/** A decider as the runtime holds it: it hands each one back only its own commands, state and events. */
export type AnyDecider = Decider<Command, unknown, DomainEvent>;

/** A command of whichever decider. */
export interface KnownCommand {
  readonly type: CommandType;
  readonly category: string;
  readonly definition: CommandDefinition<Command, unknown, DomainEvent>;
}

const deciders = DECIDERS as unknown as readonly AnyDecider[];

/** Every command with the category of its decider. */
export const COMMANDS: readonly KnownCommand[] = deciders.flatMap(({ category, commands }) =>
  [...commands].map(([type, definition]) => ({ type: type as CommandType, category, definition })),
);

const BY_COMMAND = new Map(deciders.flatMap((decider) => [...decider.commands.keys()].map((type) => [type, decider])));

/** The decider that answers a command. */
export function deciderOf(command: CommandType): AnyDecider {
  return BY_COMMAND.get(command)!;
}

/** The decider of a stream, by the category before its first hyphen; undefined if no decider has the category. */
export function deciderOfStream(stream: string): AnyDecider | undefined {
  return deciders.find((decider) => stream.startsWith(`${decider.category}-`));
}
