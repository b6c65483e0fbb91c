import { v5 as uuidv5 } from 'uuid';
import type { Mark } from '../../projections/list';
import { CATEGORIES, type Category } from '../domain/catalogue';
import type { Actor } from '../domain/event';
import { checkJson } from '../domain/json';
import type { ColumnKind } from '../tables/projection';
import type { At } from '../tables/reader';
import { fault } from './errors';
import { CURSOR_LIMIT } from './limits';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const BARE = new RegExp(`^${UUID}$`, 'i');
/** The types of global ids with a UUID: the subjects of streams, and objects that events of another stream created. */
export type Identified = Category | 'placement' | 'approval' | 'review' | 'waiver';
const GLOBAL = new RegExp(
  `^(${[...CATEGORIES, 'placement', 'approval', 'review', 'waiver', 'decision', 'event', 'version'].join('|')})-(.+)$`,
);
const VERSION = new RegExp(`^(${UUID})\\.([1-9]\\d{0,8})$`);
const DIGEST = /^[0-9a-f]{64}$/;
const POSITION = /^\d{20}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** 20 digits that an adapter can have issued: they all stay below 2^53. */
export function isPosition(value: unknown): value is string {
  return typeof value === 'string' && POSITION.test(value) && Number.isSafeInteger(Number(value));
}

/** The namespace in which callers' keys become command ids. */
const COMMANDS = '5f0c2f0e-6f53-4d0c-9b34-5f7a1f0f6f0a';

const ACTOR = 'actor-';

type Named =
  | { readonly type: Identified; readonly uuid: string }
  | { readonly type: 'version'; readonly uuid: string; readonly number: number }
  | { readonly type: 'event' | 'decision'; readonly position: string };

export const assetId = (uuid: string): string => `asset-${uuid}`;
export const campaignId = (uuid: string): string => `campaign-${uuid}`;
export const workflowId = (uuid: string): string => `workflow-${uuid}`;
export const reviewId = (uuid: string): string => `review-${uuid}`;
export const rulebookId = (uuid: string): string => `rulebook-${uuid}`;
export const placementId = (uuid: string): string => `placement-${uuid}`;
export const waiverId = (uuid: string): string => `waiver-${uuid}`;
export const approvalId = (uuid: string): string => `approval-${uuid}`;
export const decisionId = (position: string): string => `decision-${position}`;
export const eventId = (position: string): string => `event-${position}`;
export const actorId = (opaqueId: string): string => `${ACTOR}${opaqueId}`;
export const versionId = (uuid: string, number: number): string => `version-${uuid}.${number}`;

/**
 * The object that a global id names, and the past moment as of which it does; an actor is always in its present state.
 */
export type GlobalId = (Named & { readonly at?: At }) | { readonly type: 'actor'; readonly opaqueId: string };

/**
 * The part after the `@` in an id that names an object as of a past moment: a letter for the kind of moment, and the
 * moment.
 */
const MOMENTS = { p: 'position', r: 'recordedAt', o: 'occurredAt' } as const;

/**
 * The suffix of the ids in an answer about a past moment. It gives the past state of an object its own id, so that no
 * client cache takes it for the present state.
 */
export function momentSuffix(at: At | undefined): string {
  const times: Readonly<Record<string, string>> = at ?? {};
  return Object.entries(MOMENTS)
    .map(([letter, kind]) => (times[kind] === undefined ? '' : `@${letter}${times[kind]}`))
    .join('');
}

/** `texts`: one moment, or one of recording and one of occurrence, in this order. */
function momentOf(texts: readonly string[]): At | undefined {
  const times = texts.map((text): readonly [string, string] | undefined => {
    const [kind, when] = [MOMENTS[text[0] as keyof typeof MOMENTS], text.slice(1)];
    const isMoment = kind === 'position' ? isPosition(when) : kind !== undefined && isInstant(when);
    return isMoment ? [kind, when] : undefined;
  });
  const known = times.filter((time) => time !== undefined);
  const at = Object.fromEntries(known) as At;
  if ('position' in at && 'recordedAt' in at) return undefined;
  // Only the canonical text of a moment is accepted.
  return known.length === texts.length && momentSuffix(at) === texts.map((text) => `@${text}`).join('')
    ? at
    : undefined;
}

/** Parses a global id; undefined if it is not one of ours. */
export function parseGlobalId(id: string): GlobalId | undefined {
  // An actor's opaque id may be any text, including an address with an `@`.
  if (id.startsWith(ACTOR)) return { type: 'actor', opaqueId: opaqueIdOf(id) };
  const [present, ...moments] = id.split('@', 4);
  if (moments.length === 0) return parsePresent(id);
  const [named, at] = [parsePresent(present!), momentOf(moments)];
  return named === undefined || at === undefined ? undefined : { ...named, at };
}

