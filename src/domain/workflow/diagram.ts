import type { Candidates } from '../people';
import type { StageDeadline, WorkflowDefinition, WorkflowPath, WorkflowStage } from './parts';

/** A workflow as a diagram in the language of Mermaid: stages from left to right, their paths in them. */
export function diagramOf({ stages }: Pick<WorkflowDefinition, 'stages'>): string {
  const steps = ['requested', ...stages.map((_stage, index) => `stage${index + 1}`), 'approved'];
  return [
    'flowchart LR',
    '  requested([Review requested])',
    ...stages.flatMap((stage, index) => stageLines(stage, index + 1)),
    '  approved([Approved])',
    ...steps.slice(1).map((step, index) => `  ${steps[index]} --> ${step}`),
    '',
  ].join('\n');
}

function stageLines({ id, name, paths, deadline }: WorkflowStage, number: number): readonly string[] {
  const title = [name ?? id, ...(deadline === undefined ? [] : [byWhen(deadline)])].join(', ');
  return [
    `  subgraph stage${number}["${escaped(`${number}. ${title}`)}"]`,
    ...paths.map((path, index) => `    path${number}_${index + 1}["${escaped(pathText(path))}"]`),
    '  end',
  ];
}

function pathText({ id, name, candidates, quorum, optional = false }: WorkflowPath): string {
  return `${name ?? id}: ${quorum} of ${whoIn(candidates)}${optional ? ' (optional)' : ''}`;
}

function whoIn({ people = [], roles = [], groups = [], anybody = false }: Candidates): string {
  const named = [
    ...people,
    ...roles.map((role) => `role ${role}`),
    ...groups.map((group) => `group ${group}`),
    ...(anybody ? ['anybody'] : []),
  ];
  return named.join(', ');
}

const SILENT: { readonly [S in StageDeadline['onSilence']]: string } = {
  remind: 'then reminded',
  escalate: 'then escalated',
  lapse: 'then over',
  approve: 'then approved by rule',
};

function byWhen({ hours, workingHours, workingDays, onSilence }: StageDeadline): string {
  const length =
    hours !== undefined
      ? `${hours} h`
      : workingHours !== undefined
        ? `${workingHours} working hours`
        : `${workingDays ?? 0} working days`;
  return `within ${length}, ${SILENT[onSilence]}`;
}

/** Text between quotation marks of Mermaid. */
function escaped(text: string): string {
  return text.replace(/[#"<>]/g, (character) => `#${character.codePointAt(0)};`);
}
