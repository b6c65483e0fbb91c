import {
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isLeafType,
} from 'graphql';
import type { Row } from './house';

type Composite = GraphQLObjectType | GraphQLInterfaceType;

/** The GraphQL selection for a row of an export: each column as a field. */
export function selectionFor(
  schema: GraphQLSchema,
  type: Composite,
  columns: readonly string[],
  rows: readonly Row[],
): string {
  const types: readonly Composite[] = isInterfaceType(type) ? [type, ...schema.getPossibleTypes(type)] : [type];
  const fragments = types.map((each) => {
    const own = columns.filter((name) => name in each.getFields() && (each === type || !(name in type.getFields())));
    const fields = own.map((name) => fieldFor(schema, each, name, rows)).join(' ');
    return fields === '' ? '' : each === type ? fields : `... on ${each.name} { ${fields} }`;
  });
  return ['__typename', ...fragments].join(' ');
}

function fieldFor(schema: GraphQLSchema, type: Composite, name: string, rows: readonly Row[]): string {
  const field = type.getFields()[name]!;
  const connection = getNamedType(field.type) as Composite;
  const isConnection = connection.name.endsWith('Connection');
  const of: GraphQLNamedType = isConnection ? getNamedType(connection.getFields().nodes!.type) : connection;
  const asked = field.args.some((argument) => argument.name === 'first') ? `${name}(first: 100)` : name;
  if (isLeafType(of)) return asked;
  const inside = rows.flatMap((row) => [row[name]].flat()).filter((value) => value !== null && value !== undefined);
  const objects = inside.filter((value): value is Row => typeof value === 'object');
  const bare = 'id' in (of as Composite).getFields() ? 'id' : '__typename';
  const selected = objects[0] ? selectionFor(schema, of as Composite, Object.keys(objects[0]), objects) : bare;
  return isConnection ? `${asked} { nodes { ${selected} } }` : `${asked} { ${selected} }`;
}

/** A GraphQL answer as a row: objects selected by id alone are replaced by that id. */
export function asRow(columns: readonly string[], node: Row): Row {
  return Object.fromEntries(columns.map((name) => [name, asValue(node[name] ?? null)]));
}

function asValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asValue);
  if (typeof value !== 'object' || value === null) return value;
  const { __typename, ...rest } = value as Row;
  if (Array.isArray(rest.nodes)) return asValue(rest.nodes);
  const names = Object.keys(rest);
  return names.length === 1 && names[0] === 'id' ? rest.id : asRow(names, rest);
}
