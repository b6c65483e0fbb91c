import {
  actors,
  boolean,
  calendarDay,
  digest,
  instant,
  integer,
  label,
  list,
  mapOf,
  matching,
  note,
  number,
  oneOf,
  part,
  prose,
  size,
  text,
  uuid,
} from '../fields';
import { FINE, faultsOf, type Limit, limit, optional, under, wrong } from '../input';
import { language } from '../rights/languages';

/** Hex SHA-256 of the content's bytes, 64 lower-case characters. */
export type Digest = string;

/** A typed metadata value. A `material` field belongs to what an approval vouches for. */
export type MetadataValue =
  | { readonly type: 'text' | 'date'; readonly value: string; readonly material: boolean }
  | { readonly type: 'number'; readonly value: number; readonly material: boolean }
  | { readonly type: 'boolean'; readonly value: boolean; readonly material: boolean }
  | { readonly type: 'list'; readonly value: readonly string[]; readonly material: boolean };

/** The most entries of each list that an asset holds; what an answer costs is derived from them. */
export const MAX_FIELDS = 200;
export const MAX_TAGS = 50;
export const MAX_PARENTS = 100;
/** The most people named beside the actor. */
export const MAX_PEOPLE = 1_000;

/** Number of a version. */
export const version = integer(1);

/** A version of another asset from which this one was made. */
export class VersionRef {
  @uuid('asset') readonly asset!: string;
  @version readonly version!: number;
}

export const DISCLOSURE_FORMS = ['label', 'caption', 'watermark', 'spoken', 'metadata'] as const;

/** How a placement tells its audience that AI took part. */
export class Disclosure {
  @oneOf(DISCLOSURE_FORMS) readonly form!: (typeof DISCLOSURE_FORMS)[number];
  @optional(note) readonly text?: string;
  @optional(language) readonly language?: string;
}

/** Where exactly something runs, and how long. */
export class Whereabouts {
  /** A place within the channel: a page, a screen, a position. */
  @optional(label(200)) readonly slot?: string;
  @optional(text(2_000)) readonly url?: string;
  @optional(language) readonly language?: string;
  /** Default: at once. */
  @optional(instant) readonly goesLiveAt?: string;
  /** The first instant at which it no longer runs; default: the end of the campaign, if that has one. */
  @optional(instant) readonly runsUntil?: string;
  @optional(part(Disclosure)) readonly disclosure?: Disclosure;
}

/** What a version was made with. */
export class MadeWith {
  @label(200) readonly tool!: string;
  @optional(label(100)) readonly toolVersion?: string;
  @oneOf(['none', 'assisted', 'generated']) readonly ai!: 'none' | 'assisted' | 'generated';
  /** The AI system, where one took part. */
  @optional(label(200)) readonly system?: string;
}

const mediaType = matching(
  /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}(;[\x20-\x7e]{1,200})?$/i,
  'a media type such as image/png',
);

/** What a version consists of. */
export class VersionContent {
  @digest readonly digest!: Digest;
  @size readonly bytes!: number;
  @mediaType readonly mediaType!: string;
  /** As a viewer shows it: turned as `orientation` says. */
  @optional(integer(1)) readonly width?: number;
  @optional(integer(1)) readonly height?: number;
  /** EXIF orientation, 1–8, where the content states one. */
  @optional(integer(1, 8)) readonly orientation?: number;
  @optional(note) readonly note?: string;
  @part(MadeWith) readonly madeWith!: MadeWith;
  /** Others who made this version besides the actor; like the author, none of them may approve it. */
  @optional(actors(MAX_PEOPLE)) readonly contributors?: readonly string[];
}

/** What a typed metadata value may be, by its type. */
const VALUES: Readonly<Record<MetadataValue['type'], Limit>> = {
  text: prose(4_000),
  date: calendarDay,
  number,
  boolean,
  list: list(200, prose(500)),
};
const kind = oneOf(Object.keys(VALUES));

/** A typed metadata value: what `value` may be depends on `type`. */
const metadataValue = limit('metadataValue', (given) => {
  const { type, value, ...rest } = Object(given) as { readonly type?: MetadataValue['type']; readonly value?: unknown };
  const unknown = kind.check(type);
  if (unknown.length > 0) return under('type', unknown);
  return [...under('value', VALUES[type!].check(value)), ...faultsOf(Materiality, rest)];
});

/** What every metadata value has besides its type and value. */
class Materiality {
  @boolean readonly material!: boolean;
}

export const fieldName = label(100);
/** Typed metadata by name. */
export const metadata = mapOf(MAX_FIELDS, fieldName, metadataValue);

/** A fraction of the width, height or length of a version, from 0 to 1. */
const fraction = limit('fraction', (value) =>
  typeof value === 'number' && value >= 0 && value <= 1 ? FINE : wrong('must be a number from 0 to 1'),
);
const seconds = limit('seconds', (value) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= 1e6
    ? FINE
    : wrong('must be a number of seconds from 0 to 1000000'),
);

/** Part of a picture or page, in fractions of its width and height, so that it is there in every rendition. */
export class Region {
  @fraction readonly x!: number;
  @fraction readonly y!: number;
  @fraction readonly width!: number;
  @fraction readonly height!: number;
}

/** Part of a film or sound; without an end, a moment. */
export class TimeSpan {
  @seconds readonly from!: number;
  @optional(seconds) readonly to?: number;
}
