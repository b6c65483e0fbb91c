import type { Column } from '../columns';
import type { Table } from '../projection';

interface Columns {
  readonly columns: readonly Column[];
  readonly table: Table;
}

/**
 * An index that begins with an id holds only its last bytes: few rows share them, whatever kind of UUID it is, and the
 * index takes half the room. Who looks through it asks for the tail and for the id.
 */
const TAIL_BYTES = 6;

export function isTailed({ columns, table }: Columns, name: string): boolean {
  const column = columns.find((candidate) => candidate.name === name);
  return (
    (column?.kind === 'uuid' || column?.kind === 'digest') &&
    table.key[0] !== name &&
    !!table.indexes?.some((index) => index.columns[0] === name)
  );
}

export function tailOf(expression: string): string {
  return `substr(${expression}, -${TAIL_BYTES})`;
}
