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
  }
}

export function standingOf({ digest, scan, fixity }: ContentState): ContentStanding | undefined {
  return digest === undefined ? undefined : { verdict: scan?.verdict, fixity: fixity?.outcome };
}
