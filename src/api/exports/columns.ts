import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
} from 'graphql';
import type { Asking } from '../asking';
import { MAX_ROWS } from '../limits';
import type { Connection } from '../views/connection';

/** The type of a column's values, besides null. `json` stands for objects and lists of objects. */
export type ColumnKind = 'text' | 'integer' | 'real' | 'boolean' | 'instant' | 'day' | 'texts' | 'json';

/** Reads one value of a node of a list; anything but a promise is already loaded. */
type Read = (node: Thing, asking: Asking) => unknown;

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly read: Read;
}

type Thing = { readonly __typename?: string };
type Composite = GraphQLObjectType | GraphQLInterfaceType;
type Field = GraphQLField<unknown, unknown>;

/** The export of events contains event data; here only the fields common to every entry. */
const TOLD_BY_EVENTS = 'HistoryEntry';
/** The source of a fact is part of its event, and would have to be read from the log for each row. */
const SOURCE = 'Source';
/** All rows are of the export's own moment. */
const MOMENT = 'computedAt';
const TYPE_NAME = '__typename';
/** Lists inside an object that are exported whole in its row; others can grow, and have an export of their own. */
const WHOLE = ['MetadataConnection', 'AliasConnection', 'CampaignConnection'];

const KINDS: Readonly<Record<string, ColumnKind>> = {
  Int: 'integer',
  BigInt: 'integer',
  Float: 'real',
  Boolean: 'boolean',
  DateTime: 'instant',
  Date: 'day',
};

/**
 * The columns of a list, by the type of its nodes in the schema: each has the name of a field and GraphQL's value. An
 * object with a global id is replaced by that id; only a version is included whole, since no list contains versions.
 * Fields that are lists of their own are left out.
 */
export function columnsOf(schema: GraphQLSchema, type: Composite): readonly Column[] {
  const told = isInterfaceType(type) && !('type' in type.getFields()) ? [typeName] : [];
  return [...told, ...fieldsIn(schema, type, 0)];
}

const typeName: Column = { name: TYPE_NAME, kind: 'text', read: (node) => node.__typename };

function fieldsIn(schema: GraphQLSchema, type: Composite, depth: number): readonly Column[] {
  const types = typesOf(schema, type);
  const names = new Set(types.flatMap((each) => Object.keys(each.getFields())));
  return [...names].flatMap((name) => columnOf(schema, name, types, names, depth) ?? []);
}

/** The type itself, or the implementations of an interface: fields that only some have are null for others. */
function typesOf(schema: GraphQLSchema, type: Composite): readonly Composite[] {
  if (!isInterfaceType(type) || type.name === TOLD_BY_EVENTS) return [type];
  return [type, ...schema.getPossibleTypes(type)];
}

function columnOf(
  schema: GraphQLSchema,
  name: string,
  types: readonly Composite[],
  names: ReadonlySet<string>,
  depth: number,
): Column | undefined {
  const field = types.map((each) => each.getFields()[name]).find((found) => found !== undefined)!;
  if (name === MOMENT || !isWhole(field)) return undefined;
  const of = getNamedType(rowsOf(field).type);
  // A `subject` beside its `subjectId` is redundant.
  if (of.name === SOURCE || (!isLeafType(of) && names.has(`${name}Id`))) return undefined;
  const shown = isLeafType(of) ? leaf(of) : object(schema, of as Composite, depth);
  const raw = resolved(schema, name, types);
  const read: Read = (node, asking) => then(raw(node, asking), (value) => listed(value, (each) => shown(each, asking)));
  return { name, kind: kindOf(rowsOf(field).type), read };
}

/** Whether a field can be exported completely: it is no list, or a list that is paged or short. */
function isWhole({ type, args }: Field): boolean {
  return args.length === 0 || args.some(({ name }) => name === 'skip') || WHOLE.includes(getNamedType(type).name);
}

