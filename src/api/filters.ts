import type { Filters, Takes } from '../../projections/filters';
import { holdsWord } from '../tables/searchwords';
import { fault } from './errors';
import { idArgument, opaqueIdOf } from './ids';
import { type InputObject, present } from './inputobject';

type Path = readonly string[];

/**
 * Maximum length of a name in a filter. No name in the log is longer, in any normal form; one of a megabyte would be
 * normalised again for each field of a request that uses it.
 */
const LONGEST_NAME = 1000;
/** Maximum length of search text. */
const LONGEST_QUESTION = 200;
/** Maximum number of filters in `anyOf`. */
const MOST_ALTERNATIVES = 10;

/** The filter of a list as its projection takes it. Null and absent both mean no condition. */
export function filterOf(
  filters: Filters,
  given: InputObject,
  path: Path = ['filter'],
): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(present(given))) {
    if (name === 'anyOf') {
      if (path.length > 1) throw fault('BAD_USER_INPUT', `${path.join('.')} must not hold anyOf.`, [...path, name]);
      found.anyOf = several(filters, value as readonly InputObject[], MOST_ALTERNATIVES, [...path, name]);
      continue;
    }
    const filter = filters[name]!;
    if (filter.with !== undefined && !(filter.with in present(given))) {
      const [one, other] = [name, filter.with].map((each) => [...path, each].join('.'));
      throw fault('BAD_USER_INPUT', `${one} goes only together with ${other}.`, [...path, name]);
    }
    if (filter.takes === 'flag' && value === false) continue;
    found[name] = read(filter.takes, value, [...path, name]);
  }
  return found;
}

function read(takes: Takes, value: unknown, path: Path): unknown {
  if (typeof takes === 'object') {
    if ('id' in takes) return idArgument(takes.id, value as string, path);
    if ('labels' in takes) return labels(value as string[], takes.labels, path);
    if ('fields' in takes) return filterOf(takes.fields, value as InputObject, path);
    return several(takes.list, value as readonly InputObject[], takes.most, path);
  }
  switch (takes) {
    case 'value':
    case 'flag':
      return value;
    case 'words':
      return distinct(value as readonly string[]);
    case 'window':
      return windowed(value as InputObject, path);
    case 'search':
      return searched(value as string, path);
    case 'label':
      return named(value as string, path);
    case 'actor':
      return opaqueIdOf(named(value as string, path));
  }
}

function windowed(value: InputObject, path: Path): object {
  const window = present(value);
  const { from, to } = window as { readonly from?: string; readonly to?: string };
  if (from === undefined || to === undefined || Date.parse(from) <= Date.parse(to)) return window;
  throw fault('BAD_USER_INPUT', `${path.join('.')} ends before it begins: from ${from} to ${to}.`, path);
}

function several(filters: Filters, given: readonly InputObject[], most: number, path: Path): readonly object[] {
  if (given.length >= 1 && given.length <= most) {
    return given.map((each, index) => filterOf(filters, each, [...path, String(index)]));
  }
  throw fault('BAD_USER_INPUT', `${path.join('.')} must have 1 to ${most} entries, not ${given.length}.`, path);
}

/** Without duplicates, which add nothing; a list of enum values then stays short. */
export const distinct = <T>(words: readonly T[]): readonly T[] => [...new Set(words)];

function named(name: string, path: Path): string {
  if (name.length <= LONGEST_NAME) return name;
  throw fault('BAD_USER_INPUT', `${path.join('.')} must have at most ${LONGEST_NAME} characters.`, path);
}

function labels(given: readonly string[], most: number, path: Path): readonly string[] {
  const wanted = distinct(given);
  if (wanted.length > most) throw fault('BAD_USER_INPUT', `${path.join('.')} must name at most ${most}.`, path);
  return wanted.map((each) => named(each, path));
}

function searched(text: string, path: Path): string {
  const name = path.join('.');
  if (text.length > LONGEST_QUESTION) {
    throw fault('BAD_USER_INPUT', `${name} must have at most ${LONGEST_QUESTION} characters.`, path);
  }
  if (holdsWord(text)) return text;
  throw fault('BAD_USER_INPUT', `${name} holds no letter or digit to search for, so nothing could be found.`, path);
}
