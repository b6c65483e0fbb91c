import { VersionRef } from '../domain/asset/parts';
import { nfc } from '../domain/characters';
import type { Command, KnownCommand } from '../domain/deciders';
import { integer, label, matching, text } from '../domain/fields';
import {
  type Field,
  faultsOf,
  fieldsOf,
  type InputFault,
  MOST_FAULTS,
  messageOf,
  optional,
  type Shape,
} from '../domain/input';
import { normalCommand } from '../domain/normal';
import { type Refusal, reasonsOf } from '../domain/refusal';
import { type Identified, idFault, opaqueIdOf, uuidOf } from './ids';
import { present } from './inputobject';

/** The fields common to every act: the schema's `ActInput`. */
export class ActFields {
  @matching(/^[\x21-\x7e]{1,200}$/, '1 to 200 printable ASCII characters') readonly idempotencyKey!: string;
  @optional(integer(0)) readonly expectedRevision?: number;
  @optional(text(100)) readonly occurredAt?: string;
  @optional(label(200)) readonly onBehalfOf?: string;
}

type Named = Readonly<Record<string, unknown>>;

/** A mutation's `input` as validated by the schema; null and absent are equivalent. */
export type Input = Named & { readonly act: Named };

type Steps = readonly string[];

/** A mutation's input as a domain command, with the faults found in translation, named by schema field. */
export interface Given {
  readonly command: Command;
  readonly act: ActFields;
  readonly faults: readonly InputFault[];
}

/** Translates a mutation's input. */
export function commandFrom({ category, definition }: KnownCommand, input: Input): Given {
  const act = actFrom(input.act);
  const found: InputFault[] = faultsOf(ActFields, act).map(({ steps, reason }) => ({
    steps: ['act', ...steps],
    reason,
  }));
  const command = Object.assign(new definition.command(), objectFrom(definition.command, input, [], found)) as Command;
  if (found.length === 0) return { command, act, faults: found };
  // Faults of the command's own limits are added; a value that could not be translated is reported once.
  const known = new Set(found.map(({ steps }) => steps.join('.')));
  // If the caller gives no id for the new object, one is derived from the key.
  if (!input[`${category}Id`]) known.add(`${category}Id`);
  for (const { steps, reason } of faultsOf(definition.command, normalCommand(command))) {
    const named = pathFor(definition.command, input, steps);
    if (!known.has(named.join('.'))) found.push({ steps: named, reason });
  }
  return { command, act, faults: found.slice(0, MOST_FAULTS) };
}

/** An actor acted for may be given by either id; the log holds the opaque one. */
function actFrom(given: Input['act']): ActFields {
  const act = present(given) as unknown as ActFields;
  return act.onBehalfOf === undefined ? act : { ...act, onBehalfOf: opaqueIdOf(act.onBehalfOf) };
}

/** The schema's name of a field: an id ends in `Id`, a reference to a version in `Version`. */
export function inputName({ name, id, part, many }: Field): string {
  if (id !== undefined) return `${name}Id`;
  return part === VersionRef && !many ? `${name}Version` : name;
}

function objectFrom(shape: Shape, given: Readonly<Record<string, unknown>>, at: Steps, found: InputFault[]): object {
  const object: Record<string, unknown> = {};
  for (const field of fieldsOf(shape).values()) {
    const name = inputName(field);
    const value = given[name];
    if (value !== null && value !== undefined) object[field.name] = valueFrom(field, value, [...at, name], found);
  }
  return object;
}

function valueFrom({ id, part, many, form }: Field, value: unknown, at: Steps, found: InputFault[]): unknown {
  if (id !== undefined) {
    const uuid = uuidOf(id as Identified, String(value));
    if (uuid === undefined) found.push({ steps: at, reason: idFault(id as Identified, String(value)) });
    return uuid ?? value;
  }
  if (part !== undefined) {
    if (!many) return objectFrom(part, value as Named, at, found);
    return (value as readonly Named[]).map((entry, index) => objectFrom(part, entry, [...at, String(index)], found));
  }
  switch (form) {
    case 'size':
      // Sizes arrive as strings, because they may exceed the precision of a JSON number in clients; events store
      // numbers.
      return Number(value);
    case 'actor':
      return opaqueIdOf(String(value)).normalize('NFC').trim();
    case 'actors':
      // Normalised, so that a repeated command is equal; ids are compared in domain/identity.
      return (value as readonly string[]).map((actor) => opaqueIdOf(actor).normalize('NFC').trim());
    case 'named':
      return metadataFrom(value as readonly MetadataInput[], at, found);
    default:
      return value;
  }
}

interface MetadataInput {
  readonly name: string;
  readonly material: boolean;
  /** Exactly one member, named after its type. */
  readonly value: Named;
}

function metadataFrom(entries: readonly MetadataInput[], at: Steps, found: InputFault[]): object {
  const fields = new Map<string, object>();
  for (const [index, { name, value, material }] of entries.entries()) {
    // Otherwise one of the two would be lost silently.
    if (fields.has(name)) found.push({ steps: [...at, String(index), 'name'], reason: 'is already in the list' });
    const [type, given] = Object.entries(present(value))[0]!;
    fields.set(name, { type, value: given, material });
  }
  return Object.fromEntries(fields);
}

/** The path of a command's field in the input it was translated from. */
function pathFor(shape: Shape | undefined, given: unknown, [step, ...rest]: Steps): Steps {
  if (step === undefined) return [];
  const field = shape && fieldsOf(shape).get(step);
  if (field === undefined) return [step, ...rest];
  const name = inputName(field);
  const value = (given as Named | null | undefined)?.[name];
  if (field.form === 'named') return [name, ...pathInMetadata(value as readonly MetadataInput[], rest)];
  if (field.part === undefined || !field.many) return [name, ...pathFor(field.part, value, rest)];
  const [index, ...below] = rest;
  return index === undefined ? [name] : [name, index, ...pathFor(field.part, (value as Named[])[Number(index)], below)];
}

/** Metadata arrives as a list of names with values; the domain stores it by name. */
function pathInMetadata(entries: readonly MetadataInput[], [name, ...rest]: Steps): Steps {
  if (name === undefined) return [];
  const exact = entries.findIndex((entry) => entry.name === name);
  const index = exact === -1 ? entries.findIndex((entry) => nfc(entry.name) === name) : exact;
  if (rest.length === 0) return [String(index), 'name'];
  const [type] = Object.keys(entries[index]?.value ?? {});
  return rest[0] === 'value' ? [String(index), 'value', String(type), ...rest.slice(1)] : [String(index), ...rest];
}

/** Faults found in translation, as user errors of the schema. */
export function faultErrors(faults: readonly InputFault[]): readonly object[] {
  return faults.map((fault) => ({
    code: 'INVALID_INPUT',
    message: messageOf(fault),
    path: ['input', ...fault.steps],
  }));
}

/** The reasons of a refusal as user errors of the schema, with paths that start at the mutation's argument. */
export function userErrors({ definition }: KnownCommand, input: Input, refusal: Refusal): readonly object[] {
  return reasonsOf(refusal).map(({ code, message, path }) => {
    if (path === undefined) return { code, message, path: null };
    const [first = ''] = path;
    const named = fieldsOf(ActFields).has(first) ? ['act', ...path] : pathFor(definition.command, input, path);
    return { code, message: renamed(message, path, named), path: ['input', ...named] };
  });
}

/** Replaces a path at the beginning of a message by its path in the schema. */
function renamed(message: string, path: Steps, named: Steps): string {
  const before = path.join('.');
  return before !== '' && message.startsWith(`${before}: `) ? named.join('.') + message.slice(before.length) : message;
}
