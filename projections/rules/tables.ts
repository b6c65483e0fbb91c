import { type Row, table } from '../../src/tables/projection';

/** The newest version of each workflow; earlier ones are in its past. */
export const workflow = table({
  columns: {
    workflow: 'uuid',
    name: 'text',
    /** What workflows are sorted by: `sortKey` of the name. */
    nameKey: 'text',
    version: 'integer',
    hash: 'digest',
    /** `WorkflowDefinition` of the domain. */
    definition: 'json',
    definedAt: 'instant',
    definedBy: 'word',
    /** Last revision of its stream and position of that event. */
    revision: 'integer',
    changed: 'position',
  },
  key: ['workflow'],
  temporal: true,
  sortKeys: { nameKey: 'name' },
  indexes: [{ columns: ['nameKey'] }],
  search: 'name',
});

/** The rulebook as it was laid down last, with the substitutes that were named. */
export const rulebook = table({
  columns: {
    rulebook: 'uuid',
    number: 'integer',
    /** `RulebookEntry` of the domain, in order. */
    entries: 'json',
    /** `PeopleList` of the domain. */
    roles: 'json',
    groups: 'json',
    editors: 'list',
    /** `Substitution` of the domain. */
    substitutions: 'json',
    revision: 'integer',
    changed: 'position',
  },
  key: ['rulebook'],
  temporal: true,
});

export const tables = { workflow, rulebook };

export type WorkflowRow = Row<typeof workflow>;
export type RulebookRow = Row<typeof rulebook>;
