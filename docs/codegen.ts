// The configuration of GraphQL Code Generator for a frontend: copy it to `codegen.ts` beside its package.json.
//
//   npm install --save-dev @graphql-codegen/cli @graphql-codegen/typescript @graphql-codegen/typescript-operations
//   npx graphql-codegen --config codegen.ts

/** What each scalar of the contract is in JSON. All are strings: a 64-bit number does not fit into a JavaScript number. */
const scalars = {
  ID: 'string',
  DateTime: 'string',
  Date: 'string',
  BigInt: 'string',
  Digest: 'string',
  Position: 'string',
};

export default {
  schema: 'schema.graphql',
  documents: ['src/**/*.graphql'],
  // A scalar that is missing above is an error instead of `any`.
  config: { scalars, strictScalars: true, enumsAsTypes: true, useTypeImports: true },
  // Two files: each plugin declares the enums and inputs that it uses, so in one file they would be declared twice.
  generates: {
    /** Every type of the contract, for code that is not tied to one operation. */
    'src/schema.generated.ts': { plugins: ['typescript'] },
    /** For each operation the types of its variables and of its answer. */
    'src/operations.generated.ts': { plugins: ['typescript-operations'] },
  },
};
