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

/** An exportable list: a field of Query that returns a connection, or the events themselves. */
export interface ExportedList {
  readonly name: string;
  /** The field of Query that determines the rows, their order, and who may read them. */
  readonly field: GraphQLField<unknown, unknown>;
  /** The field's arguments except the page size. */
  readonly taken: readonly GraphQLArgument[];
  readonly columns: readonly Column[];
  /** Default values of arguments. */
  readonly usual: Readonly<Record<string, unknown>>;
}

const EVENTS = 'events';

/** The list with this name. Throws NOT_FOUND with the names of the existing lists. */
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

/** The node type of a field that returns a connection. */
function nodeTypeOf({ type }: GraphQLField<unknown, unknown>): GraphQLObjectType | GraphQLInterfaceType | undefined {
  const connection = getNamedType(type);
  if (!isObjectType(connection)) return undefined;
  const { nodes, pageInfo } = connection.getFields();
  if (nodes === undefined || pageInfo === undefined) return undefined;
  return getNamedType(nodes.type) as GraphQLObjectType | GraphQLInterfaceType;
}

/** The columns of an event, in order. */
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

/** The columns with these names, in the order given. Throws BAD_USER_INPUT for an unknown column. */
export function columnsNamed({ name, columns }: ExportedList, named: readonly string[]): readonly Column[] {
  return distinct(named).map((each) => {
    const column = columns.find((candidate) => candidate.name === each);
    if (column !== undefined) return column;
    const names = columns.map((candidate) => candidate.name).join(', ');
    throw fault('BAD_USER_INPUT', `${name} has no column "${each}"; it has ${names}.`, ['columns']);
  });
}
