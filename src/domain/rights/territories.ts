import { FINE, type InputFault, limit, wrong } from '../input';
import { COUNTRIES } from './countries';
import { SUBDIVISIONS } from './subdivisions';

/** Everywhere: a value of its own, not a list of all countries, since a new country is in it too. */
export const WORLDWIDE = 'worldwide';

/** Named groups of countries by version, the newest last. A version is never changed: decisions rely on it. */
const EU_27 = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK';
const GROUPS: Readonly<Record<string, readonly (readonly [version: string, members: string])[]>> = {
  EU: [
    ['2013-07-01', `${EU_27} GB`],
    ['2020-02-01', EU_27],
  ],
  EEA: [
    ['2014-04-12', `${EU_27} GB IS LI NO`],
    ['2020-02-01', `${EU_27} IS LI NO`],
  ],
  DACH: [['1990-10-03', 'AT CH DE']],
};

/** Codes that many people use and ISO 3166-1 does not assign, with what to write instead. */
const ADVICE: Readonly<Record<string, string>> = {
  UK: 'UK is reserved, not assigned: write GB',
  EU: 'EU is no country: write group:EU, whose members are known',
  XK: 'XK is a code for private use: Kosovo has none in ISO 3166-1, so no right can name it',
  EL: 'EL is not assigned: write GR',
  AN: 'AN is withdrawn: write BQ, CW or SX',
  CS: 'CS is withdrawn: write RS or ME',
  YU: 'YU is withdrawn: write RS, ME or another successor',
  SU: 'SU is withdrawn: write the countries that are meant',
};

const wordsOf = (text: string): readonly string[] => text.trim().split(/\s+/);
const countries: ReadonlySet<string> = new Set(wordsOf(COUNTRIES));
let parts: ReadonlyMap<string, readonly string[]> | undefined;

/** The subdivisions of a country; none where ISO 3166-2 lists none. */
export function subdivisionsOf(country: string): readonly string[] {
  parts ??= subdivisions();
  return parts.get(country) ?? [];
}

function subdivisions(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  let country = '';
  for (const word of wordsOf(SUBDIVISIONS)) {
    if (word.endsWith(':')) {
      country = word.slice(0, -1);
      found.set(country, []);
    } else found.get(country)!.push(`${country}-${word}`);
  }
  return found;
}

const countryOf = (code: string): string => code.slice(0, 2);
const GROUP = /^group:([A-Z]+)(?:@(\d{4}-\d{2}-\d{2}))?$/;

/** Why a text names no territory; undefined where it does. */
export function territoryFault(code: unknown): string | undefined {
  if (typeof code !== 'string') return 'must be a string';
  if (code === WORLDWIDE || countries.has(code)) return undefined;
  const [, name, version] = GROUP.exec(code) ?? [];
  if (name !== undefined) return groupFault(name, version);
  if (/^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(code) && countries.has(countryOf(code))) {
    return subdivisionsOf(countryOf(code)).includes(code) ? undefined : `${code} is no subdivision of ISO 3166-2`;
  }
  const known = ADVICE[code];
  if (known !== undefined) return known;
  return 'must be a territory: worldwide, a country of ISO 3166-1 such as DE, a part of one such as DE-BY, or group:EU';
}

function groupFault(name: string, version: string | undefined): string | undefined {
  const versions = Object.hasOwn(GROUPS, name) ? GROUPS[name] : undefined;
  if (versions === undefined) return `there is no group ${name}; there are ${Object.keys(GROUPS).join(', ')}`;
  if (version === undefined || versions.some(([each]) => each === version)) return undefined;
  return `the group ${name} has the versions ${versions.map(([each]) => each).join(', ')}`;
}

/** Where something is used or may be used. A command may name a group without its version. */
export const territory = limit('territory', (value): readonly InputFault[] => {
  const fault = territoryFault(value);
  return fault === undefined ? FINE : wrong(fault);
});

/** The territory as a decision records it: a group with the version that it has on that day. */
export function recordedTerritory(code: string): string {
  const [, name, version] = GROUP.exec(code) ?? [];
  return name === undefined || version !== undefined ? code : `${code}@${GROUPS[name]!.at(-1)![0]}`;
}

/** Countries and parts of countries, each country for all its parts. `worldwide` is everything there is and will be. */
export type Region = typeof WORLDWIDE | ReadonlySet<string>;

/** The region that a list of territories means, but for some. */
export function regionOf(codes: readonly string[], except: readonly string[] = []): Region {
  const everywhere = codes.includes(WORLDWIDE);
  if (everywhere && except.length === 0) return WORLDWIDE;
  const region = new Set(everywhere ? countries : codes.flatMap(membersOf));
  for (const code of except.flatMap(membersOf)) withdraw(region, code);
  return region;
}

function membersOf(code: string): readonly string[] {
  if (code === WORLDWIDE) return [...countries];
  const [, name, version] = GROUP.exec(code) ?? [];
  if (name === undefined) return [code];
  const versions = GROUPS[name] ?? [];
  return wordsOf((versions.find(([each]) => each === version) ?? versions.at(-1)!)[1]);
}

function withdraw(region: Set<string>, code: string): void {
  const country = countryOf(code);
  if (code === country) {
    for (const each of region) if (countryOf(each) === country) region.delete(each);
    return;
  }
  if (region.delete(country)) for (const each of subdivisionsOf(country)) region.add(each);
  region.delete(code);
}

/** Whether a territory, or without one the whole world, lies inside a region. */
export function covers(region: Region, code: string = WORLDWIDE): boolean {
  if (region === WORLDWIDE) return true;
  return code !== WORLDWIDE && membersOf(code).every((each) => holds(region, each));
}

function holds(region: ReadonlySet<string>, code: string): boolean {
  if (region.has(code) || region.has(countryOf(code))) return true;
  const below = code.length === 2 ? subdivisionsOf(code) : [];
  return below.length > 0 && below.every((each) => region.has(each));
}

/** What lies in both. */
export function common(one: Region, other: Region): Region {
  if (one === WORLDWIDE) return other;
  if (other === WORLDWIDE) return one;
  const inside = (codes: ReadonlySet<string>, region: ReadonlySet<string>) =>
    [...codes].filter((code) => holds(region, code));
  return new Set([...inside(one, other), ...inside(other, one)]);
}

export function isNowhere(region: Region): boolean {
  return region !== WORLDWIDE && region.size === 0;
}
