import { type DocumentNode, Kind } from 'graphql';

interface Typed {
  readonly __typename: string;
}

/** How each interface of the contract finds the type of a thing: every view that stands for one says it itself. */
export function interfacesOf(contract: DocumentNode): Record<string, { __resolveType: (thing: Typed) => string }> {
  const names = contract.definitions.flatMap((definition) =>
    definition.kind === Kind.INTERFACE_TYPE_DEFINITION ? [definition.name.value] : [],
  );
  return Object.fromEntries(names.map((name) => [name, { __resolveType: ({ __typename }: Typed) => __typename }]));
}
