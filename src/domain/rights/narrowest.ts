import { type Channels, commonChannels } from './channels';
import { commonLanguages, type Languages } from './languages';
import { type Licensed, windowOf } from './permitted';
import { USES, type UseWord } from './terms';
import { common, isNowhere, type Region, regionOf } from './territories';

/** One set of uses that are permitted together: so many of them, there, then. */
export interface Scope {
  readonly uses: readonly UseWord[];
  readonly region: Region;
  readonly channels: Channels;
  readonly languages: Languages;
  readonly from: string | undefined;
  readonly until: string | undefined;
  /** Placements that are left; undefined where they are not limited. */
  readonly left: number | undefined;
  readonly credits: readonly string[];
}

/** What one thing has rights to. */
export interface Side {
  readonly asset: string;
  readonly licences: readonly Licensed[];
}

/** The rights of several things together: alternatives, or two of them that leave nothing in common. */
export type Narrowest =
  | { readonly scopes: readonly Scope[] }
  | { readonly nothing: readonly [one: string, other: string | undefined] };

/** Alternatives that are followed. Of more, the others are left out, which can only narrow what is permitted. */
const MOST_SCOPES = 64;

/** What every one of these things permits; things without a licence are left out by the caller. */
export function narrowest(sides: readonly Side[]): Narrowest {
  let scopes: readonly Scope[] = [EVERYTHING];
  const passed: Side[] = [];
  for (const side of sides) {
    const own = scopesOf(side.licences);
    const left = meet(scopes, own);
    if (left.length === 0) {
      const against = passed.find(({ licences }) => meet(scopesOf(licences), own).length === 0);
      return { nothing: [side.asset, own.length === 0 ? undefined : (against ?? passed.at(-1))?.asset] };
    }
    scopes = left;
    passed.push(side);
  }
  return { scopes };
}

const EVERYTHING: Scope = {
  uses: USES,
  region: 'worldwide',
  channels: undefined,
  languages: undefined,
  from: undefined,
  until: undefined,
  left: undefined,
  credits: [],
};

function scopesOf(licences: readonly Licensed[]): readonly Scope[] {
  const forbidden = new Set(licences.flatMap(({ terms }) => terms.forbidden ?? []));
  return licences.map((licensed) => scopeOf(licensed, forbidden)).filter((scope) => !isEmpty(scope));
}

function scopeOf(licensed: Licensed, forbidden: ReadonlySet<UseWord>): Scope {
  const { terms, uses } = licensed;
  const { allowed, territories, exceptTerritories, channels, languages, maximumUses, credit } = terms;
  return {
    uses: allowed.filter((use) => !forbidden.has(use)),
    region: regionOf(territories, exceptTerritories),
    channels,
    languages,
    ...windowOf(licensed),
    left: maximumUses === undefined ? undefined : Math.max(0, maximumUses - uses),
    credits: credit === undefined ? [] : [credit],
  };
}

function meet(some: readonly Scope[], others: readonly Scope[]): readonly Scope[] {
  const met = some.flatMap((one) => others.map((other) => both(one, other))).filter((scope) => !isEmpty(scope));
  return met.slice(0, MOST_SCOPES);
}

function both(one: Scope, other: Scope): Scope {
  return {
    uses: one.uses.filter((use) => other.uses.includes(use)),
    region: common(one.region, other.region),
    channels: commonChannels(one.channels, other.channels),
    languages: commonLanguages(one.languages, other.languages),
    from: best(one.from, other.from, (a, b) => a > b),
    until: best(one.until, other.until, (a, b) => a < b),
    left: best(one.left, other.left, (a, b) => a < b),
    credits: [...new Set([...one.credits, ...other.credits])],
  };
}

function best<T>(one: T | undefined, other: T | undefined, wins: (one: T, other: T) => boolean): T | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return wins(one, other) ? one : other;
}

function isEmpty({ uses, region, channels, languages, from, until, left }: Scope): boolean {
  const never = from !== undefined && until !== undefined && until <= from;
  return (
    uses.length === 0 || isNowhere(region) || channels?.length === 0 || languages?.length === 0 || never || left === 0
  );
}
