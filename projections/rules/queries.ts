import { RULEBOOK } from '../../src/domain/scope';
import type { At, ProjectionReader } from '../../src/tables/reader';
import { matches } from '../filters';
import { listOf } from '../list';
import { type RulebookRow, rulebook, type WorkflowRow, workflow } from './tables';

export const workflows = listOf({
  name: 'workflows',
  projection: 'rules',
  table: workflow,
  orders: { name: 'nameKey' },
  usual: { by: 'name', direction: 'asc' },
  filters: { nameMatches: matches },
});

/** Workflows by their ids, in that order; undefined where there was none at that moment. */
export function workflowsById(
  reader: ProjectionReader,
  ids: readonly string[],
  at?: At,
): Promise<readonly (WorkflowRow | undefined)[]> {
  return reader.getMany(
    workflow,
    ids.map((id) => ({ workflow: id })),
    at,
  );
}

/** Rulebooks by their ids, in that order. */
export function rulebooksById(
  reader: ProjectionReader,
  ids: readonly string[],
  at?: At,
): Promise<readonly (RulebookRow | undefined)[]> {
  return reader.getMany(
    rulebook,
    ids.map((id) => ({ rulebook: id })),
    at,
  );
}

/** The rulebook of the workspace. */
export function theRulebook(reader: ProjectionReader, at?: At): Promise<RulebookRow | undefined> {
  return reader.get(rulebook, { rulebook: RULEBOOK }, at);
}
