import type { Actor, AnyEvent, Metadata } from './event';
import type { Refusal } from './refusal';

/** What another stream looks like to a decision that refers to it: a campaign, a parent asset, a template. */
export interface Standing {
  readonly exists: boolean;
  /** The state word of that stream, for instance `launched` or `retired`; empty where it does not exist. */
  readonly status: string;
  /** Number of versions, 0 where the notion does not apply. */
  readonly versions: number;
}

/** Everything a decision may know besides its command and its own state. Handed in, so that `decide` stays pure. */
export interface Context {
  readonly actor: Actor;
  /** ISO 8601, UTC: when the act was done, as its source claims. */
  readonly occurredAt: string;
  /** UUID of the command; ids of things the decision creates are derived from it by `id`. */
  readonly commandId: string;
  /** A deterministic UUID from this command and a name. */
  id(name: string): string;
  /** Hex SHA-256 of the UTF-8 bytes of a text. */
  sha256(text: string): string;
  /** The standing of a stream the command named in `references`. */
  standing(stream: string): Standing;
  /** Of the bytes the decider named in `bytesOf`; absent where nobody was asked, as in an import. */
  readonly makers?: MakersKnown | undefined;
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

/** What may happen: pure functions over one stream's state. */
export interface Decider<C extends CommandOf<string>, S, E extends AnyEvent> {
  /** The first part of every stream name: `asset` for `asset-<uuid>`. */
  readonly category: string;
  readonly initial: S;
  /** The full stream name a command is about. */
  streamOf(command: C): string;
  /** Streams the decision also asks about. */
  references(command: C): readonly string[];
  /** Hex SHA-256 of the bytes whose makers the decision must know, wherever they were made; undefined where of none. */
  bytesOf(command: C, state: S): string | undefined;
  /** The command as older programs wrote it, where that was otherwise: its hash is what their logs hold. */
  formerly?(command: C): object | undefined;
  evolve(state: S, event: Happened<E>): S;
  decide(command: C, state: S, context: Context): Outcome<E>;
  standing(state: S): Standing;
}
