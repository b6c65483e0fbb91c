import { distinct, instant, integer, label, oneOf } from '../fields';
import { type InputFault, optional } from '../input';
import { channel } from './channels';
import { canonicalLanguage, language } from './languages';
import { recordedTerritory, territory } from './territories';

/** What may be done with content, in the words of ODRL 2.2. A placement displays; a derivative derives. */
export const USES = ['display', 'distribute', 'reproduce', 'modify', 'derive', 'translate'] as const;
export type UseWord = (typeof USES)[number];

/** Of people or property that can be seen in content, in the words of PLUS. */
export const RELEASES = ['notApplicable', 'unlimited', 'limited', 'none'] as const;
export type Release = (typeof RELEASES)[number];

export const AI_TRAINING = ['allowed', 'prohibited'] as const;

/** The most entries of each list of terms. */
export const MAX_TERRITORIES = 400;
export const MAX_CHANNELS = 100;
export const MAX_LANGUAGES = 200;

const uses = distinct(USES.length, oneOf(USES));
const territories = distinct(MAX_TERRITORIES, territory);
const release = oneOf(RELEASES);

/** What a licence permits. What it does not permit is not permitted. */
export class Terms {
  @uses readonly allowed!: readonly UseWord[];
  /** Forbidden whatever any other licence of the same content allows. */
  @optional(uses) readonly forbidden?: readonly UseWord[];
  @territories readonly territories!: readonly string[];
  @optional(territories) readonly exceptTerritories?: readonly string[];
  /** Absent where all channels are allowed. */
  @optional(distinct(MAX_CHANNELS, channel)) readonly channels?: readonly string[];
  /** Absent where all languages are allowed. */
  @optional(distinct(MAX_LANGUAGES, language)) readonly languages?: readonly string[];
  /** The first instant, and the first instant after the last. */
  @optional(instant) readonly from?: string;
  @optional(instant) readonly until?: string;
  /** No use before this instant, although the licence may have begun. */
  @optional(instant) readonly embargoUntil?: string;
  /** Placements that may start over all content of the licence. */
  @optional(integer(1)) readonly maximumUses?: number;
  /** The credit that must be shown. */
  @optional(label(500)) readonly credit?: string;
  @optional(release) readonly modelRelease?: Release;
  @optional(release) readonly propertyRelease?: Release;
  /** Absent where nothing was said, which is no permission. */
  @optional(oneOf(AI_TRAINING)) readonly aiTraining?: (typeof AI_TRAINING)[number];
}

/** What terms say in one field against another. */
export function termsFaults(terms: Terms): readonly InputFault[] {
  const { allowed, forbidden = [], from, until, embargoUntil } = terms;
  const faults: InputFault[] = forbidden.flatMap((use, index) =>
    allowed.includes(use) ? [fault(['forbidden', String(index)], `${use} is allowed by the same terms`)] : [],
  );
  if (from !== undefined && until !== undefined && until <= from) faults.push(fault(['until'], 'must be after from'));
  if (embargoUntil !== undefined && until !== undefined && until <= embargoUntil) {
    faults.push(fault(['embargoUntil'], 'must be before until: nothing would be left of the licence'));
  }
  return faults;
}

function fault(steps: readonly string[], reason: string): InputFault {
  return { steps: ['terms', ...steps], reason };
}

/** Terms as an event keeps them: languages in canonical spelling, groups of countries with their version. */
export function recordedTerms(terms: Terms): Terms {
  const { territories: where, exceptTerritories, languages, ...rest } = terms;
  return present({
    ...rest,
    territories: where.map(recordedTerritory),
    exceptTerritories: exceptTerritories?.map(recordedTerritory),
    languages: languages?.map((tag) => canonicalLanguage(tag) ?? tag),
  });
}

/** Without the members that are absent, and in one order: equal terms are equal texts. */
function present(terms: Terms): Terms {
  const entries = Object.entries(terms).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1))) as unknown as Terms;
}

export function sameTerms(one: Terms, other: Terms): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
