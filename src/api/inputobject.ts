/** An input object as it comes in: checked against the contract, null where a client said null. */
export type InputObject = Readonly<Record<string, unknown>> | null | undefined;

/** The fields that say something: null and absent mean the same in every input of the contract. */
export function present(given: InputObject): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== null && value !== undefined));
}
