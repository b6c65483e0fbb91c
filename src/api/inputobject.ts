/** An input object as received: validated against the schema, null if the client sent null. */
export type InputObject = Readonly<Record<string, unknown>> | null | undefined;

/** The fields with a value: null and absent are equivalent in every input of the schema. */
export function present(given: InputObject): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== null && value !== undefined));
}
