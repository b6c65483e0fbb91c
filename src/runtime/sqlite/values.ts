import type { SqlValue } from '../../sqlite';
import { isoOf, positionOf } from '../../store/instant';
import type { Column } from '../columns';
import { packInstant, packPosition } from '../numbers';
import type { ColumnKind } from '../projection';
import type { Words } from './words';

const SQL_TYPE: { readonly [K in ColumnKind]: string } = {
  text: 'TEXT',
  word: 'INTEGER',
  integer: 'INTEGER',
  real: 'REAL',
  boolean: 'INTEGER',
  json: 'TEXT',
  list: 'TEXT',
  uuid: 'BLOB',
  digest: 'BLOB',
  instant: 'INTEGER',
  recordedAt: 'INTEGER',
  position: 'INTEGER',
};

export function sqlType(column: Column): string {
  return `${SQL_TYPE[column.kind]}${column.nullable ? '' : ' NOT NULL'}`;
}

/** Throws where the value is not what the column holds: a fold that writes it is at fault, at that very event. */
export function pack(column: Column, value: unknown, words: Words): SqlValue {
  if (value === null && column.nullable) return null;
  const packed = packKind(column.kind, value, (word) => words.intern(word));
  if (packed === undefined) {
    throw new TypeError(`column ${column.name} holds ${column.kind}, not ${JSON.stringify(value) ?? 'undefined'}`);
  }
  return packed;
}

/** A value a reader asks for; undefined where no row can hold it. */
export function packQuestion(column: Column, value: unknown, words: Words): SqlValue | undefined {
  if (value === null) return null;
  return packKind(column.kind, value, (word) => words.find(word));
}

function packKind(
  kind: ColumnKind,
  value: unknown,
  wordId: (word: string) => number | undefined,
): SqlValue | undefined {
  switch (kind) {
    case 'text':
      return typeof value === 'string' ? value : undefined;
    case 'word':
      return typeof value === 'string' ? wordId(value) : undefined;
    case 'integer':
      return Number.isSafeInteger(value) ? (value as number) : undefined;
    case 'real':
      return Number.isFinite(value) ? (value as number) : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : undefined;
    case 'json':
      return value === undefined ? undefined : JSON.stringify(value);
    case 'list':
      return packList(value, wordId);
    case 'uuid':
      return typeof value === 'string' ? packUuid(value) : undefined;
    case 'digest':
      return typeof value === 'string' ? packHex(value, 64) : undefined;
    case 'instant':
    case 'recordedAt':
      return typeof value === 'string' ? packInstant(value) : undefined;
    case 'position':
      return typeof value === 'string' ? packPosition(value) : undefined;
  }
}

function packList(value: unknown, wordId: (word: string) => number | undefined): string | undefined {
  if (!Array.isArray(value)) return undefined;
  const ids: number[] = [];
  for (const item of value) {
    const id = typeof item === 'string' ? wordId(item) : undefined;
    if (id === undefined) return undefined;
    ids.push(id);
  }
  return `[${ids.join()}]`;
}

function packHex(hex: string, length: number): Uint8Array | undefined {
  if (hex.length !== length) return undefined;
  const bytes = Buffer.from(hex, 'hex');
  return bytes.length * 2 === length ? bytes : undefined;
}

function packUuid(uuid: string): Uint8Array | undefined {
  if (uuid.length !== 36) return undefined;
  return packHex(uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(14, 18) + uuid.slice(19, 23) + uuid.slice(24), 32);
}

export function unpack(column: Column, value: SqlValue, words: Words): unknown {
  if (value === null) return null;
  switch (column.kind) {
    case 'text':
    case 'integer':
    case 'real':
      return value;
    case 'word':
      return words.textOf(value as number);
    case 'boolean':
      return value === 1;
    case 'json':
      return JSON.parse(value as string);
    case 'list':
      return listIds(value).map((id) => words.textOf(id));
    case 'uuid':
      return unpackUuid(value as Uint8Array);
    case 'digest':
      return hexOf(value as Uint8Array);
    case 'instant':
    case 'recordedAt':
      return isoOf(value as number);
    case 'position':
      return positionOf(value as number);
  }
}

/** The word numbers in a packed list. */
export function listIds(packed: SqlValue | undefined): readonly number[] {
  return typeof packed === 'string' && packed !== '[]' ? packed.slice(1, -1).split(',').map(Number) : [];
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

function unpackUuid(bytes: Uint8Array): string {
  const hex = hexOf(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
