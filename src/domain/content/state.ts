import { canonicalJson } from '../canonical';
import type { Happened } from '../decider';
import type { ContentEvent, Fixity } from './events';
import type { ContentStanding } from './standing';

type Scan = Omit<Extract<ContentEvent, { readonly type: 'ContentScanned' }>['data'], 'digest'>;

export interface ContentState {
  readonly digest?: string;
  readonly scan?: Scan;
  readonly fixity?: {
    readonly outcome: Fixity;
    readonly found?: string | undefined;
    readonly occurredAt: string;
  };
  /** What an analyser said last. */
  readonly facts?: string;
  /** By profile: what was said last, with the version of the profile and the library. */
  readonly renditions?: { readonly [profile: string]: string };
}

export const INITIAL: ContentState = {};

export function evolve(state: ContentState, event: Happened<ContentEvent>): ContentState {
  const { digest } = event.data;
  switch (event.type) {
    case 'ContentScanned': {
      const { verdict, engine, definitions, finding } = event.data;
      return { ...state, digest, scan: { verdict, engine, definitions, finding } as Scan };
    }
    case 'FixityChecked': {
      const { outcome, found } = event.data;
      return { ...state, digest, fixity: { outcome, found, occurredAt: event.metadata.occurredAt } };
    }
    case 'ContentAnalysed':
      return { ...state, digest, facts: canonicalJson(event.data) };
    case 'RenditionPrepared':
    case 'RenditionFailed': {
      const renditions = { ...state.renditions, [event.data.profile]: canonicalJson(event.data) };
      return { ...state, digest, renditions };
    }
  }
}

export function standingOf({ digest, scan, fixity }: ContentState): ContentStanding | undefined {
  return digest === undefined ? undefined : { verdict: scan?.verdict, fixity: fixity?.outcome };
}
