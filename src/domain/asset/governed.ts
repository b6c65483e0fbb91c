import type { Happened } from '../decider';
import type { AssetEventNamed } from './events';
import type { Digest, VersionContent, VersionRef } from './parts';

/** An exception from named rules that somebody answers for. */
export interface Waiver {
  readonly waiver: string;
  readonly digest: Digest;
  readonly rules: readonly string[];
  readonly until: string;
}

/** What decides, beside the approval, whether an asset may be used. */
export interface Governed {
  /** Versions of other assets that it holds. */
  readonly components: readonly VersionRef[];
  readonly licences: readonly string[];
  /** It had a licence once, so that nothing is permitted which no licence permits. */
  readonly governed: boolean;
  /** Exceptions that nobody has ended; each ends by itself at its instant. */
  readonly waivers: readonly Waiver[];
  /** Numbers of the versions that AI took part in. */
  readonly aiMade: readonly number[];
}

export const UNGOVERNED: Governed = { components: [], licences: [], governed: false, waivers: [], aiMade: [] };

type Governing =
  | 'ComponentAdded'
  | 'ComponentRemoved'
  | 'LicenceAttached'
  | 'LicenceDetached'
  | 'RulesWaived'
  | 'WaiverEnded';

/** What follows from an event for the use of an asset. */
export function governedAfter(state: Governed, event: Happened<AssetEventNamed<Governing>>): Partial<Governed> {
  switch (event.type) {
    case 'ComponentAdded':
    case 'ComponentRemoved': {
      const { component } = event.data;
      const others = state.components.filter(({ asset }) => asset !== component.asset);
      return { components: event.type === 'ComponentAdded' ? [...others, component] : others };
    }
    case 'LicenceAttached':
      return { licences: [...state.licences, event.data.licence], governed: true };
    case 'LicenceDetached':
      return { licences: state.licences.filter((licence) => licence !== event.data.licence) };
    case 'RulesWaived': {
      const { waiver, digest, rules, waivedUntil: until } = event.data;
      return { waivers: [...state.waivers, { waiver, digest, rules, until }] };
    }
    case 'WaiverEnded':
      return { waivers: state.waivers.filter(({ waiver }) => waiver !== event.data.waiver) };
  }
}

export function aiMadeWith(
  { aiMade }: Governed,
  { version, madeWith }: Pick<VersionContent, 'madeWith'> & { readonly version: number },
): readonly number[] {
  return madeWith.ai === 'none' ? aiMade : [...aiMade, version];
}
