import { canonicalJson } from '../canonical';
import { type Context, commandsOf, decider, type Happened, type Outcome } from '../decider';
import { mayEdit } from '../editors';
import { refuse } from '../refusal';
import { APPROVERS } from '../roles';
import { RULEBOOK } from '../scope';
import { streamOf } from '../stream';
import { DefineWorkflow } from './commands';
import { contradictionsOf } from './contradictions';
import type { WorkflowEvent } from './events';
import type { DefinedVersion, WorkflowStanding } from './standing';

interface WorkflowState {
  readonly versions: readonly DefinedVersion[];
}

const command = commandsOf<WorkflowState, WorkflowEvent>();

/** The rules of reviews: a new version never touches what runs. */
export const workflowDecider = decider({
  category: 'workflow',
  initial: { versions: [] } as WorkflowState,
  evolve: ({ versions }: WorkflowState, { data }: Happened<WorkflowEvent>): WorkflowState => ({
    versions: [...versions, { version: data.version, definition: data.definition, hash: data.hash }],
  }),
  standing: ({ versions }: WorkflowState): WorkflowStanding | undefined =>
    versions.length === 0 ? undefined : { versions },
  commands: [
    command(DefineWorkflow, {
      roles: APPROVERS,
      where: () => undefined,
      decide: define,
      contradictions: contradictionsOf,
      references: () => [streamOf('rulebook', RULEBOOK)],
    }),
  ],
});

function define({ definition }: DefineWorkflow, { versions }: WorkflowState, context: Context): Outcome<WorkflowEvent> {
  if (!mayEdit(context.standing('rulebook', RULEBOOK), context.actor)) return refuse('RULEBOOK_NOT_YOURS');
  const hash = context.sha256(canonicalJson(definition));
  if (versions.at(-1)?.hash === hash) return { events: [] };
  return { events: [{ type: 'WorkflowDefined', data: { version: versions.length + 1, definition, hash } }] };
}
