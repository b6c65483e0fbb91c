import { isoOf, positionOf } from '../../store/instant';
import type { Column } from '../columns';
import { packInstant, packPosition } from '../numbers';
import type { ColumnKind } from '../projection';

/** A value in the form it is compared and sent in: a list as an array literal, JSON as its text, instants as milliseconds. */
export type Packed = string | number | boolean | null;

const SQL_TYPE: { readonly [K in ColumnKind]: string } = {
  text: 'text COLLATE "C"',
  word: 'text COLLATE "C"',
  integer: 'bigint',
  real: 'double precision',
  boolean: 'boolean',
  json: 'json',
  list: 'text[]',
  uuid: 'uuid',
  digest: 'bytea',
  instant: 'bigint',
  recordedAt: 'bigint',
  position: 'text COLLATE "C"',
};

export function sqlType(column: Column): string {
  return `${SQL_TYPE[column.kind]}${column.nullable ? '' : ' NOT NULL'}`;
}

/** What an array of the column's values is sent as, and how one of them becomes a value of the column. */
export function sentAs({ kind }: Column): { readonly type: string; readonly read: (name: string) => string } {
  const plain = (name: string) => name;
  if (kind === 'digest') return { type: 'text', read: (name) => `decode(${name}, 'hex')` };
  if (kind === 'list') return { type: 'text', read: (name) => `${name}::text[]` };
  if (kind === 'json') return { type: 'text', read: (name) => `${name}::json` };
  const type = SQL_TYPE[kind].replace(' COLLATE "C"', '');
  return { type, read: plain };
}

/** Throws where the value is not what the column holds: a fold that writes it is at fault, at that very event. */
export function pack(column: Column, value: unknown): Packed {
  if (value === null && column.nullable) return null;
  const packed = packKind(column.kind, value);
  if (packed === undefined) {
    throw new TypeError(`column ${column.name} holds ${column.kind}, not ${JSON.stringify(value) ?? 'undefined'}`);
  }
  return packed;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DIGEST = /^[0-9a-f]{64}$/i;

/** A value a reader asks for; undefined where no row can hold it. */
export function packKind(kind: ColumnKind, value: unknown): Packed | undefined {
  switch (kind) {
    case 'text':
    case 'word':
      return typeof value === 'string' && !value.includes('\0') ? value : undefined;
    case 'integer':
      return Number.isSafeInteger(value) ? (value as number) : undefined;
    case 'real':
      return Number.isFinite(value) ? (value as number) : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'json':
      return value === undefined ? undefined : JSON.stringify(value);
    case 'list':
      return Array.isArray(value) && value.every((item) => typeof item === 'string' && !item.includes('\0'))
        ? listLiteral(value as string[])
        : undefined;
    case 'uuid':
      return typeof value === 'string' && UUID.test(value) ? value.toLowerCase() : undefined;
    case 'digest':
      return typeof value === 'string' && DIGEST.test(value) ? value.toLowerCase() : undefined;
    case 'instant':
    case 'recordedAt':
      return typeof value === 'string' ? packInstant(value) : undefined;
    case 'position':
      return typeof value === 'string' && packPosition(value) !== undefined ? positionOf(Number(value)) : undefined;
  }
}

/** A value of the driver in packed form. */
export function packedOf({ kind }: Column, value: unknown): Packed {
  return kind === 'list' && value !== null ? listLiteral(value as string[]) : (value as Packed);
}

/** A value of the driver as the fold wrote it. */
export function read({ kind }: Column, value: unknown): unknown {
  if (value === null) return null;
  if (kind === 'json') return JSON.parse(value as string);
  return kind === 'instant' || kind === 'recordedAt' ? isoOf(value as number) : value;
}

/** The columns of a row of the driver as the fold wrote them; `first`: where they begin. */
export function rowOf(columns: readonly Column[], values: readonly unknown[], first: number): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (let at = 0; at < columns.length; at++) row[columns[at]!.name] = read(columns[at]!, values[at + first]);
  return row;
}

/** A value as a parameter of a statement that compares it with its column. */
export function asked({ kind }: Column, packed: Packed): Packed {
  return kind === 'digest' && packed !== null ? `\\x${packed}` : packed;
}

const SPECIAL = /[\\"]/g;

function quoted(text: string): string {
  return `"${text.replace(SPECIAL, '\\$&')}"`;
}

/** Every item in quotes, so that it can be read back without knowing what PostgreSQL would leave bare. */
function listLiteral(items: readonly string[]): string {
  return `{${items.map(quoted).join(',')}}`;
}

const ITEM = /"((?:[^\\"]|\\[\s\S])*)"/g;

/** The items of a packed list. */
export function itemsOf(packed: Packed): readonly string[] {
  const items: string[] = [];
  for (const [, item] of (packed as string).matchAll(ITEM)) items.push(item!.replace(/\\([\s\S])/g, '$1'));
  return items;
}

/** One column of many rows as an array literal. */
export function arrayOf({ kind }: Column, values: readonly Packed[]): string {
  const literals: string[] = [];
  for (const value of values) literals.push(value === null ? 'NULL' : literal(kind, value));
  return `{${literals.join(',')}}`;
}

function literal(kind: ColumnKind, value: string | number | boolean): string {
  switch (kind) {
    case 'text':
    case 'word':
    case 'json':
    case 'list':
      return quoted(value as string);
    default:
      return String(value);
  }
}

const TEXTUAL: ReadonlySet<ColumnKind> = new Set(['text', 'word', 'json', 'list']);
const COPY_SPECIAL = /[\\\n\r\t]/g;
const COPY_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

export function copyText(text: string): string {
  return text.replace(COPY_SPECIAL, (special) => COPY_ESCAPES[special]!);
}

/** One value in COPY's text format. */
export function copyField({ kind }: Column, value: Packed): string {
  if (value === null) return '\\N';
  if (kind === 'digest') return `\\\\x${value}`;
  return TEXTUAL.has(kind) ? copyText(value as string) : String(value);
}
