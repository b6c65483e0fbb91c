import type { Actor, AnyEvent, Metadata } from './event';
import { faultsOf, type InputFault, inputRefusal, type Shape } from './input';
import { normalCommand } from './normal';
import type { Refusal } from './refusal';
import type { Role } from './roles';
import type { Known, Standings } from './standings';

/**
 * Everything a decision may know besides its command and its own state. Handed in, so that `decide` stays pure. Its
 * `standing` knows the streams that the command named in `references`, and no others.
 */
export interface Context extends Known {
  readonly actor: Actor;
  /** ISO 8601, UTC: when the act was done, as its source claims. */
  readonly occurredAt: string;
  /** UUID of the command; ids of things the decision creates are derived from it by `id`. */
  readonly commandId: string;
  /** A deterministic UUID from this command and a name. */
  id(name: string): string;
  /** Hex SHA-256 of the UTF-8 bytes of a text. */
  sha256(text: string): string;
  /** Makers of the bytes that the decider named in `bytesOf`; absent if they were not looked up, as in an import. */
  readonly makers?: MakersKnown | undefined;
  /** What runs of the asset that the decider named in `radiusOf`; absent if it was not looked up, as in an import. */
  readonly radius?: RadiusKnown | undefined;
}

/** What the whole log says of where an asset, what was made from it and what holds it runs, at whatever depth. */
export interface RadiusKnown {
  /** Undefined where they are more than can be followed. */
  readonly placements: readonly RunningPlacement[] | undefined;
  /** Everything up to this position of the log was looked at. */
  readonly position: string;
}

/** A placement that runs. */
export interface RunningPlacement {
  readonly asset: string;
  readonly placement: string;
  readonly campaign: string;
  /** Undefined where the bytes seen are not a version of the asset. */
  readonly version?: number | undefined;
  readonly channel: string;
  readonly market?: string | undefined;
}

/** What the whole log says of the makers of some bytes, in whichever asset. */
export interface MakersKnown {
  /** One of the ids behind the act is among them. */
  readonly made: boolean;
  /** Everything up to this position of the log was looked at. */
  readonly position: string;
}

export type Outcome<E extends AnyEvent> = { readonly events: readonly E[] } | { readonly refusal: Refusal };

export interface CommandOf<T extends string> {
  readonly type: T;
}

/** An event as a fold sees it: what happened, when, and who did it. A recorded event is one. */
export type Happened<E extends AnyEvent> = E & {
  readonly metadata: Pick<Metadata, 'actorId' | 'onBehalfOf' | 'occurredAt'>;
};

/** A command of a decider: its class with the limits of its fields, who may issue it, and what it does. */
export interface CommandDefinition<C extends CommandOf<string>, S, E extends AnyEvent> {
  readonly command: Shape<C>;
  /** Roles whose bearers may issue it through a door that knows roles. */
  readonly roles: readonly Role[];
  /** Why it cannot be done to the stream as it is, whatever else the command says; undefined where it can. */
  readonly where: (state: S) => Refusal | undefined;
  decide(command: C, state: S, context: Context): Outcome<E>;
  /** What its fields say against one another, each of them acceptable by itself. */
  contradictions?(command: C): readonly InputFault[];
  /**
   * Streams the decision also asks about. It is asked in rounds, each time with what is known by then, until it names no
   * further stream: its own state names the first ones, and the standing of one may lead to others.
   */
  references?(command: C, known: Known, state: S): readonly string[];
  /** Hex SHA-256 of the bytes whose makers the decision must know, wherever they were made; undefined where of none. */
  bytesOf?(command: C, state: S): string | undefined;
  /** People beside the actor whose part in these bytes the decision must know too. */
  peopleOf?(command: C): readonly string[];
  /** The asset of which the decision must know where it, and everything that came of it, runs. */
  radiusOf?(command: C): string | undefined;
  /** The command as an older program wrote it, where that was otherwise: logs hold the hash of that form. */
  formerly?(command: C): object | undefined;
}

/** What may happen: pure functions over one stream's state. */
export interface Decider<C extends CommandOf<string>, S, E extends AnyEvent> {
  /** The first part of every stream name, and the field of every command that holds the rest: `asset` for `asset-<uuid>`. */
  readonly category: string;
  readonly initial: S;
  /** By the type of the command. */
  readonly commands: ReadonlyMap<string, CommandDefinition<C, S, E>>;
  /** The full stream name a command is about. */
  streamOf(command: C): string;
  references(command: C, known: Known, state: S): readonly string[];
  bytesOf(command: C, state: S): string | undefined;
  peopleOf(command: C): readonly string[];
  radiusOf(command: C): string | undefined;
  formerly(command: C): object | undefined;
  evolve(state: S, event: Happened<E>): S;
  decide(command: C, state: S, context: Context): Outcome<E>;
  /** What decisions about other streams may know of this one; undefined where it was never begun. */
  standing(state: S): Standings[keyof Standings] | undefined;
}

/** One definition for each command, in whatever order. */
type Definitions<C extends readonly CommandOf<string>[], S, E extends AnyEvent> = {
  readonly [K in keyof C]: CommandDefinition<C[K], S, E>;
};

/** A decider from the table of its commands. */
export function decider<C extends readonly CommandOf<string>[], S, E extends AnyEvent>(
  definition: Pick<Decider<C[number], S, E>, 'category' | 'initial' | 'evolve' | 'standing'> & {
    readonly commands: readonly [...Definitions<C, S, E>];
  },
): Decider<C[number], S, E> {
  const { category } = definition;
  const list = definition.commands as readonly CommandDefinition<C[number], S, E>[];
  const commands = new Map(list.map((each) => [new each.command().type, each]));
  const definitionOf = ({ type }: C[number]): CommandDefinition<C[number], S, E> => commands.get(type)!;
  return {
    ...definition,
    commands,
    streamOf: (command) => `${category}-${(command as unknown as Readonly<Record<string, string>>)[category]}`,
    references: (command, known, state) => definitionOf(command).references?.(command, known, state) ?? [],
    bytesOf: (command, state) => definitionOf(command).bytesOf?.(command, state),
    peopleOf: (command) => definitionOf(command).peopleOf?.(command) ?? [],
    radiusOf: (command) => definitionOf(command).radiusOf?.(command),
    formerly: (command) => definitionOf(command).formerly?.(command),
    decide: (given, state, context) => {
      const { command: shape, contradictions, where, decide } = definitionOf(given);
      const command = normalCommand(given);
      const faults = faultsOf(shape, command);
      const refusal = inputRefusal(faults.length > 0 ? faults : (contradictions?.(command) ?? [])) ?? where(state);
      return refusal === undefined ? decide(command, state, context) : { refusal };
    },
  };
}

/** Writes a row of the table of a decider with this state and these events; the row knows the class of its command. */
export const commandsOf =
  <S, E extends AnyEvent>() =>
  <C extends CommandOf<string>>(
    command: Shape<C>,
    definition: Omit<CommandDefinition<NoInfer<C>, S, E>, 'command'>,
  ): CommandDefinition<C, S, E> => ({
    command,
    ...definition,
  });
