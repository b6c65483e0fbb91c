import { type EventsIn, eventsOf, report } from '../definition';

export const VERDICTS = ['clean', 'infected', 'failed'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const FIXITIES = ['good', 'missing', 'damaged'] as const;
export type Fixity = (typeof FIXITIES)[number];

/** Why a rendition cannot be made of some bytes; the same bytes will not do better another time. */
export const RENDITION_FAILURES = [
  'unsupported',
  'damaged',
  'tooLarge',
  'tooSlow',
  'tooMuchMemory',
  'tooManyBytes',
] as const;
export type RenditionFailure = (typeof RENDITION_FAILURES)[number];

/** What bytes say of themselves; whatever is absent they do not say. Nobody vouches for it. */
export interface FactsFound {
  /** As a viewer shows it. */
  readonly width?: number;
  readonly height?: number;
  readonly orientation?: number;
  readonly colourSpace?: string;
  readonly colourProfile?: string;
  readonly transparent?: boolean;
  readonly pages?: number;
  readonly animated?: boolean;
  /** Seconds. */
  readonly duration?: number;
  readonly creator?: string;
  readonly credit?: string;
  readonly copyright?: string;
  readonly usageTerms?: string;
  readonly digitalSource?: string;
  readonly aiSystem?: string;
  /** A C2PA manifest is embedded; it is not verified. */
  readonly c2pa: boolean;
}

/** Which rendition of which bytes, by which profile and library. */
interface RenditionOf {
  readonly digest: string;
  readonly profile: string;
  readonly profileVersion: number;
  readonly library: string;
}

/** What is found out about bytes, whichever versions consist of them: a stream for each content. */
export const CONTENT_EVENTS = eventsOf('content', {
  ContentScanned: report<{
    /** SHA-256 of the bytes. */
    readonly digest: string;
    readonly verdict: Verdict;
    /** The program that looked for malware, and what it knew. */
    readonly engine: string;
    readonly definitions?: string;
    /** What it found, in its own words. */
    readonly finding?: string;
  }>('A scanner looked for malware in the bytes of a content.'),
  FixityChecked: report<{
    readonly digest: string;
    readonly outcome: Fixity;
    /** The SHA-256 that the bytes have now, where that is another. */
    readonly found?: string;
    /** Which store was looked at. */
    readonly place?: string;
  }>('The stored bytes of a content were compared with their digest.'),
  ContentAnalysed: report<
    FactsFound & { readonly digest: string; readonly analyser: string; readonly analyserVersion: string }
  >('An analyser read what the bytes of a content say of themselves.'),
  RenditionPrepared: report<
    RenditionOf & {
      /** SHA-256 of the bytes of the rendition. */
      readonly rendition: string;
      readonly renditionBytes: number;
      readonly renditionType: string;
      readonly renditionWidth: number;
      readonly renditionHeight: number;
    }
  >('A rendition of a content was prepared for a channel.'),
  RenditionFailed: report<RenditionOf & { readonly failure: RenditionFailure }>(
    'A rendition of a content could not be prepared for a channel.',
  ),
});

export type ContentEvent = EventsIn<typeof CONTENT_EVENTS>;
