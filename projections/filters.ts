import type { Category } from '../src/domain/catalogue';
import { nfc, nfcList } from '../src/domain/characters';
import type { Conditions, Test } from '../src/tables/reader';

/** A stretch of time: from the first instant, included, to the last, excluded. ISO 8601 UTC milliseconds. */
export interface Window {
  readonly from?: string;
  readonly to?: string;
}

/**
 * What a filter takes, for the door that reads it from a caller: `value` is checked by the contract alone, `words` are
 * some of the contract's own, a `flag` is true or as good as absent, a `label` is a name in any normal form, `search` is words to look for.
 */
export type Takes =
  | 'value'
  | 'words'
  | 'label'
  | 'search'
  | 'actor'
  | 'window'
  | 'flag'
  | { readonly labels: number }
  | { readonly id: Category }
  | { readonly fields: Filters }
  | { readonly list: Filters; readonly most: number };

/** One filter of a list: what it takes, and the conditions on the columns `C` that a value stands for. */
export interface Filter<C extends string, V> {
  readonly takes: Takes;
  /** Another filter without which this one means nothing. */
  readonly with?: string;
  conditions(value: V): Conditions<C>;
}

/** Written with a method's variance: a filter of some columns can stand where filters of more columns are asked for. */
// biome-ignore lint/suspicious/noExplicitAny: each filter has a value type of its own.
export type Filters<C extends string = string> = Readonly<Record<string, Filter<C, any>>>;

/** The values of a list's filters; they are combined with AND; an absent one is ignored. */
// biome-ignore lint/suspicious/noExplicitAny: only the value type is looked for.
export type FilterOf<F> = { readonly [N in keyof F]?: F[N] extends Filter<any, infer V> ? V : never };

const on = <C extends string>(column: C, ...tests: readonly Test[]) =>
  ({ where: { [column]: tests } }) as unknown as Conditions<C>;

/** The column has this very value. */
export function is<C extends string>(column: C, takes: Takes = 'value'): Filter<C, string | number> {
  return { takes, conditions: (value) => on(column, { eq: value }) };
}

/** A label may be typed in any normal form; the tables hold form C. */
export function label<C extends string>(column: C): Filter<C, string> {
  return { takes: 'label', conditions: (value) => on(column, { eq: nfc(value) }) };
}

export function idOf<C extends string>(column: C, id: Category): Filter<C, string> {
  return { takes: { id }, conditions: (value) => on(column, { eq: value }) };
}

export function oneOf<C extends string>(column: C): Filter<C, readonly string[]> {
  return { takes: 'words', conditions: (values) => on(column, { in: values }) };
}

/** The column's list holds at least one of these labels. */
export function hasAny<C extends string>(column: C, most: number): Filter<C, readonly string[]> {
  return { takes: { labels: most }, conditions: (values) => on(column, { hasAny: nfcList(values) }) };
}

/** The column's list holds every one of these labels. */
export function hasAll<C extends string>(column: C, most: number): Filter<C, readonly string[]> {
  const tests = (values: readonly string[]) => nfcList(values).map((has) => ({ has }));
  return { takes: { labels: most }, conditions: (values) => on(column, ...tests(values)) };
}

export function within<C extends string>(column: C): Filter<C, Window> {
  const tests = ({ from, to }: Window) => [
    ...(from === undefined ? [] : [{ gte: from }]),
    ...(to === undefined ? [] : [{ lt: to }]),
  ];
  return { takes: 'window', conditions: (window) => on(column, ...tests(window)) };
}

/** Words that must each begin a word of the text that the table is searched by. */
export const matches: Filter<never, string> = { takes: 'search', conditions: (search) => ({ search }) };

/** A filter of several parts, read by what each of them takes; `conditions` says what they ask together. */
export function parts<C extends string, F extends Filters>(
  fields: F,
  conditions: (value: FilterOf<F>) => Conditions<C>,
): Filter<C, FilterOf<F>> {
  return { takes: { fields }, conditions };
}

/** What a filter of these filters asks of the rows. */
export function conditionsOf<C extends string>(filters: Filters<C>, filter: object | undefined): Conditions<C> {
  const asked = Object.entries(filter ?? {}).filter(([, value]) => value !== undefined);
  return together(asked.map(([name, value]) => filters[name]!.conditions(value)));
}

/** All of these conditions; of words to search for, only one has some. */
export function together<C extends string>(all: readonly Conditions<C>[]): Conditions<C> {
  const where: Record<string, readonly Test[]> = {};
  for (const { where: tests = {} } of all) {
    for (const [column, more] of Object.entries<Test | readonly Test[] | undefined>(tests)) {
      where[column] = [...(where[column] ?? []), ...(more === undefined ? [] : [more].flat())];
    }
  }
  const some = all.flatMap((each) => each.some ?? []);
  const anyOf = all.flatMap((each) => each.anyOf ?? []);
  return {
    where: where as Conditions<C>['where'],
    search: all.find(({ search }) => search !== undefined)?.search,
    ...(some.length > 0 && { some }),
    ...(anyOf.length > 0 && { anyOf }),
  };
}
