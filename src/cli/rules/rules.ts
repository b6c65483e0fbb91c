import { v5 as uuidv5 } from 'uuid';
import { stringify } from 'yaml';
import { reviewList } from '../../../projections/reviews/queries';
import type { ReviewRow } from '../../../projections/reviews/tables';
import { theRulebook, workflows } from '../../../projections/rules/queries';
import type { RulebookRow, WorkflowRow } from '../../../projections/rules/tables';
import { type App, createApp } from '../../app';
import type { Config } from '../../config/config';
import { UsageError } from '../../config/exit';
import { COMMANDS, type Command } from '../../domain/deciders';
import { faultsOf, type InputFault } from '../../domain/input';
import { normalCommand } from '../../domain/normal';
import { reasonsOf } from '../../domain/refusal';
import type { YamlFile } from './yamlfile';

const NAMES = 'e2a4c6d8-1b3f-5a7c-9e0d-2f4b6a8c0d1e';

/** The id of a workflow that has no other: the same name gives the same one. */
export const workflowNamed = (name: string): string => uuidv5(`workflow\n${name}`, NAMES);

/** The rules as they are, with the means to change them. */
export interface Rules {
  readonly app: App;
  readonly workflows: readonly WorkflowRow[];
  readonly rulebook: RulebookRow | undefined;
  /** Reviews that wait for decisions or for something new. */
  readonly running: readonly ReviewRow[];
}

/** Opens the rules of a data directory, up to the end of its log. */
export async function withRules<T>(
  config: Config,
  signal: AbortSignal,
  body: (rules: Rules) => Promise<T>,
): Promise<T> {
  const app = await createApp(config);
  try {
    await app.runtime.catchUp({ signal });
    const rules = app.runtime.reader('rules');
    const all = await workflows.page(rules, { first: 1_000 });
    const filter = { statusIn: ['open', 'suspended'] };
    const running = await reviewList.page(app.runtime.reader('reviews'), { filter, first: 1_000 });
    return await body({ app, workflows: all.rows, rulebook: await theRulebook(rules), running: running.rows });
  } finally {
    await app.close();
  }
}

/** A workflow by its id or its name. Throws UsageError where there is none. */
export function workflowBy(word: string, { workflows: all }: Pick<Rules, 'workflows'>): WorkflowRow {
  const found = all.find(({ workflow, name }) => workflow === word || name === word);
  if (found !== undefined) return found;
  const names = all.map(({ name }) => `"${name}"`).join(', ');
  throw new UsageError(
    `there is no workflow "${word}"; ${names === '' ? 'none is defined yet' : `there are ${names}`}`,
  );
}

/** Throws UsageError that names the place of every fault of a command that a file describes. */
export function refuseFaults(command: Command, { located }: YamlFile, under?: string): void {
  const { definition } = COMMANDS.find(({ type }) => type === command.type)!;
  const normal = normalCommand(command);
  const faults = faultsOf(definition.command, normal);
  const all = faults.length > 0 ? faults : (definition.contradictions?.(normal) ?? []);
  if (all.length > 0) throw new UsageError(all.map((fault) => located(inFile(fault, under))).join('\n'));
}

/** The file has the fields of a part of the command at its top. */
function inFile({ steps, reason }: InputFault, under: string | undefined): InputFault {
  const shown = reason === 'is not a field of this command' ? 'is an unknown word' : reason;
  return { steps: steps[0] === under ? steps.slice(1) : steps, reason: shown };
}

/** Issues a command as a person. Throws UsageError where it is refused. */
export async function issue(
  { app }: Rules,
  command: Command,
  actor: string,
): Promise<readonly { readonly type: string }[]> {
  const answer = await app.execute({
    command,
    actor: { id: actor, kind: 'person' },
    workspace: 'default',
    tool: 'palimpsest',
    commandId: uuidv5(`${Date.now()} ${Math.random()}`, NAMES),
  });
  if (answer.ok) return answer.events;
  throw new UsageError(
    reasonsOf(answer.refusal)
      .map(({ message }) => message)
      .join('\n'),
  );
}

/** The text of a definition as a file would have it. */
export const yamlOf = (value: unknown): string => stringify(value, { lineWidth: 0 });
