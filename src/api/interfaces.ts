import { type DocumentNode, Kind } from 'graphql';

interface Typed {
  readonly __typename: string;
}

/** Type resolvers for each interface of the schema: every view names its own type. */
export function interfacesOf(contract: DocumentNode): Record<string, { __resolveType: (thing: Typed) => string }> {
  const names = contract.definitions.flatMap((definition) =>
    definition.kind === Kind.INTERFACE_TYPE_DEFINITION ? [definition.name.value] : [],
  );
  return Object.fromEntries(names.map((name) => [name, { __resolveType: ({ __typename }: Typed) => __typename }]));
}
