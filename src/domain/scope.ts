import { label, oneOf } from './fields';
import { optional } from './input';
import { ASSET_KINDS, type AssetKind } from './kinds';

/** The one rulebook of a workspace. There is one workspace; a second one would need a rulebook of its own. */
export const RULEBOOK = '0b7e3a9c-52d4-5d3c-9f6a-6a1d2c9e4b10';

/** What something applies to: what is left out is meant for all. */
export class Scope {
  @optional(oneOf(ASSET_KINDS)) readonly kind?: AssetKind;
  @optional(label(200)) readonly brand?: string;
  @optional(label(100)) readonly market?: string;
}

const DIMENSIONS = ['kind', 'brand', 'market'] as const;

/** Whether a scope holds what is named by another. */
export function covers(scope: Scope, what: Scope): boolean {
  return DIMENSIONS.every((dimension) => scope[dimension] === undefined || scope[dimension] === what[dimension]);
}

/** The more a scope names, the more specific it is. */
export function specificity(scope: Scope): number {
  return DIMENSIONS.filter((dimension) => scope[dimension] !== undefined).length;
}

/** Whether two scopes hold one thing and neither is more specific, so that nothing says which of them would win. */
export function ties(one: Scope, other: Scope): boolean {
  const apart = DIMENSIONS.some(
    (dimension) =>
      one[dimension] !== undefined && other[dimension] !== undefined && one[dimension] !== other[dimension],
  );
  return !apart && specificity(one) === specificity(other);
}

/** The most specific of those that cover something; no two of them tie. */
export function mostSpecific<T extends { readonly scope: Scope }>(entries: readonly T[], what: Scope): T | undefined {
  const covering = entries.filter(({ scope }) => covers(scope, what));
  return covering.reduce<T | undefined>(
    (best, each) => (best === undefined || specificity(each.scope) > specificity(best.scope) ? each : best),
    undefined,
  );
}
