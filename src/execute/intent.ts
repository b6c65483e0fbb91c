import type { Command } from '../domain/deciders';
import type { Actor, NewEvent } from '../domain/event';
import type { Refusal } from '../domain/refusal';

/** A command with its actor, time and tool: all that `execute` needs. */
export interface Intent {
  readonly command: Command;
  readonly actor: Actor;
  readonly workspace: string;
  readonly tool: string;
  readonly toolVersion?: string;
  /** The tool's own source of the act; see `Metadata`. */
  readonly source?: string;
  /** A UUID. Repeating it returns the first answer and writes nothing. */
  readonly commandId: string;
  /** ISO 8601; default: the clock's current time. */
  readonly occurredAt?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
  /** If set, a conflict is a refusal and nothing is retried. `none` means that the stream must not exist yet. */
  readonly expectedRevision?: number | 'none';
  /** Only tells what the answer would be now: it is decided by the log as it is, and nothing is written. */
  readonly trial?: boolean;
}

export type Answer =
  | {
      readonly ok: true;
      readonly stream: string;
      /** Last revision of the stream after this command. */
      readonly revision: number;
      /** Position to wait for in order to read one's own write. */
      readonly position: string;
      /** Events of the command; the last one has this `revision` and `position`. */
      readonly events: readonly NewEvent[];
      /** True if this command id was answered before. */
      readonly repeated: boolean;
    }
  | { readonly ok: false; readonly refusal: Refusal };

export type Execute = (intent: Intent) => Promise<Answer>;
