import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLScalarType,
  GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { Recent } from '../runtime/lru';
import type { Session } from './claims';
import { MAX_COST, MAX_DEPTH, measure, type Variables } from './cost';
import { fault } from './errors';
import { allows } from './roles';

/** Distinct operations remembered; what clients send again and again fits, what an attacker makes up does not stay. */
const REMEMBERED = 1000;
/** Compiling costs more than executing once, so only an operation that comes again is compiled. */
const COMPILED_FROM_USE = 2;

/** What is known about one operation of one document, whoever asks and with whatever variables. */
export interface Plan {
  readonly operation: OperationDefinitionNode;
  /** Throws FORBIDDEN or QUERY_TOO_COSTLY. */
  check(session: Session, variables: Variables): void;
  /** The compiled operation, where it is worth it and can be compiled; otherwise the plain executor has to do. */
  compiled(): CompiledQuery | undefined;
}

/** Plans of the operations asked for lately, by document and operation name. */
export class Plans {
  readonly #plans = new Recent<string, Plan>(REMEMBERED);
  readonly #compilable: GraphQLSchema;

  constructor(readonly schema: GraphQLSchema) {
    const config = schema.toConfig();
    this.#compilable = new GraphQLSchema({ ...config, types: [...config.types, COERCED] });
  }

  /** `hash` names the document. */
  of(hash: string, document: DocumentNode, operation: OperationDefinitionNode): Plan {
    const key = `${hash} ${operation.name?.value ?? ''}`;
    const known = this.#plans.get(key);
    if (known !== undefined) return known;
    const plan = makePlan(this.schema, this.#compilable, document, operation);
    this.#plans.set(key, plan);
    return plan;
  }

  get size(): number {
    return this.#plans.size;
  }
}

function makePlan(
  schema: GraphQLSchema,
  compilable: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Plan {
  const { cost, depth } = measure(schema, document, operation);
  const fields = rootFields(schema, document, operation);
  const introspects = fields.some((field) => field.includes('.__'));
  const guarded = fields.filter((field) => !field.includes('.__'));
  let uses = 0;
  let compiled: CompiledQuery | undefined;
  return {
    operation,
    check(session, variables) {
      const refused = guarded.find((field) => !allows(field, session.roles));
      if (refused !== undefined) {
        const roles = session.roles.length === 0 ? 'no role' : `the role ${session.roles.join(', ')}`;
        throw fault('FORBIDDEN', `${refused} is not allowed to ${roles}.`, [refused.split('.')[1] ?? refused]);
      }
      if (depth > MAX_DEPTH) {
        throw fault('QUERY_TOO_COSTLY', `The operation is ${depth} fields deep; the limit is ${MAX_DEPTH}.`);
      }
      const sum = cost(variables);
      if (sum > MAX_COST) {
        throw fault(
          'QUERY_TOO_COSTLY',
          `The operation costs ${Math.ceil(sum)}; the limit is ${MAX_COST}. Ask for less.`,
        );
      }
    },
    compiled() {
      if (introspects || operation.operation === 'subscription') return undefined;
      uses += 1;
      if (uses === COMPILED_FROM_USE) compiled = compile(compilable, document, operation);
      return compiled;
    },
  };
}

/**
 * The compiler reads variables by rules of its own, which lose the default of a non-null input field. So variables are
 * coerced by the GraphQL library before, and the compiled operation is told that theirs is a type it must leave alone.
 */
const COERCED = new GraphQLScalarType({ name: 'CoercedByTheLibrary' });

function withCoercedVariables(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const coerced = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: COERCED.name } } as const;
  const variableDefinitions = operation.variableDefinitions?.map(({ variable, kind, type }) => {
    // `@skip` and `@include` insist on a boolean, which is read by the same rules everywhere.
    const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
    const isBoolean = named.kind === Kind.NAMED_TYPE && named.name.value === 'Boolean';
    return { kind, variable, type: isBoolean ? type : coerced };
  });
  const rewritten = { ...operation, variableDefinitions };
  return {
    ...document,
    definitions: document.definitions.map((definition) => (definition === operation ? rewritten : definition)),
  };
}

/** The compiled operation takes variables as the GraphQL library coerced them. */
function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): CompiledQuery | undefined {
  try {
    const rewritten = withCoercedVariables(document, operation);
    const query = compileQuery(schema, rewritten, operation.name?.value, { disablingCapturingStackErrors: true });
    return isCompiledQuery(query) ? query : undefined;
  } catch {
    // What the compiler cannot do the plain executor can; the answer is the same, only slower.
    return undefined;
  }
}

/** The fields of the root an operation uses, as `Type.field`, through all fragments. */
function rootFields(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): string[] {
  const root = schema.getRootType(operation.operation)?.name ?? '';
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const fields = new Set<string>();
  const seen = new Set<string>();
  const visit = (set: SelectionSetNode): void => {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) fields.add(`${root}.${node.name.value}`);
      else if (node.kind === Kind.INLINE_FRAGMENT) visit(node.selectionSet);
      else if (!seen.has(node.name.value)) {
        seen.add(node.name.value);
        const fragment = fragments.get(node.name.value);
        if (fragment !== undefined) visit(fragment.selectionSet);
      }
    }
  };
  visit(operation.selectionSet);
  return [...fields];
}
