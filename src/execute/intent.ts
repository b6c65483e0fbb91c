import type { Command } from '../domain/deciders';
import type { Actor, NewEvent } from '../domain/event';
import type { Refusal } from '../domain/refusal';

/** A command with who, when and from where: all that `execute` needs. */
export interface Intent {
  readonly command: Command;
  readonly actor: Actor;
  readonly workspace: string;
  readonly tool: string;
  readonly toolVersion?: string;
  /** Where the tool has it from; see `Metadata`. */
  readonly source?: string;
  /** UUID; the same one again gives the first answer and writes nothing. */
  readonly commandId: string;
  /** ISO 8601; the clock's now where absent. */
  readonly occurredAt?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
  /** When named, a conflict is a refusal and nothing is retried. `none` means: the stream must not exist yet. */
  readonly expectedRevision?: number | 'none';
}

export type Answer =
  | {
      readonly ok: true;
      readonly stream: string;
      /** Last revision of the stream after this command. */
      readonly revision: number;
      /** Position to wait for in order to read one's own write. */
      readonly position: string;
      /** The events of the command; the last one has this `revision` and `position`. */
      readonly events: readonly NewEvent[];
      /** True where this command id was answered before. */
      readonly repeated: boolean;
    }
  | { readonly ok: false; readonly refusal: Refusal };

export type Execute = (intent: Intent) => Promise<Answer>;
