import { hash } from 'node:crypto';
import { parse } from 'yaml';
import { canonicalJson } from '../../domain/canonical';
import { type Look, PICTURE_FORMATS } from '../../pictures/task';
import type { NamedLook } from '../pictures/picturing';

/** What a channel needs of a picture. A profile that changes gets the next version. */
export interface Profile {
  readonly name: string;
  readonly version: number;
  /** What the file is called when it is handed out; see `NAMES`. */
  readonly naming: string;
  readonly look: Look;
}

/** The most profiles there may be. */
export const MOST_PROFILES = 50;
/** What may stand in braces in a name. */
const NAMES = ['title', 'profile', 'version', 'digest'] as const;
const FIELDS = [
  'name',
  'version',
  'width',
  'height',
  'fit',
  'format',
  'quality',
  'colour',
  'background',
  'maxBytes',
  'naming',
];
const USUAL_NAMING = '{title}-{profile}';

/**
 * The profiles in the text of a `profiles.yaml`. Throws an Error that names the profile and its field where something is
 * wrong: what is misread would be sent to a channel.
 */
export function profilesIn(text: string): readonly Profile[] {
  const read = parse(text) as { readonly profiles?: unknown } | null;
  const list = read?.profiles;
  if (!Array.isArray(list)) throw new Error('profiles: must be a list');
  if (list.length > MOST_PROFILES) throw new Error(`profiles: has more than ${MOST_PROFILES} entries`);
  const profiles = list.map((given, index) => profileOf(given, `profiles[${index}]`));
  const names = profiles.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`profiles: ${twice} is there twice`);
  return profiles;
}

/** The name under which renditions are kept. It changes with the look even where the version was not raised. */
export function namedLook({ name, version, look }: Profile): NamedLook {
  const print = hash('sha256', canonicalJson(look), 'hex').slice(0, 8);
  return { name: `${name}@${version}.${print}`, look };
}

/** One text for all profiles: another one means that approvals are looked through again. */
export function printOf(profiles: readonly Profile[]): string {
  return hash('sha256', canonicalJson(profiles), 'hex').slice(0, 16);
}

type Given = Readonly<Record<string, unknown>>;

function profileOf(given: unknown, place: string): Profile {
  if (typeof given !== 'object' || given === null) throw new Error(`${place}: must have fields`);
  const fields = given as Given;
  const named = typeof fields.name === 'string' ? `${place} (${fields.name})` : place;
  const unknown = Object.keys(fields).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined)
    throw new Error(`${named}.${unknown}: is no field of a profile; there are ${FIELDS.join(', ')}`);
  const wrong = (field: string, what: string): Error => new Error(`${named}.${field}: must be ${what}`);
  const { name, version, naming = USUAL_NAMING, background } = fields;
  if (typeof name !== 'string' || !/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) {
    throw wrong('name', 'of up to 40 lower-case letters, digits and hyphens');
  }
  const whole = (field: string, from: number, to: number, usual?: number): number | undefined => {
    const value = fields[field] ?? usual;
    if (value === undefined) return undefined;
    if (Number.isInteger(value) && (value as number) >= from && (value as number) <= to) return value as number;
    throw wrong(field, `a whole number from ${from} to ${to}`);
  };
  const oneOf = <T extends string>(field: string, words: readonly T[], usual: T): T => {
    const value = (fields[field] ?? usual) as T;
    if (words.includes(value)) return value;
    throw wrong(field, `one of ${words.join(', ')}`);
  };
  const [width, height] = [whole('width', 1, 10_000), whole('height', 1, 10_000)];
  const fit = oneOf('fit', ['inside', 'cover', 'contain'], 'inside');
  if (width === undefined && height === undefined) throw wrong('width', 'given, or height');
  if (fit !== 'inside' && (width === undefined || height === undefined)) {
    throw wrong('fit', 'inside, unless width and height are both given');
  }
  const format = oneOf('format', PICTURE_FORMATS, 'webp');
  const colour = oneOf('colour', ['srgb', 'p3', 'cmyk'], 'srgb');
  if (colour === 'cmyk' && format !== 'jpeg') throw wrong('colour', 'srgb or p3, since only jpeg holds print colours');
  if (background !== undefined && !/^#[0-9a-f]{6}$/i.test(String(background)))
    throw wrong('background', 'like "#ffffff"');
  if (version === undefined) throw wrong('version', 'given');
  const look = withoutUndefined<Look>({
    width,
    height,
    fit,
    format,
    quality: whole('quality', 20, 100, 82)!,
    colour,
    background: background as string | undefined,
    maxBytes: whole('maxBytes', 1_000, 100_000_000),
  });
  return { name, version: whole('version', 1, 1_000_000)!, naming: namingOf(naming, wrong), look };
}

function namingOf(naming: unknown, wrong: (field: string, what: string) => Error): string {
  const words = typeof naming === 'string' ? [...naming.matchAll(/\{([^}]*)\}/g)].map(([, word]) => word!) : [];
  const known = words.every((word) => (NAMES as readonly string[]).includes(word));
  if (typeof naming === 'string' && naming.length <= 200 && known && !/[/\\]/.test(naming)) return naming;
  throw wrong('naming', `a file name; in braces may stand ${NAMES.join(', ')}`);
}

function withoutUndefined<T>(value: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}
