import type { Command } from 'commander';
import { UsageError } from '../../config/exit';
import type { ReviseRulebook } from '../../domain/rulebook/commands';
import type { RulebookEntry } from '../../domain/rulebook/parts';
import { RULEBOOK } from '../../domain/scope';
import { action, dataCommand, type Result } from '../frame';
import { differenceOf } from './difference';
import { issue, type Rules, refuseFaults, withRules, workflowBy, yamlOf } from './rules';
import { readYaml } from './yamlfile';

interface Options {
  readonly actor?: string;
}

/** `rulebook apply|show|try`: the rulebook as a file that people read. */
export function addRulebook(program: Command): void {
  const rulebook = program
    .command('rulebook')
    .description('say which rules apply to which assets, from a file that people read');
  dataCommand(rulebook, 'apply <file>', 'lay down the rulebook from a YAML file, whole', [
    'rulebook apply rules.yaml --actor maria',
  ])
    .requiredOption('--actor <id>', 'opaque id of the person who lays it down')
    .action(
      action<Options, [string]>(async ({ config, signal }, { actor = '' }, file) =>
        withRules(config, signal, async (rules) => {
          const command = read(file, rules);
          const events = await issue(rules, command, actor);
          return told(rules, command, events.length > 0 ? 'laid down' : 'unchanged');
        }),
      ),
    );
  dataCommand(rulebook, 'try <file>', 'check a file, and tell what would change and for which running reviews', [
    'rulebook try rules.yaml',
  ]).action(
    action<Options, [string]>(async ({ config, signal }, _options, file) =>
      withRules(config, signal, async (rules) => told(rules, read(file, rules), 'tried')),
    ),
  );
  dataCommand(rulebook, 'show', 'print the rulebook as a file', ['rulebook show > rules.yaml']).action(
    action(async ({ config, signal }) =>
      withRules(config, signal, async ({ rulebook: row }) => {
        if (row === undefined) return { json: { number: 0 }, text: '# there is no rulebook: one approver is enough' };
        const { number, entries, roles, groups, editors, substitutions } = row;
        const shown = { entries, roles, groups, editors };
        return { json: { number, ...shown, substitutions }, text: `# number ${number}\n${yamlOf(shown).trimEnd()}` };
      }),
    ),
  );
}

/** Workflows may be called by their names. Throws UsageError that names line and column of every fault. */
function read(file: string, rules: Rules): ReviseRulebook {
  const yaml = readYaml(file);
  if (typeof yaml.value !== 'object' || yaml.value === null || Array.isArray(yaml.value)) {
    throw new UsageError(yaml.located({ steps: [], reason: 'must be a rulebook: entries, roles, groups, editors' }));
  }
  const given = yaml.value as Omit<ReviseRulebook, 'type' | 'rulebook'>;
  const entries = !Array.isArray(given.entries)
    ? given.entries
    : given.entries.map((entry: RulebookEntry, index): RulebookEntry => {
        if (typeof entry?.workflow !== 'string') return entry;
        try {
          return { ...entry, workflow: workflowBy(entry.workflow, rules).workflow };
        } catch (error) {
          const steps = ['entries', String(index), 'workflow'];
          throw new UsageError(yaml.located({ steps, reason: (error as Error).message }));
        }
      });
  const command: ReviseRulebook = { ...given, type: 'ReviseRulebook', rulebook: RULEBOOK, entries };
  refuseFaults(command, yaml);
  return command;
}

function told(rules: Rules, command: ReviseRulebook, outcome: 'laid down' | 'unchanged' | 'tried'): Result {
  const before = rules.rulebook;
  const { entries, roles = [], groups = [], editors = [] } = command;
  const old =
    before === undefined
      ? ''
      : yamlOf({ entries: before.entries, roles: before.roles, groups: before.groups, editors: before.editors });
  const difference = differenceOf(old, yamlOf({ entries, roles, groups, editors }));
  const changed = difference.some((line) => !line.startsWith('  '));
  const named = new Set(entries.map(({ workflow }) => workflow));
  const affected = rules.running
    .filter(({ workflow }) => workflow !== null && !named.has(workflow))
    .map(({ review, asset, workflow }) => ({ review, asset, workflow }));
  const lines = [
    `the rulebook: ${outcome}`,
    '',
    ...(changed ? difference : ['nothing changes']),
    '',
    `${rules.running.length} running reviews stay on the rules they began with; of ${affected.length} the workflow would apply to nothing new:`,
    ...affected.slice(0, 20).map((each) => `  review ${each.review} of asset ${each.asset}`),
  ];
  return { json: { outcome, changed, difference: changed ? difference : [], affected }, text: lines.join('\n') };
}
