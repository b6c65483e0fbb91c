import { type DocumentNode, Kind } from 'graphql';
import type { Connection } from './views/connection';

type Counts = Readonly<Record<'totalCount', (connection: Connection<unknown>) => number | Promise<number>>>;

/** `totalCount` of every connection in the schema, computed only if selected. */
export function countsOf(schema: DocumentNode): Readonly<Record<string, Counts>> {
  const counts: Record<string, Counts> = {};
  for (const definition of schema.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    if (!definition.fields?.some(({ name }) => name.value === 'totalCount')) continue;
    counts[definition.name.value] = { totalCount: (connection) => connection.count() };
  }
  return counts;
}
