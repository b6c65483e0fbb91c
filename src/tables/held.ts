import type { Table } from './projection';

/** A piece of SQL, and the values its question marks stand for. */
export interface Piece {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * A moment in the terms of the tables: what was recorded up to a position, what was so at an effective time, or both.
 * One of them at least.
 */
export interface Moment<S extends Piece> {
  readonly position?: S;
  readonly effective?: number;
}

/**
 * What holds of the row `alias` at a moment, of a live row and of a past one; `past` is undefined where no past row can
 * hold then. A live row came into force at position `_from` and effective time `_from_effective`. A past row in addition
 * gave way at position `_to`, for effective times from `_to_effective` on; and for all others at `_until`, if ever.
 */
export function heldAt<S extends Piece>(
  table: Table,
  moment: Moment<S>,
  alias = 't',
): { readonly live: S; readonly past: S | undefined } {
  if (table.present) throw new Error('a table that keeps only the present was asked about as of a moment');
  const name = (column: string) => `${alias}."${column}"`;
  const { position: p, effective: t } = moment;
  const live: Piece[] = [];
  const past: Piece[] = [];
  if (p) {
    live.push(compared(name(table.temporal ? '_from' : 'position'), '<=', p));
    past.push(compared(name('_from'), '<=', p));
  }
  if (t !== undefined) {
    const since = { text: '?', values: [t] };
    const began = compared(name('_from_effective'), '<=', since);
    past.push(began);
    if (table.temporal) live.push(began);
    else {
      live.push(compared(name('occurredAt'), '<=', since));
      live.push({ ...began, text: `(${name('_from_effective')} IS NULL OR ${began.text})` });
    }
    past.push(lasting(name, t, p));
  } else if (p) past.push(compared(name('_to'), '>', p));
  const never = t === undefined && !table.temporal;
  return { live: together(live) as S, past: never ? undefined : (together(past) as S) };
}

function lasting(name: (column: string) => string, effective: number, position: Piece | undefined): Piece {
  const still = compared(name('_to_effective'), '>', { text: '?', values: [effective] });
  if (!position) return { ...still, text: `${still.text} AND ${name('_until')} IS NULL` };
  const lasted = compared(name('_to'), '>', position);
  const until = compared(name('_until'), '>', position);
  return {
    text: `(${lasted.text} OR (${still.text} AND (${name('_until')} IS NULL OR ${until.text})))`,
    values: [...lasted.values, ...still.values, ...until.values],
  };
}

function compared(column: string, sign: string, { text, values }: Piece): Piece {
  return { text: `${column} ${sign} ${text}`, values };
}

function together(pieces: readonly Piece[]): Piece {
  return {
    text: pieces.map(({ text }) => text).join(' AND '),
    values: pieces.flatMap(({ values }) => values),
  };
}

/** The times that are kept beside the columns of a row, as canonical hashes know them. */
const TIME = { nullable: true } as const;
const FROM = { ...TIME, name: '_from', kind: 'position' } as const;
const FROM_EFFECTIVE = { ...TIME, name: '_from_effective', kind: 'integer' } as const;

/** Of a ledger only when it differs from the time of the row's own event. */
export function liveTimes({ temporal, present }: Table) {
  if (present) return [];
  return temporal ? [FROM, FROM_EFFECTIVE] : [FROM_EFFECTIVE];
}

export const PAST_TIMES = [
  FROM,
  FROM_EFFECTIVE,
  { ...TIME, name: '_to', kind: 'position' },
  { ...TIME, name: '_to_effective', kind: 'integer' },
  { ...TIME, name: '_until', kind: 'position' },
] as const;
