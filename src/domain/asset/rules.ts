import type { Context } from '../decider';
import { mostSpecific, RULEBOOK, type Scope } from '../scope';
import type { Known, Standings } from '../standings';
import { streamOf } from '../stream';
import { fieldOf } from './material';
import type { AssetState } from './state';

export type Rulebook = Standings['rulebook'];
export type DefinedVersion = Standings['workflow']['versions'][number];
export type Definition = DefinedVersion['definition'];
export type Stage = Definition['stages'][number];

/** The rules that a decision goes by. */
export interface Rules {
  readonly workflow: string;
  readonly defined: DefinedVersion;
  readonly rulebook: Rulebook | undefined;
  readonly scope: Scope;
}

/** Fields that say which rules apply: whoever changes them asks for other rules, so they are always material. */
const OF_SCOPE = ['brand', 'market'] as const;

export function materialFieldsIn({ materialFields = [] }: Definition): readonly string[] {
  return [...new Set([...materialFields, ...OF_SCOPE])];
}

/** What rules find an asset by. Whoever asks for a review cannot choose it. */
export function scopeOf({ kind, metadata }: AssetState): Scope {
  const said = (name: (typeof OF_SCOPE)[number]) => {
    const field = fieldOf(metadata, name);
    return field?.type === 'text' ? { [name]: field.value } : {};
  };
  return { kind, ...said('brand'), ...said('market') };
}

const rulebookStream = streamOf('rulebook', RULEBOOK);

/** Streams that say which rules a new review of an asset follows. */
export function newRulesStreams(known: Known, state: AssetState): readonly string[] {
  const entry = entryFor(known.standing('rulebook', RULEBOOK), scopeOf(state));
  return entry?.workflow === undefined ? [rulebookStream] : [rulebookStream, streamOf('workflow', entry.workflow)];
}

/** Streams of the rules that the open review, or the approval that lapsed, goes by. */
export function ownRulesStreams({ review, lapsed }: AssetState): readonly string[] {
  const workflow = review?.under?.workflow ?? lapsed?.workflow;
  return workflow === undefined ? [] : [rulebookStream, streamOf('workflow', workflow)];
}

function entryFor(rulebook: Rulebook | undefined, scope: Scope) {
  return mostSpecific(rulebook?.entries.filter(({ workflow }) => workflow !== undefined) ?? [], scope);
}

/** The rules of a new review; undefined where one approver is enough. */
export function newRules(state: AssetState, context: Pick<Context, 'standing'>): Rules | undefined {
  const rulebook = context.standing('rulebook', RULEBOOK);
  const scope = scopeOf(state);
  const { workflow, workflowVersion } = entryFor(rulebook, scope) ?? {};
  const defined = workflow && definedVersion(context, workflow, workflowVersion);
  return workflow && defined ? { workflow, defined, rulebook, scope } : undefined;
}

/** The rules of what is under a workflow already: its version, and the people as the rulebook has them now. */
export function rulesOf(
  under: { readonly workflow: string; readonly workflowVersion: number; readonly scope: Scope },
  context: Pick<Context, 'standing'>,
): Rules {
  const { workflow, workflowVersion, scope } = under;
  const defined = definedVersion(context, workflow, workflowVersion);
  if (defined === undefined) throw new Error(`workflow ${workflow} has no version ${workflowVersion}`);
  return { workflow, defined, rulebook: context.standing('rulebook', RULEBOOK), scope };
}

function definedVersion(
  { standing }: Pick<Context, 'standing'>,
  workflow: string,
  version: number | undefined,
): DefinedVersion | undefined {
  const versions = standing('workflow', workflow)?.versions ?? [];
  return version === undefined ? versions.at(-1) : versions[version - 1];
}

export function stageOf({ defined }: Rules, id: string): Stage {
  return defined.definition.stages.find((stage) => stage.id === id)!;
}
