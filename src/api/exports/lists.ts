import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
} from 'graphql';
import type { Recorded } from '../../domain/catalogue';
import { fault } from '../errors';
import { distinct } from '../filters';
import type { HistoryView } from '../views/history';
import { type Column, columnsOf } from './columns';

/** A list as it is exported: a field of Query that answers with a connection, or the events themselves. */
export interface ExportedList {
  readonly name: string;
  /** The field of Query that tells which rows there are, in which order, and who may ask. */
  readonly field: GraphQLField<unknown, unknown>;
  /** The arguments of the field but for the size of a page. */
  readonly taken: readonly GraphQLArgument[];
  readonly columns: readonly Column[];
  /** Arguments that hold where none is given. */
  readonly usual: Readonly<Record<string, unknown>>;
}

const EVENTS = 'events';

/** The list of this name. Throws NOT_FOUND, which names those there are. */
export function listNamed(schema: GraphQLSchema, name: string): ExportedList {
  const fields = schema.getQueryType()!.getFields();
  const field = name === EVENTS ? fields.history : fields[name];
  const type = field === undefined ? undefined : nodeTypeOf(field);
  if (field === undefined || type === undefined) {
    const names = Object.values(fields).filter((each) => nodeTypeOf(each) !== undefined);
    throw fault(
      'NOT_FOUND',
      `There is no list "${name}"; there are ${EVENTS}, ${names.map((n) => n.name).join(', ')}.`,
    );
  }
  const taken = field.args.filter((argument) => argument.name !== 'first');
  if (name !== EVENTS) return { name, field, taken, columns: columnsOf(schema, type), usual: {} };
  return { name, field, taken, columns: ENVELOPE, usual: { orderBy: { by: 'recorded', direction: 'asc' } } };
}

/** Of a field that answers with a connection, the type of its nodes. */
function nodeTypeOf({ type }: GraphQLField<unknown, unknown>): GraphQLObjectType | GraphQLInterfaceType | undefined {
  const connection = getNamedType(type);
  if (!isObjectType(connection)) return undefined;
  const { nodes, pageInfo } = connection.getFields();
  if (nodes === undefined || pageInfo === undefined) return undefined;
  return getNamedType(nodes.type) as GraphQLObjectType | GraphQLInterfaceType;
}

/** What an event is made of, in the order in which it is told. */
const PARTS = {
  position: 'text',
  stream: 'text',
  revision: 'integer',
  id: 'text',
  type: 'text',
  recordedAt: 'instant',
  data: 'json',
  metadata: 'json',
} as const satisfies { readonly [P in keyof Recorded]?: Column['kind'] };

const ENVELOPE: readonly Column[] = Object.entries(PARTS).map(([name, kind]) => ({
  name,
  kind,
  read: async (node) => (await (node as HistoryView).recorded())[name as keyof typeof PARTS],
}));

/** The columns of these names, in their order. Throws BAD_USER_INPUT where there is no such column. */
export function columnsNamed({ name, columns }: ExportedList, named: readonly string[]): readonly Column[] {
  return distinct(named).map((each) => {
    const column = columns.find((candidate) => candidate.name === each);
    if (column !== undefined) return column;
    const names = columns.map((candidate) => candidate.name).join(', ');
    throw fault('BAD_USER_INPUT', `${name} has no column "${each}"; it has ${names}.`, ['columns']);
  });
}
