import { type EventsIn, eventsOf, report } from '../definition';

export const VERDICTS = ['clean', 'infected', 'failed'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const FIXITIES = ['good', 'missing', 'damaged'] as const;
export type Fixity = (typeof FIXITIES)[number];

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
});

export type ContentEvent = EventsIn<typeof CONTENT_EVENTS>;