function parsePresent(id: string): Named | undefined {
  const [, type, rest = ''] = GLOBAL.exec(id) ?? [];
  if (type === 'version') {
    const [, uuid, number] = VERSION.exec(rest.toLowerCase()) ?? [];
    return uuid === undefined ? undefined : { type, uuid, number: Number(number) };
  }
  if (type === 'event' || type === 'decision') return isPosition(rest) ? { type, position: rest } : undefined;
  if (type === undefined || !BARE.test(rest)) return undefined;
  return { type: type as Identified, uuid: rest.toLowerCase() };
}

/** The UUID in `asset-<uuid>` or in a bare UUID; undefined if it is neither. */
export function uuidOf(type: Identified, id: string): string | undefined {
  if (BARE.test(id)) return id.toLowerCase();
  const parsed = parsePresent(id);
  return parsed?.type === type ? (parsed as { uuid: string }).uuid : undefined;
}

/**
 * The opaque id of an actor, from `actor-<opaque id>` or by itself. Text that begins with `actor-` is always a global
 * id.
 */
export function opaqueIdOf(id: string): string {
  return id.startsWith(ACTOR) ? id.slice(ACTOR.length) : id;
}

/** Why `uuidOf` does not accept an id, without the argument's name and the full stop. */
export function idFault(type: Identified, id: string): string {
  const parsed = parseGlobalId(id);
  if (parsed !== undefined && 'at' in parsed) {
    const moment = id.slice(id.indexOf('@'));
    return `must not name a past moment: leave out "${moment}"; a query takes the moment as its argument at`;
  }
  return `must be ${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}'s global id or UUID`;
}

/** Like `uuidOf`, for an argument: throws BAD_USER_INPUT naming the argument. */
export function idArgument(type: Identified, id: string, argument: readonly string[]): string {
  const uuid = uuidOf(type, id);
  if (uuid === undefined) {
    throw fault('BAD_USER_INPUT', `${argument.join('.')} ${idFault(type, id)}.`, argument);
  }
  return uuid;
}

/** A key is scoped to its actor and principal, so that equal keys of different callers do not collide. */
export function commandIdOf({ id, onBehalfOf }: Pick<Actor, 'id' | 'onBehalfOf'>, idempotencyKey: string): string {
  const owner = onBehalfOf === undefined ? id : JSON.stringify([id, onBehalfOf]);
  return uuidv5(`${owner}\n${idempotencyKey}`, COMMANDS);
}

/** The id of a new object for which the caller gave none: the same key gives the same id. */
export function madeId(commandId: string, name: string): string {
  return uuidv5(name, commandId);
}

const CURSOR = new RegExp(`^[\\w-]{1,${CURSOR_LIMIT}}$`);

/** An opaque cursor: the list it belongs to and the sort values of its row. */
export function encodeCursor(list: string, row: unknown): string {
  return Buffer.from(JSON.stringify([list, row]), 'utf8').toString('base64url');
}

/** A text that the log can hold; PostgreSQL accepts no other. */
const isText = (value: unknown): boolean => typeof value === 'string' && checkJson(value) === undefined;
const isInstant = (value: unknown): boolean =>
  typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value));

/** The values allowed in a cursor: it is opaque, but a client can still forge one. */
const CHECKS: { readonly [K in ColumnKind]?: (value: unknown) => boolean } = {
  uuid: (value) => typeof value === 'string' && BARE.test(value),
  position: isPosition,
  instant: isInstant,
  digest: (value) => typeof value === 'string' && DIGEST.test(value),
  text: isText,
  word: isText,
  integer: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
};

type Marks = Readonly<Record<string, ColumnKind>>;

function isMark(marks: Marks, row: unknown): row is Mark {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return false;
  const held = Object.entries(row);
  return (
    held.length === Object.keys(marks).length &&
    held.every(([name, value]) => Object.hasOwn(marks, name) && CHECKS[marks[name]!]?.(value))
  );
}

/** The sort values in a cursor of this list, `marks` being their types. Throws if the cursor is invalid. */
export function decodeCursor(list: string, marks: Marks, after: string): Mark {
  try {
    if (CURSOR.test(after)) {
      const [named, row] = JSON.parse(Buffer.from(after, 'base64url').toString('utf8')) as [unknown, unknown];
      if (named === list && isMark(marks, row)) return row;
    }
  } catch {
    // Text that is not JSON is not a cursor either.
  }
  throw fault('BAD_USER_INPUT', 'after must be a cursor that this field gave, in the same order.', ['after']);
}
