import type { Metadata } from '../domain/event';
import type { CheckedEvent } from './check';
import { isoOf, msOf } from './instant';

/**
 * How the embedded store packs an event. What repeats from event to event (type, tool, actor and so on) stands once in
 * a table of words and is referred to by a small number; ids are bytes; instants are milliseconds. Whatever does not
 * fit the usual form is kept as JSON in `extra`, so that exactly what was written comes back.
 */

/** What a command type, a tool and an event type have in common from event to event. */
export interface Kind {
  readonly type: string;
  readonly schemaVersion?: string;
  readonly workspace?: string;
  readonly tool?: string;
  readonly toolVersion?: string;
  readonly commandType?: string;
}

export interface Who {
  readonly actorId: string;
  readonly actorKind: string;
  readonly onBehalfOf?: string;
}

export interface Packed {
  /** JSON of a Kind. */
  readonly kind: string;
  /** JSON of a Who; empty where the metadata is not in the usual form. */
  readonly who: string;
  /**
   * Event id (16 bytes); in the usual form then command id (16) and command hash (8); then, only where they differ
   * from the command id, correlation id (16) and causation id (16).
   */
  readonly ids: Uint8Array;
  /** Milliseconds since 1970; null where the metadata is not in the usual form. */
  readonly occurred: number | null;
  /** JSON of the metadata that has no place elsewhere. */
  readonly extra: string | null;
}

/** Hex digits of `ids` in its three lengths. */
const BARE = 32;
const USUAL = 80;
const LINKED = 144;

const PLACED = new Set([
  'schemaVersion',
  'workspace',
  'actorId',
  'actorKind',
  'onBehalfOf',
  'tool',
  'toolVersion',
  'occurredAt',
  'commandId',
  'commandType',
  'commandHash',
  '$correlationId',
  '$causationId',
]);
const REQUIRED = [...PLACED].filter((key) => key !== 'onBehalfOf' && key !== 'toolVersion');
const LOWER_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HASH = /^[0-9a-f]{16}$/;

export function pack(event: CheckedEvent): Packed {
  const { id, type, metadata } = event;
  const occurred = usualInstant(metadata);
  if (occurred === undefined) {
    return {
      kind: JSON.stringify({ type }),
      who: '',
      ids: bytesOf(id, BARE / 2),
      occurred: null,
      extra: JSON.stringify(metadata),
    };
  }
  const { schemaVersion, workspace, tool, toolVersion, commandType } = metadata;
  const { actorId, actorKind, onBehalfOf } = metadata;
  const { commandId, commandHash, $correlationId, $causationId } = metadata;
  const linked = $correlationId !== commandId || $causationId !== commandId;
  return {
    kind: JSON.stringify({ type, schemaVersion, workspace, tool, toolVersion, commandType }),
    who: JSON.stringify({ actorId, actorKind, onBehalfOf }),
    ids: linked
      ? bytesOf(`${id}${commandId}${commandHash}${$correlationId}${$causationId}`, LINKED / 2)
      : bytesOf(`${id}${commandId}${commandHash}`, USUAL / 2),
    occurred,
    extra: unplaced(metadata),
  };
}

/** The instant of metadata in the usual form, or undefined: then the whole metadata is kept as JSON. */
function usualInstant(metadata: CheckedEvent['metadata']): number | undefined {
  for (const key of REQUIRED) if (metadata[key] === undefined) return undefined;
  const { commandId, commandHash, $correlationId, $causationId, occurredAt } = metadata as unknown as Metadata;
  const canonical =
    LOWER_UUID.test(commandId) &&
    HASH.test(commandHash) &&
    ($correlationId === commandId || LOWER_UUID.test($correlationId)) &&
    ($causationId === commandId || LOWER_UUID.test($causationId));
  return canonical ? msOf(occurredAt) : undefined;
}

function unplaced(metadata: CheckedEvent['metadata']): string | null {
  let extra: Record<string, string> | undefined;
  for (const key of Object.keys(metadata)) {
    const value = metadata[key];
    if (PLACED.has(key) || value === undefined) continue;
    extra ??= {};
    extra[key] = value;
  }
  return extra === undefined ? null : JSON.stringify(extra);
}

/** Of lower-case hex digits, with or without dashes. Looked at one by one, which takes a fifth of what taking the dashes out does. */
function bytesOf(hex: string, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (let byte = 0; byte < length; byte++) {
    if (hex.charCodeAt(at) === DASH) at += 1;
    bytes[byte] = (nibble(hex.charCodeAt(at)) << 4) | nibble(hex.charCodeAt(at + 1));
    at += 2;
  }
  return bytes;
}

const DASH = 0x2d;
const NINE = 0x39;

function nibble(digit: number): number {
  return digit <= NINE ? digit - 0x30 : digit - 0x57;
}

/** `hex` is the lower-case hex of `ids`, `extra` what its JSON says. */
export function unpackMetadata(
  hex: string,
  kind: Kind,
  who: Who | undefined,
  occurred: number | null,
  extra: Readonly<Record<string, string>> | null,
): Metadata {
  if (hex.length === BARE || who === undefined) return (extra ?? {}) as unknown as Metadata;
  const commandId = uuidAt(hex, BARE);
  const linked = hex.length === LINKED;
  const metadata: Record<string, string | undefined> = {
    schemaVersion: kind.schemaVersion,
    workspace: kind.workspace,
    actorId: who.actorId,
    actorKind: who.actorKind,
    tool: kind.tool,
    occurredAt: isoOf(occurred ?? 0),
    commandId,
    commandType: kind.commandType,
    commandHash: hex.slice(64, 80),
    $correlationId: linked ? uuidAt(hex, 80) : commandId,
    $causationId: linked ? uuidAt(hex, 112) : commandId,
  };
  if (who.onBehalfOf !== undefined) metadata.onBehalfOf = who.onBehalfOf;
  if (kind.toolVersion !== undefined) metadata.toolVersion = kind.toolVersion;
  if (extra !== null) Object.assign(metadata, extra);
  return metadata as unknown as Metadata;
}

/** The UUID whose 32 hex digits begin at an offset. */
export function uuidAt(hex: string, offset: number): string {
  return `${hex.slice(offset, offset + 8)}-${hex.slice(offset + 8, offset + 12)}-${hex.slice(offset + 12, offset + 16)}-${hex.slice(offset + 16, offset + 20)}-${hex.slice(offset + 20, offset + 32)}`;
}
