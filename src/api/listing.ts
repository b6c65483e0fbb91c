import type { Page } from '../../projections/page';
import type { At, ProjectionReader } from '../tables/reader';
import type { Asking, PointInTime } from './asking';
import { fault } from './errors';
import { decodeCursor } from './ids';
import { MAX_ROWS } from './limits';
import type { Moment } from './moment';
import { Connection } from './views/connection';

const USUAL = 20;

export interface OneArguments {
  readonly waitFor?: string | null;
  readonly at?: PointInTime | null;
}

export interface ListArguments extends OneArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

/** Where a page begins: rows wanted, and the mark of the row to go on behind. */
interface Paging<M> {
  readonly first: number;
  readonly after?: M;
}

interface List<R, V, M> {
  /** Names list and order in the cursors. */
  readonly list: string;
  readonly projection: string;
  readonly page: (reader: ProjectionReader, paging: Paging<M>, at: At | undefined) => Promise<Page<R>>;
  readonly mark: (row: R, index: number, after: M | undefined) => M;
  readonly view: (row: R, moment: Moment) => V;
  /** What resolvers of single fields of the connection need besides. */
  readonly more?: object;
}

/** The moment a field is about, after waiting for the position it must contain; then whatever is read there. */
export async function one<T>(
  asking: Asking,
  projection: string,
  args: OneArguments,
  read: (moment: Moment) => Promise<T>,
): Promise<T> {
  await asking.reached(args.waitFor, projection, 'waitFor');
  return read(await asking.moment(projection, args.at));
}

/** One page of a list as a connection. */
// biome-ignore lint/suspicious/noExplicitAny: a mark is whatever the list itself put into its cursor.
export async function listing<R, V, M = any>(
  asking: Asking,
  args: ListArguments,
  list: List<R, V, M>,
): Promise<Connection<R, V>> {
  const first = rowsWanted(args.first);
  const after = typeof args.after === 'string' ? decodeCursor<M>(list.list, args.after) : undefined;
  await asking.reached(args.waitFor, list.projection, 'waitFor');
  const moment = await asking.moment(list.projection, args.at);
  const page = await list.page(
    moment.reader(list.projection),
    after === undefined ? { first } : { first, after },
    moment.at,
  );
  const connection = new Connection(page, moment, {
    list: list.list,
    mark: (row: R, index: number) => list.mark(row, index, after),
    view: (row: R) => list.view(row, moment),
    hasPrevious: after !== undefined,
  });
  return list.more === undefined ? connection : Object.assign(connection, list.more);
}

/** `first` as the schema promises it: 20 where absent, 1 to 100. */
export function rowsWanted(first: number | null | undefined): number {
  const wanted = first ?? USUAL;
  if (wanted >= 1 && wanted <= MAX_ROWS) return wanted;
  throw fault('BAD_USER_INPUT', `first must be from 1 to ${MAX_ROWS}, not ${wanted}.`, ['first']);
}

/** A part of a list that is all there: `first` entries behind the `skip` first ones. */
export function partOf<T>(
  all: readonly T[],
  { first, skip }: { readonly first?: number | null; readonly skip?: number | null },
): readonly T[] {
  const from = skip ?? 0;
  if (from < 0) throw fault('BAD_USER_INPUT', `skip must not be negative, not ${from}.`, ['skip']);
  return all.slice(from, from + rowsWanted(first));
}
