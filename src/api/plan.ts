import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Session } from './claims';
import { Compiled, MOST_COMPILED } from './compiled';
import { costliest, measure, type Part, type Variables } from './cost';
import { fault } from './errors';
import { MAX_COST, MAX_DEPTH } from './limits';
import { allows } from './roles';
import type { Size } from './unfolding';
import { Uses } from './uses';

/** What is known about one operation of a valid document, independent of caller and variables. */
export interface Plan {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly size: Size;
  /** The cost with these variables. Throws FORBIDDEN or QUERY_TOO_COSTLY. */
  check(session: Session, variables: Variables): number;
  /** The compiled form, if the operation may have one; otherwise the plain executor is used. */
  readonly compiled: Compiled | undefined;
}

/** `compilable` returns the schema for the compiler. */
export function makePlan(
  schema: GraphQLSchema,
  compilable: () => GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  size: Size,
): Plan {
  const whole = measure(schema, document, operation);
  const { depth } = whole;
  const uses = new Uses(document, operation);
  const fields = rootFields(schema, document, operation);
  const introspects = fields.some((field) => field.includes('.__'));
  const guarded = fields.filter((field) => !field.includes('.__'));
  // A compiled operation that fails is executed again plainly, and an act must run once: acts are never compiled.
  const compiles = operation.operation === 'query' && !introspects && size.selections <= MOST_COMPILED;
  return {
    document,
    operation,
    size,
    compiled: compiles ? new Compiled(compilable, document, operation) : undefined,
    check(session, variables) {
      const refused = guarded.find((field) => !allows(field, session.roles));
      if (refused !== undefined) throw forbidden(refused, session);
      if (depth > MAX_DEPTH) {
        throw fault('QUERY_TOO_COSTLY', `The operation is ${depth} fields deep; the limit is ${MAX_DEPTH}.`);
      }
      const tooLarge = uses.refusal(variables);
      if (tooLarge !== undefined) throw tooLarge;
      const sum = whole.cost(variables);
      if (sum > MAX_COST) throw tooCostly(whole, variables);
      return sum;
    },
  };
}

/** The error for a field that these roles may not use. */
export function forbidden(field: string, { roles }: Session): GraphQLError {
  const named = roles.length === 0 ? 'no role' : `the role ${roles.join(', ')}`;
  return fault('FORBIDDEN', `${field} is not allowed to ${named}.`, [field.split('.')[1] ?? field]);
}

function tooCostly(whole: Part, variables: Variables): GraphQLError {
  const requested = Math.ceil(whole.cost(variables));
  const { path, share } = costliest(whole, variables);
  const most =
    path.length === 0 ? 'No field has most of it' : `${Math.round(share * 100)} % of it is for ${path.join('.')}`;
  const message = `The operation costs ${requested}; the limit is ${MAX_COST}. ${most}: ask for fewer rows or fields.`;
  return fault('QUERY_TOO_COSTLY', message, undefined, { requested, limit: MAX_COST, field: path });
}

/** The root fields that an operation uses, as `Type.field`, through all fragments. */
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
