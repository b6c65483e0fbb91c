import {
  type GraphQLInputObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isListType,
} from 'graphql';
import { inputName } from '../../src/api/commands';
import { mutationOf } from '../../src/api/naming';
import { COMMANDS, type Command, type KnownCommand } from '../../src/domain/deciders';
import { type Field, fieldsOf, type Shape } from '../../src/domain/input';

const UUID = '0b0e8a53-6b3f-4f6f-8c11-58b34b0e8a53';

/** Sample values of every type; a field's own check selects the first that fits. */
const SAMPLES: readonly unknown[] = [
  ...['x', 'image', 'approve', 'none', 'image/png', 'a'.repeat(64), UUID, '2026-03-02'],
  ...['UTC', '09:00', '2026-03-02T09:00:00.000Z', 'crop', 'monday', 'end', 'remind', 'prohibited', 'clean', 'good'],
  ...['label', 'aiDisclosed', 'block', 'acknowledged', 'unsupported', '{"permission":[]}'],
  ...[1, true, ['x'], [1], ['display'], ['DE'], [], { x: { type: 'text', value: 'x', material: true } }],
];

const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `x${index}`);

/** Values that exceed one limit or another. */
const BEYOND: readonly unknown[] = [
  ...[' ', 'x'.repeat(4_200), `x${'\u202e'}`, '\t', 0, -1, 9, 11],
  ...[many(1_001), many(51), ['x', 'x'], ['x'.repeat(600)]],
  ...[{ ' ': { type: 'text', value: 'x', material: true } }, { x: { type: 'text', value: ' ', material: true } }],
];

/** A value that a field accepts. */
function sampleOf({ part, many: list, check }: Field): unknown {
  if (part !== undefined) return list ? [objectOf(part)] : objectOf(part);
  return SAMPLES.find((value) => check(value).length === 0);
}

/** An object with every required field of its class. */
export function objectOf(shape: Shape): Record<string, unknown> {
  const fields = [...fieldsOf(shape).values()].filter(({ name, isOptional }) => name !== 'type' && !isOptional);
  return Object.fromEntries(fields.map((field) => [field.name, sampleOf(field)]));
}

/** A command with one field beyond its limits. */
export interface Case {
  readonly known: KnownCommand;
  /** The command's field, preceded by the fields that lead to it. */
  readonly field: string;
  readonly command: Command;
}

/** For every field of every command, a value beyond each of its limits that a value of its type can exceed. */
export const CASES: readonly Case[] = COMMANDS.flatMap((known) => {
  const { command: shape } = known.definition;
  const base = { ...objectOf(shape), type: known.type };
  return beyond(shape).map(([path, value]) => ({
    known,
    field: path.join('.'),
    command: withValue(base, path, value, shape) as Command,
  }));
});

function beyond(shape: Shape): [string[], unknown][] {
  return [...fieldsOf(shape).values()].flatMap((field): [string[], unknown][] => {
    // An id of the subject is checked by its door; the journeys cover ids.
    if (field.name === 'type' || field.id !== undefined) return [];
    if (field.part !== undefined) {
      return beyond(field.part).map(([path, value]): [string[], unknown] => [[field.name, ...path], value]);
    }
    const sort = sortOf(sampleOf(field));
    const wrong = BEYOND.filter((value) => sortOf(value) === sort && field.check(value).length > 0);
    return wrong.map((value): [string[], unknown] => [[field.name], value]);
  });
}

function sortOf(value: unknown): string {
  return Array.isArray(value) ? 'list' : typeof value;
}

function withValue(object: Record<string, unknown>, [name, ...rest]: string[], value: unknown, shape: Shape): object {
  const field = fieldsOf(shape).get(name!)!;
  if (rest.length === 0 || field.part === undefined) return { ...object, [name!]: value };
  const below = withValue(objectOf(field.part), rest, value, field.part);
  return { ...object, [name!]: field.many ? [below] : below };
}

/** A command as input of its mutation; undefined if the schema's own types refuse the value. */
export function inputOf({ known, command }: Case, schema: GraphQLSchema): Record<string, unknown> | undefined {
  const mutation = mutationOf(known);
  const type = schema.getType(`${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`) as GraphQLInputObjectType;
  return inSchema(known.definition.command, command as never, type);
}

/** From a GraphQL client, a list of numbers contains nothing else. */
const isNumbers = (name: string, value: unknown): boolean => name === 'Int' && Array.isArray(value);

/** Types whose values are refused before a command is created. */
const STRICT = ['Digest', 'Date', 'DateTime', 'BigInt'];

function inSchema(
  shape: Shape,
  object: Readonly<Record<string, unknown>>,
  type: GraphQLInputObjectType,
): Record<string, unknown> | undefined {
  const input: Record<string, unknown> = {};
  for (const field of fieldsOf(shape).values()) {
    const value = object[field.name];
    if (field.name === 'type' || value === undefined) continue;
    const name = inputName(field);
    const of = type.getFields()[name]!.type;
    const named = getNamedType(of);
    if (
      field.check(value).length > 0 &&
      (isEnumType(named) || STRICT.includes(named.name) || isNumbers(named.name, value))
    )
      return undefined;
    if (field.part !== undefined) {
      const part = field.part;
      const each = (entry: unknown) =>
        inSchema(part, entry as Record<string, unknown>, named as GraphQLInputObjectType);
      const made = isListType(getNullableType(of)) ? (value as unknown[]).map(each) : each(value);
      if (made === undefined || (Array.isArray(made) && made.includes(undefined))) return undefined;
      input[name] = made;
    } else if (field.form === 'named') input[name] = metadataOf(value as Record<string, Metadata>);
    else if (field.form === 'size') input[name] = String(value);
    else if (isEnumType(named)) input[name] = Array.isArray(value) ? value.map(enumOf) : enumOf(String(value));
    else input[name] = value;
  }
  return input;
}

interface Metadata {
  readonly type: string;
  readonly value: unknown;
  readonly material: boolean;
}

const metadataOf = (fields: Readonly<Record<string, Metadata>>): object[] =>
  Object.entries(fields).map(([name, { type, value, material }]) => ({ name, value: { [type]: value }, material }));

/** `approveWithChanges` of the domain is `APPROVE_WITH_CHANGES` in the schema. */
const enumOf = (word: string): string => word.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase();
