import { CriticalityLevel, diff } from '@graphql-inspector/core';
import type { GraphQLSchema } from 'graphql';

/** A schema change that breaks a query, a mutation or a program that worked before. */
export interface Breaking {
  /** What changed, as CHANGELOG.md must name it: `Type`, `Type.field`, `Type.field.argument`, `Enum.VALUE`. */
  readonly path: string;
  readonly message: string;
}

/** The breaking changes between two schemas, as GraphQL Inspector finds them. */
export async function breakingChanges(from: GraphQLSchema, to: GraphQLSchema): Promise<readonly Breaking[]> {
  const changes = await diff(from, to);
  return changes
    .filter((change) => change.criticality.level === CriticalityLevel.Breaking)
    .map(({ path, message }) => ({ path: path ?? message, message }));
}

/** The Unreleased section of the changelog. */
function unreleased(changelog: string): string {
  const [, section] = changelog.split(/^## Unreleased$/m);
  return section?.split(/^## /m)[0] ?? '';
}

/** The changes whose path the Unreleased section of the changelog does not name in backquotes. */
export function unnamed(changes: readonly Breaking[], changelog: string): readonly Breaking[] {
  const section = unreleased(changelog);
  return changes.filter(({ path }) => !section.includes(`\`${path}\``));
}