/** The nodes of a connection; any other field itself. */
function rowsOf(field: Field): Field {
  return WHOLE.includes(getNamedType(field.type).name)
    ? (getNamedType(field.type) as Composite).getFields().nodes!
    : field;
}

function kindOf(type: GraphQLOutputType): ColumnKind {
  const of = getNamedType(type);
  const isList = isListType(getNullableType(type));
  if (!isLeafType(of) && !('id' in (of as Composite).getFields())) return 'json';
  if (isList) return 'texts';
  return KINDS[of.name] ?? 'text';
}

/** The value of a node's field, before it is formatted for an answer. */
function resolved(schema: GraphQLSchema, name: string, types: readonly Composite[]): Read {
  const info = { fieldName: name } as GraphQLResolveInfo;
  const readers = new Map<string, Read>();
  const readerOf = (type: Composite | undefined): Read => {
    const field = type?.getFields()[name];
    if (field === undefined) return () => null;
    const resolve = field.resolve ?? defaultFieldResolver;
    if (field.args.length === 0) return (node, asking) => resolve(node, {}, asking, info);
    const all = rowsOf(field) === field ? allParts : allPages;
    return (node, asking) => all((args) => resolve(node, args, asking, info));
  };
  const [only] = types;
  if (types.length === 1 && isObjectType(only)) return readerOf(only);
  return (node, asking) => {
    const type = node.__typename!;
    let reader = readers.get(type);
    if (reader === undefined) {
      reader = readerOf(schema.getType(type) as Composite | undefined);
      readers.set(type, reader);
    }
    return reader(node, asking);
  };
}

/** Returns part of a list. */
type Some = (args: object) => unknown;

/** All entries of a list that is read in parts. */
async function allParts(part: Some): Promise<unknown> {
  const all: unknown[] = [];
  for (;;) {
    const some = (await part({ first: MAX_ROWS, skip: all.length })) as readonly unknown[] | null;
    if (some === null) return null;
    all.push(...some);
    if (some.length < MAX_ROWS) return all;
  }
}

/** All nodes of a connection. */
async function allPages(page: Some): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for (let after: string | null = null; ; ) {
    const { nodes, pageInfo } = (await page({ first: MAX_ROWS, after })) as Connection<unknown>;
    all.push(...nodes);
    const { hasNextPage, endCursor } = pageInfo;
    if (!hasNextPage) return all;
    after = endCursor;
  }
}

const leaf = (type: GraphQLLeafType) => (value: unknown) => type.serialize(value);

function object(schema: GraphQLSchema, type: Composite, depth: number): (value: unknown, asking: Asking) => unknown {
  if ('id' in type.getFields() && (type.name !== 'Version' || depth > 0)) {
    return (value) => (value as { readonly id: string }).id;
  }
  const columns = fieldsIn(schema, type, depth + 1);
  return (value, asking) => rowOf(columns, value as Thing, asking);
}

function listed(value: unknown, shown: (each: unknown) => unknown): unknown {
  if (value === null || value === undefined) return null;
  if (!Array.isArray(value)) return shown(value);
  const all = value.map((each) => (each === null ? null : shown(each)));
  return all.some((each) => each instanceof Promise) ? Promise.all(all) : all;
}

function then(value: unknown, next: (value: unknown) => unknown): unknown {
  return value instanceof Promise ? value.then(next) : next(value);
}

export type ExportRow = Readonly<Record<string, unknown>>;

/** A node as a row. Values are loaded for all rows of a page at once. */
export function rowOf(columns: readonly Column[], node: object, asking: Asking): ExportRow | Promise<ExportRow> {
  const values = columns.map(({ read }) => read(node as Thing, asking));
  const row = (all: readonly unknown[]): ExportRow =>
    Object.fromEntries(columns.map(({ name }, index) => [name, all[index] ?? null]));
  return values.some((value) => value instanceof Promise) ? Promise.all(values).then(row) : row(values);
}
