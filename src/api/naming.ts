import type { KnownCommand } from '../domain/deciders';

/**
 * The mutation of a command, object first: `RetireAsset` of an asset is `assetRetire`, `AddVersion` is
 * `assetAddVersion`.
 */
export function mutationOf({ category, type }: Pick<KnownCommand, 'category' | 'type'>): string {
  const words = type.match(/[A-Z][a-z]*/g) ?? [];
  return category + words.filter((word) => word.toLowerCase() !== category).join('');
}
