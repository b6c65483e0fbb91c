import type { Known } from '../standings';

/** Levels of origins that a decision follows; the asset itself is one more. */
const MOST_LEVELS = 9;
/** Streams of origins and of their licences that a decision follows. */
export const MOST_STREAMS = 190;

/** A version of an asset. */
interface Ref {
  readonly asset: string;
  readonly version: number;
}

/** What an asset was made from, or holds, directly. */
export interface Edges {
  readonly parents: readonly Ref[];
  readonly components: readonly Ref[];
}

/** A version that an asset comes from or holds, at whatever depth. */
export interface Origin extends Ref {
  readonly as: 'parent' | 'component';
}

export interface Lineage {
  /** Each version once, the nearest first. */
  readonly origins: readonly Origin[];
  /** True where it goes on beyond what is followed. */
  readonly cut: boolean;
}

/** Everything that an asset comes from and holds, level by level, as far as it is known. Each asset is looked into once. */
export function lineageOf(edges: Edges, known: Known): Lineage {
  const origins = new Map<string, Origin>();
  const seen = new Set<string>();
  let level: readonly Origin[] = edgesOf(edges);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === MOST_LEVELS) return { origins: [...origins.values()], cut: true };
    const next: Origin[] = [];
    for (const origin of level) {
      const key = `${origin.asset}.${origin.version}`;
      if (!origins.has(key)) origins.set(key, origin);
      if (seen.has(origin.asset)) continue;
      if (seen.size === MOST_STREAMS) return { origins: [...origins.values()], cut: true };
      seen.add(origin.asset);
      const standing = known.standing('asset', origin.asset);
      if (standing !== undefined) next.push(...edgesOf(standing));
    }
    level = next;
  }
  return { origins: [...origins.values()], cut: false };
}

function edgesOf({ parents, components }: Edges): readonly Origin[] {
  return [
    ...parents.map((ref): Origin => ({ ...ref, as: 'parent' })),
    ...components.map((ref): Origin => ({ ...ref, as: 'component' })),
  ];
}

/** The assets of a lineage, each once. */
export function assetsIn({ origins }: Lineage): readonly string[] {
  return [...new Set(origins.map(({ asset }) => asset))];
}
