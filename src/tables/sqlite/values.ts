import { isoOf, positionOf } from '../../store/instant';
import type { SqlValue } from '../../store/sqlite/driver';
import type { Column } from '../columns';
import { packInstant, packPosition } from '../numbers';
import type { ColumnKind } from '../projection';
import type { Words } from './dictionary';

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

/** Brings the values of one column into stored form. Throws where a fold writes what the column does not hold. */
export function packerOf({ name, kind, nullable }: Column, words: Words): (value: unknown) => SqlValue {
  const packKind = PACKERS[kind];
  const intern = (word: string) => words.intern(word);
  return (value) => {
    if (value === null && nullable) return null;
    const packed = packKind(value, intern);
    if (packed !== undefined) return packed;
    throw new TypeError(`column ${name} holds ${kind}, not ${JSON.stringify(value) ?? 'undefined'}`);
  };
}

/** A value a reader asks for; undefined where no row can hold it. */
export function packQuestion(column: Column, value: unknown, words: Words): SqlValue | undefined {
  if (value === null) return null;
  return PACKERS[column.kind](value, (word) => words.find(word));
}

type WordId = (word: string) => number | undefined;
type Packer = (value: unknown, wordId: WordId) => SqlValue | undefined;

const ofText =
  (pack: (text: string, wordId: WordId) => SqlValue | undefined): Packer =>
  (value, wordId) =>
    typeof value === 'string' ? pack(value, wordId) : undefined;

const PACKERS: { readonly [K in ColumnKind]: Packer } = {
  text: ofText((text) => text),
  word: ofText((text, wordId) => wordId(text)),
  integer: (value) => (Number.isSafeInteger(value) ? (value as number) : undefined),
  real: (value) => (Number.isFinite(value) ? (value as number) : undefined),
  boolean: (value) => (typeof value === 'boolean' ? Number(value) : undefined),
  json: (value) => (value === undefined ? undefined : JSON.stringify(value)),
  list: packList,
  uuid: ofText(packUuid),
  digest: ofText((text) => packHex(text, 64)),
  instant: ofText(packInstant),
  recordedAt: ofText(packInstant),
  position: ofText(packPosition),
};

function packList(value: unknown, wordId: WordId): string | undefined {
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
