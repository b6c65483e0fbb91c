import type { Recorded } from '../../src/domain/catalogue';
import { sortKey } from '../../src/domain/collation';
import type { Substitution } from '../../src/domain/rulebook/standing';
import { projection, type RowsOf } from '../../src/tables/projection';
import { subjectOf } from '../subject';
import { type RulebookRow, tables } from './tables';

type Rules = RowsOf<typeof tables>;

/** The rules by which reviews go: workflows, what they apply to, and the people that they name. */
export const rules = projection({
  name: 'rules',
  version: 1,
  tables,
  on: {
    WorkflowDefined: (event, rows) => {
      const { version, definition, hash } = event.data;
      const { name } = definition;
      const workflow = subjectOf(event);
      const { occurredAt, actorId } = event.metadata;
      const defined = { version, definition, hash, definedAt: occurredAt, definedBy: actorId };
      const { revision, position: changed } = event;
      rows.workflow.put({ workflow, name, nameKey: sortKey(name), ...defined, revision, changed });
    },
    RulebookRevised: (event, rows) => {
      const { number, entries, roles = [], groups = [], editors = [] } = event.data;
      change(event, rows, () => ({ number, entries, roles, groups, editors }));
    },
    SubstituteNamed: (event, rows) => {
      const { substitution, person, substitute, from, until, scope } = event.data;
      const named = { substitution, person, substitute, from, until, ...(scope && { scope }) };
      change(event, rows, (before) => ({ substitutions: [...substitutionsOf(before), named] }));
    },
    SubstitutionEnded: (event, rows) => {
      const { substitution } = event.data;
      change(event, rows, (before) => ({
        substitutions: substitutionsOf(before).filter((each) => each.substitution !== substitution),
      }));
    },
  },
});

function substitutionsOf({ substitutions }: RulebookRow): readonly Substitution[] {
  return substitutions as readonly Substitution[];
}

function change(event: Recorded, rows: Rules, by: (before: RulebookRow) => Partial<RulebookRow>): void {
  const rulebook = subjectOf(event);
  const { revision, position: changed } = event;
  const none = { number: 0, entries: [], roles: [], groups: [], editors: [], substitutions: [] };
  const before = rows.rulebook.get({ rulebook }) ?? { rulebook, ...none, revision, changed };
  rows.rulebook.put({ ...before, ...by(before), revision, changed });
}
