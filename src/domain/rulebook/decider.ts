import { canonicalJson } from '../canonical';
import { ruleFaults } from '../compliance';
import { type Context, commandsOf, decider, type Outcome } from '../decider';
import { mayEdit } from '../editors';
import type { InputFault } from '../input';
import { type Refusal, refusalOf, refuse } from '../refusal';
import { APPROVERS, PRODUCTION } from '../roles';
import { RULEBOOK, ties } from '../scope';
import { streamOf } from '../stream';
import { EndSubstitution, NameSubstitute, ReviseRulebook } from './commands';
import type { RulebookEvent } from './events';
import { APPLICABLE } from './parts';
import { evolve, INITIAL, type RulebookState, standingOf } from './state';
import { endSubstitution, nameSubstitute, windowFaults } from './substitutes';

const command = commandsOf<RulebookState, RulebookEvent>();

/** Which rules apply to which assets, and who the people are that the rules name. */
export const rulebookDecider = decider({
  category: 'rulebook',
  initial: INITIAL,
  evolve,
  standing: standingOf,
  commands: [
    command(ReviseRulebook, {
      roles: APPROVERS,
      where: () => undefined,
      decide: revise,
      contradictions: (given) => [...elsewhere(given), ...entryFaults(given)],
      references: ({ entries }) =>
        entries.flatMap(({ workflow }) => (workflow ? [streamOf('workflow', workflow)] : [])),
    }),
    command(NameSubstitute, {
      roles: PRODUCTION,
      where: () => undefined,
      decide: nameSubstitute,
      contradictions: (given) => [...elsewhere(given), ...windowFaults(given)],
    }),
    command(EndSubstitution, {
      roles: PRODUCTION,
      where: () => undefined,
      decide: endSubstitution,
      contradictions: elsewhere,
    }),
  ],
});

function elsewhere({ rulebook }: { readonly rulebook: string }): readonly InputFault[] {
  return rulebook === RULEBOOK ? [] : [{ steps: ['rulebook'], reason: `there is one rulebook, ${RULEBOOK}` }];
}

function revise(command: ReviseRulebook, state: RulebookState, context: Context): Outcome<RulebookEvent> {
  if (!mayEdit(state, context.actor)) return refuse('RULEBOOK_NOT_YOURS');
  const refused = refusalOf(unknown(command, context));
  if (refused !== undefined) return { refusal: refused };
  const { entries, roles, groups, editors, note } = command;
  if (state.number > 0 && wordsOf(command) === wordsOf(state)) return { events: [] };
  const data = { number: state.number + 1, entries, roles, groups, editors, note };
  return { events: [{ type: 'RulebookRevised', data }] };
}

function wordsOf({
  entries,
  roles = [],
  groups = [],
  editors = [],
}: Omit<ReviseRulebook, 'type' | 'rulebook'>): string {
  return canonicalJson([entries, roles, groups, editors]);
}

function unknown({ entries }: ReviseRulebook, context: Context): readonly Refusal[] {
  return entries.flatMap(({ workflow, workflowVersion: version }, index) => {
    if (workflow === undefined) return [];
    const versions = context.standing('workflow', workflow)?.versions;
    const at = ['entries', String(index)];
    if (versions === undefined) return [refuse('WORKFLOW_NOT_FOUND', undefined, [...at, 'workflow']).refusal];
    if (version === undefined || version <= versions.length) return [];
    return [refuse('WORKFLOW_NOT_FOUND', undefined, [...at, 'workflowVersion']).refusal];
  });
}

/** Entries that say nothing, and those between which nothing decides. */
function entryFaults({ entries }: ReviseRulebook): readonly InputFault[] {
  return entries.flatMap((entry, index): readonly InputFault[] => {
    const at = ['entries', String(index)];
    if (entry.workflow === undefined && entry.workflowVersion !== undefined) {
      return [{ steps: [...at, 'workflowVersion'], reason: 'names a version of no workflow' }];
    }
    const faults = ruleFaults(entry.rules ?? [], [...at, 'rules']);
    if (faults.length > 0) return faults;
    const said = APPLICABLE.filter((name) => entry[name] !== undefined);
    if (said.length === 0) return [{ steps: at, reason: 'says of its scope nothing that applies' }];
    const tied = entries.findIndex(
      (other, before) =>
        before < index && said.some((name) => other[name] !== undefined) && ties(other.scope, entry.scope),
    );
    const reason = `is as specific as that of entry ${tied}, and one asset can be in both`;
    return tied === -1 ? [] : [{ steps: [...at, 'scope'], reason }];
  });
}
