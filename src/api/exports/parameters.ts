import {
  type GraphQLArgument,
  type GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getVariableValues,
  isInputObjectType,
  isListType,
  Kind,
  parse,
} from 'graphql';
import { fault } from '../errors';
import { badVariable } from '../execution';
import { MAX_ERRORS } from '../limits';

type Values = Readonly<Record<string, unknown>>;

/** Values being collected, in an object without a prototype. */
type Given = Record<string, unknown>;

/**
 * Reads the arguments of a list from flat parameters: `filter` with an object as JSON, or `filter.statusIn` with one
 * value, repeated for several values. They are then checked like GraphQL variables, with the same messages.
 */
export function argumentsFrom(
  schema: GraphQLSchema,
  list: string,
  taken: readonly GraphQLArgument[],
  parameters: Iterable<readonly [string, string]>,
): Values {
  const given: Given = Object.create(null);
  for (const [path, text] of parameters) put(list, taken, given, path.split('.'), text);
  const { errors, coerced } = getVariableValues(schema, variablesOf(taken), given, { maxErrors: MAX_ERRORS });
  if (errors !== undefined) throw badVariable(errors[0] as GraphQLError);
  const usual = taken.filter(({ defaultValue }) => defaultValue !== undefined);
  return { ...Object.fromEntries(usual.map(({ name, defaultValue }) => [name, defaultValue])), ...coerced };
}

/** Declares the arguments as variables of an operation, so that they are coerced in the same way. */
function variablesOf(taken: readonly GraphQLArgument[]) {
  const declared = taken.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const [operation] = parse(`query (${declared}) { __typename }`, { noLocation: true }).definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION ? (operation.variableDefinitions ?? []) : [];
}

function put(list: string, taken: readonly GraphQLArgument[], given: Given, path: readonly string[], text: string) {
  const argument = taken.find(({ name }) => name === path[0]);
  if (argument === undefined) {
    const names = taken.map(({ name }) => name).join(', ');
    throw fault('BAD_USER_INPUT', `${list} takes no "${path[0]}"; it takes columns, ${names}.`, [path[0]!]);
  }
  let type: GraphQLInputType | undefined = argument.type;
  let place = given;
  for (const [depth, step] of path.slice(0, -1).entries()) {
    type = memberOf(type, path[depth + 1]!);
    place[step] ??= Object.create(null);
    const inside = place[step];
    if (typeof inside !== 'object' || !(Object.getPrototypeOf(inside) === null)) throw twice(path.slice(0, depth + 1));
    place = inside as Given;
  }
  const last = path.at(-1)!;
  const value = valueFrom(type, text, path);
  const isRepeated = type !== undefined && isListType(getNullableType(type));
  if (isRepeated && Array.isArray(place[last]) && Array.isArray(value)) place[last] = [...place[last], ...value];
  else if (last in place) throw twice(path);
  else place[last] = value;
}

/** The type of an input object's member; undefined if there is none, which the later check reports. */
function memberOf(type: GraphQLInputType | undefined, name: string): GraphQLInputType | undefined {
  const of = type === undefined ? undefined : getNullableType(type);
  return isInputObjectType(of) ? of.getFields()[name]?.type : undefined;
}

function twice(path: readonly string[]): GraphQLError {
  return fault('BAD_USER_INPUT', `${path.join('.')} is given twice.`, path);
}

/** The value of a text for an expected type; a text that does not fit is left for the later check to report. */
function valueFrom(type: GraphQLInputType | undefined, text: string, path: readonly string[]): unknown {
  if (type === undefined) return text;
  const of = getNullableType(type);
  if (isListType(of)) {
    const isWhole = text.startsWith('[');
    const value = isWhole ? fromJson(text, path) : valueFrom(of.ofType as GraphQLInputType, text, path);
    return isWhole ? value : [value];
  }
  if (isInputObjectType(of)) return fromJson(text, path);
  switch (getNamedType(of).name) {
    case 'Int':
    case 'Float':
      return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
    case 'Boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    default:
      return text;
  }
}

function fromJson(text: string, path: readonly string[]): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw fault('BAD_USER_INPUT', `${path.join('.')} must be JSON: ${(error as Error).message}`, path);
  }
}
