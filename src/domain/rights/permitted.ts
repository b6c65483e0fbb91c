import { allowsChannel } from './channels';
import { allowsLanguage } from './languages';
import type { Terms, UseWord } from './terms';
import { covers, regionOf } from './territories';

/** A licence as a decision knows it. */
export interface Licensed {
  readonly licence: string;
  readonly terms: Terms;
  /** The instant at which it was ended early. */
  readonly endedAt?: string | undefined;
  /** Placements that were counted so far over all content of the licence. */
  readonly uses: number;
}

/** What is to be done with content: where, how and when. */
export interface Use {
  readonly action: UseWord;
  /** Undefined for the whole world. */
  readonly territory: string | undefined;
  readonly channel: string;
  readonly language: string | undefined;
  readonly from: string;
  /** Undefined where it has no end. */
  readonly until: string | undefined;
}

/** Why a licence does not permit a use. */
export type Lack =
  | 'forbidden'
  | 'use'
  | 'window'
  | 'embargo'
  | 'territory'
  | 'channel'
  | 'language'
  | 'uses'
  | 'modelRelease'
  | 'propertyRelease';

interface Window {
  readonly from: string | undefined;
  readonly until: string | undefined;
}

const later = (one: string | undefined, other: string | undefined): string | undefined =>
  one === undefined || (other !== undefined && other > one) ? other : one;
const earlier = (one: string | undefined, other: string | undefined): string | undefined =>
  one === undefined || (other !== undefined && other < one) ? other : one;

/** When a licence permits anything at all. */
export function windowOf({ terms, endedAt }: Pick<Licensed, 'terms' | 'endedAt'>): Window {
  return { from: later(terms.from, terms.embargoUntil), until: earlier(terms.until, endedAt) };
}

/** What a licence lacks for a use whenever it may be. */
function lacksBesides({ terms, uses }: Licensed, use: Use): readonly Lack[] {
  const lacks: Lack[] = [];
  if (!terms.allowed.includes(use.action)) lacks.push('use');
  if (!covers(regionOf(terms.territories, terms.exceptTerritories), use.territory)) lacks.push('territory');
  if (!allowsChannel(terms.channels, use.channel)) lacks.push('channel');
  if (!allowsLanguage(terms.languages, use.language)) lacks.push('language');
  if (terms.maximumUses !== undefined && uses >= terms.maximumUses) lacks.push('uses');
  if (terms.modelRelease === 'none') lacks.push('modelRelease');
  if (terms.propertyRelease === 'none') lacks.push('propertyRelease');
  return lacks;
}

function lacksOfTime(licensed: Licensed, { from, until }: Use): readonly Lack[] {
  const { terms } = licensed;
  const { until: end } = windowOf(licensed);
  const early = terms.from !== undefined && from < terms.from;
  const late = end !== undefined && (until === undefined || until > end);
  const embargoed = terms.embargoUntil !== undefined && from < terms.embargoUntil;
  return [...(early || late ? (['window'] as const) : []), ...(embargoed ? (['embargo'] as const) : [])];
}

/**
 * Why these licences of one thing together do not permit a use; nothing where they do. Several licences are a union, also
 * in time: one may go on where another ends. What one of them forbids is forbidden.
 */
export function lacksOf(licences: readonly Licensed[], use: Use): readonly Lack[] {
  if (licences.some(({ terms }) => terms.forbidden?.includes(use.action))) return ['forbidden'];
  const fitting = licences.filter((licensed) => lacksBesides(licensed, use).length === 0);
  if (fillsWindow(fitting.map(windowOf), use)) return [];
  // The reasons of the licence that comes closest: nobody wants to hear what each of ten others lacks too.
  const all = licences.map((licensed) => [...lacksBesides(licensed, use), ...lacksOfTime(licensed, use)]);
  return all.reduce((least, each) => (each.length < least.length ? each : least), all[0] ?? ['use']);
}

/** Whether windows, one after the other, leave nothing of a use open. */
function fillsWindow(windows: readonly Window[], { from, until }: Use): boolean {
  let reached = from;
  const rest = [...windows].sort((one, other) => ((one.from ?? '') < (other.from ?? '') ? -1 : 1));
  for (const window of rest) {
    if (window.from !== undefined && window.from > reached) return false;
    if (window.until === undefined) return true;
    if (window.until > reached) reached = window.until;
    if (until !== undefined && reached >= until) return true;
  }
  return false;
}
