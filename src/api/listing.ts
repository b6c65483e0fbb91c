import type { Asked, List, Order, Page } from '../../projections/list';
import type { At } from '../tables/reader';
import type { Asking } from './asking';
import { fault } from './errors';
import { filterOf } from './filters';
import { decodeCursor } from './ids';
import { MAX_ROWS } from './limits';
import type { Moment } from './moment';
import { type PointInTime, pastOf } from './pointintime';
import { Connection } from './views/connection';

const USUAL = 20;

export interface OneArguments {
  readonly waitFor?: string | null;
  readonly at?: PointInTime | At | null;
}

/** The page arguments that every list takes. */
export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly orderBy?: Order | null;
  readonly filter?: Readonly<Record<string, unknown>> | null;
}

export type ListArguments = OneArguments & PageArguments;

/** The arguments of a list inside an object: it is of the same moment as the object. */
export function at({ at: then }: Moment, args: PageArguments): ListArguments {
  return { ...args, at: then };
}

/** Presents a row, given the moment it is of. */
type View<R, V> = (row: R, moment: Moment) => V;

/** The moment of a field, after waiting for the position it must contain, and the value read there. */
export async function one<T>(
  asking: Asking,
  projection: string,
  args: OneArguments,
  read: (moment: Moment) => Promise<T>,
): Promise<T> {
  // An invalid moment is reported before any wait.
  const past = pastOf(args.at);
  await asking.reached(args.waitFor, projection, 'waitFor');
  return read(await asking.moment(projection, past));
}

/** A page of a list. `fixed`: filters that the caller cannot remove. */
export async function listing<R, F, V>(
  asking: Asking,
  list: List<R, F>,
  args: ListArguments,
  view: View<R, V>,
  fixed?: F,
): Promise<Connection<V>> {
  const asked = askedOf(list, args, asking.mostRows);
  const past = pastOf(args.at);
  const filter = both(filterOf(list.filters, args.filter), { ...fixed }) as F;
  await asking.reached(args.waitFor, list.projection, 'waitFor');
  const moment = await asking.moment(list.projection, past);
  const reader = moment.reader(list.projection);
  return connectionOf(
    {
      ...list,
      page: (of) => list.page(reader, { ...of, filter }, moment.at),
      count: () => list.count(reader, filter, moment.at),
    },
    asked,
    moment,
    view,
  );
}

/** Combines the caller's filter and the fixed one with AND: if they require different values, no row matches. */
function both(given: Readonly<Record<string, unknown>>, fixed: Readonly<Record<string, unknown>>): object {
  const against = Object.keys(fixed).filter((name) => name in given && given[name] !== fixed[name]);
  if (against.length === 0) return { ...given, ...fixed };
  return { ...given, ...fixed, anyOf: [Object.fromEntries(against.map((name) => [name, given[name]]))] };
}

/** A list inside an object: its rows are read together with those of sibling objects, as of the same moment. */
export interface InnerList<R> extends Pick<List<R>, 'name' | 'usual' | 'mark' | 'marks'> {
  page(asked: Asked<never>): Promise<Page<R>>;
  count(): number | Promise<number>;
}

/** A page of a list inside an object. */
export async function inside<R, V>(
  moment: Moment,
  list: InnerList<R>,
  args: PageArguments,
  view: View<R, V>,
): Promise<Connection<V>> {
  return connectionOf(list, askedOf(list, args), moment, view);
}

interface AskedOf extends Asked<never> {
  readonly order: Order;
  /** Identifies the list in its cursors. */
  readonly named: string;
}

function askedOf(
  { name, usual, marks }: Pick<List<never>, 'name' | 'usual' | 'marks'>,
  args: PageArguments,
  mostRows?: number,
): AskedOf {
  const first = rowsWanted(args.first, mostRows);
  const order = args.orderBy ?? usual;
  const named = `${name} ${order.by} ${order.direction}`;
  const after = typeof args.after === 'string' ? decodeCursor(named, marks(order), args.after) : undefined;
  return { first, order, named, after };
}

async function connectionOf<R, V>(
  list: InnerList<R>,
  { named, ...asked }: AskedOf,
  moment: Moment,
  view: View<R, V>,
): Promise<Connection<V>> {
  const { order, after } = asked;
  const page = await list.page(asked);
  return new Connection(moment, {
    named,
    nodes: () => page.rows.map((row) => view(row, moment)),
    marks: () => page.rows.map((row, index) => list.mark(row, order, index, after)),
    hasNext: page.hasNext,
    hasPrevious: after !== undefined,
    count: () => list.count(),
  });
}

/** `first` as the schema defines it: 20 if absent, 1 to 100. */
export function rowsWanted(first: number | null | undefined, most = MAX_ROWS): number {
  const wanted = first ?? USUAL;
  if (wanted >= 1 && wanted <= most) return wanted;
  throw fault('BAD_USER_INPUT', `first must be from 1 to ${most}, not ${wanted}.`, ['first']);
}

/** Which part of a fully loaded list is wanted. */
export interface Part {
  readonly first?: number | null;
  readonly skip?: number | null;
}

/** `first` entries after skipping `skip`. */
export function partOf<T>(all: readonly T[], { first, skip }: Part): readonly T[] {
  const from = skip ?? 0;
  if (from < 0) throw fault('BAD_USER_INPUT', `skip must not be negative, not ${from}.`, ['skip']);
  return all.slice(from, from + rowsWanted(first));
}
