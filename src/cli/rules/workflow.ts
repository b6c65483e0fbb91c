import type { Command } from 'commander';
import { UsageError } from '../../config/exit';
import { diagramOf } from '../../domain/workflow/diagram';
import type { WorkflowDefinition } from '../../domain/workflow/parts';
import { READY } from '../../domain/workflow/ready';
import { action, dataCommand, type Result } from '../frame';
import { differenceOf } from './difference';
import { issue, type Rules, refuseFaults, withRules, workflowBy, workflowNamed, yamlOf } from './rules';
import { parseYaml, readYaml, type YamlFile } from './yamlfile';

interface Options {
  readonly actor?: string;
}

const SHIPPED = Object.keys(READY).join(' or ');

/** `workflow apply|show|try`: definitions of workflows as files that people read. */
export function addWorkflow(program: Command): void {
  const workflow = program
    .command('workflow')
    .description('define the workflows of reviews, from files that people read');
  dataCommand(workflow, 'apply <file>', `define a workflow, or its next version, from a YAML file, ${SHIPPED}`, [
    'workflow apply brand.yaml --actor maria',
    'workflow apply four-eyes --actor maria',
  ])
    .requiredOption('--actor <id>', 'opaque id of the person who defines it')
    .action(
      action<Options, [string]>(async ({ config, signal }, { actor = '' }, file) =>
        withRules(config, signal, async (rules) => {
          const wanted = read(file);
          const events = await issue(rules, wanted.command, actor);
          return told(rules, wanted, events.length > 0 ? 'defined' : 'unchanged');
        }),
      ),
    );
  dataCommand(workflow, 'try <file>', 'check a file, and tell what would change and which reviews are running', [
    'workflow try brand.yaml',
  ]).action(
    action<Options, [string]>(async ({ config, signal }, _options, file) =>
      withRules(config, signal, async (rules) => told(rules, read(file), 'tried')),
    ),
  );
  dataCommand(workflow, 'show [name]', `print a workflow by its name or id, ${SHIPPED}; without a name, all names`, [
    'workflow show',
    'workflow show brand-legal-market > brand.yaml',
    'workflow show "Brand, legal, market"',
  ]).action(
    action<Options, [string | undefined]>(async ({ config, signal }, _options, name) => {
      const shipped = name === undefined ? undefined : READY[name];
      if (shipped !== undefined) return shown({ definition: shipped });
      return withRules(config, signal, async (rules) => (name === undefined ? listed(rules) : one(name, rules)));
    }),
  );
}

interface Wanted {
  readonly workflow: string;
  readonly definition: WorkflowDefinition;
  readonly command: {
    readonly type: 'DefineWorkflow';
    readonly workflow: string;
    readonly definition: WorkflowDefinition;
  };
}

/** A file, or a workflow that comes with the program. Throws UsageError that names line and column of every fault. */
function read(file: string): Wanted {
  const yaml: YamlFile = READY[file] === undefined ? readYaml(file) : parseYaml(yamlOf(READY[file]), file);
  if (typeof yaml.value !== 'object' || yaml.value === null || Array.isArray(yaml.value)) {
    throw new UsageError(yaml.located({ steps: [], reason: 'must be a workflow: name, stages, …' }));
  }
  const { workflow: named, ...definition } = yaml.value as { readonly workflow?: string } & WorkflowDefinition;
  const workflow = named ?? workflowNamed(String(definition.name));
  const command = { type: 'DefineWorkflow', workflow, definition } as const;
  refuseFaults(command, yaml, 'definition');
  return { workflow, definition, command };
}

function told(rules: Rules, { workflow, definition }: Wanted, outcome: 'defined' | 'unchanged' | 'tried'): Result {
  const before = rules.workflows.find((each) => each.workflow === workflow);
  const difference = differenceOf(before === undefined ? '' : yamlOf(before.definition), yamlOf(definition));
  const running = rules.running.filter((review) => review.workflow === workflow);
  const diagram = diagramOf(definition);
  const changed = difference.some((line) => !line.startsWith('  '));
  const version = (before?.version ?? 0) + (changed ? 1 : 0);
  const stay = running.map(({ review, asset, workflowVersion, stage }) => ({ review, asset, workflowVersion, stage }));
  const lines = [
    `${definition.name} (${workflow}): ${SAID[outcome]} version ${version}`,
    '',
    ...(changed ? difference : ['nothing changes']),
    '',
    `${running.length} running reviews stay on the version they began with:`,
    ...stay
      .slice(0, 20)
      .map((each) => `  review ${each.review} of asset ${each.asset}, version ${each.workflowVersion}`),
    '',
    diagram,
  ];
  const json = { workflow, version, outcome, changed, difference: changed ? difference : [], running: stay, diagram };
  return { json, text: lines.join('\n') };
}

const SAID = { defined: 'defined as', unchanged: 'is already', tried: 'would be' } as const;

function one(name: string, rules: Rules): Result {
  const { workflow, version, hash, definition } = workflowBy(name, rules);
  return shown({ workflow, version, hash, definition: definition as WorkflowDefinition });
}

function shown(found: {
  readonly workflow?: string;
  readonly definition: WorkflowDefinition;
  readonly version?: number;
  readonly hash?: string;
}): Result {
  const diagram = diagramOf(found.definition);
  const { workflow, definition } = found;
  const commented = diagram
    .split('\n')
    .map((line) => (line === '' ? '' : `# ${line}`))
    .join('\n');
  const text = yamlOf({ ...(workflow && { workflow }), ...definition });
  return { json: { ...found, diagram }, text: `${commented}\n${text.trimEnd()}` };
}

function listed({ workflows, running }: Rules): Result {
  const all = workflows.map(({ workflow, name, version, hash }) => ({
    workflow,
    name,
    version,
    hash,
    running: running.filter((review) => review.workflow === workflow).length,
  }));
  const lines = all.map((each) => `${each.workflow}  version ${each.version}, ${each.running} running  ${each.name}`);
  const none = `no workflow is defined; ${SHIPPED} come with the program`;
  return { json: { workflows: all }, text: lines.length === 0 ? none : lines.join('\n') };
}
