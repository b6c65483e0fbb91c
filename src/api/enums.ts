import { type DocumentNode, Kind } from 'graphql';

/** Enums whose values are spelled as in the log and the rules. */
const VERBATIM = ['EventType', 'RefusalCode'];

/** `IN_REVIEW` in the schema is `inReview` in events and tables. */
export function wordOf(value: string): string {
  return value.toLowerCase().replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

/** `inReview` is `IN_REVIEW` in the schema. */
export function valueNamed(word: string): string {
  return word.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** Internal value of each enum value: resolvers and projections never see the schema's capitals. */
export function enumWords(schema: DocumentNode): Record<string, Record<string, string>> {
  const enums: Record<string, Record<string, string>> = {};
  for (const definition of schema.definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || VERBATIM.includes(definition.name.value)) continue;
    const values = (definition.values ?? []).map(({ name }) => [name.value, wordOf(name.value)] as const);
    enums[definition.name.value] = Object.fromEntries(values);
  }
  return enums;
}
