import type { Context } from '../decider';
import { canonicalId } from '../identity';
import { excludedFrom, type People, votersOf } from './eligible';
import type { AssetEvent } from './events';
import { fill, type Seat } from './quorum';
import type { OpenPath } from './reviewevents';
import type { Decided, OpenReview, UnderWorkflow } from './reviewstate';
import { materialFieldsIn, type Rules, type Stage } from './rules';
import type { AssetState } from './state';
import { dueAt, remindersAt } from './worktime';

/** What a stage is about: a review that is open, or the one that begins. */
export type About = Pick<OpenReview, 'review' | 'version' | 'digest' | 'materialHash' | 'requestedBy' | 'decided'> & {
  readonly round: number;
};

export function aboutOf(review: OpenReview, under: UnderWorkflow): About {
  return { ...review, round: under.round };
}

const waitedFor = ({ paths }: Stage) => paths.filter(({ optional = false }) => !optional);
const demandsOf = (stage: Stage) => waitedFor(stage).map(({ id, quorum }) => ({ path: id, quorum }));

/** Those who said yes in a stage, with the paths for which they counted then. */
function yesIn(decided: readonly Decided[], number: number): readonly Seat[] {
  return decided
    .filter(({ counts, decision, stage }) => counts && decision === 'approve' && stage === number)
    .map(({ by, paths = [] }) => ({ person: by, paths }));
}

/** Who fills which path, and which paths lack people, by the decisions so far. */
export function standOf(stage: Stage, number: number, decided: readonly Decided[]) {
  return fill(demandsOf(stage), yesIn(decided, number));
}

/**
 * Paths that can no longer get the people they need: those who said yes keep their places, and everybody who is a
 * candidate, is not excluded and has not decided may still say yes. Where anybody may decide, somebody always can.
 */
export function unreachableIn(
  stage: Stage,
  number: number,
  rules: Rules,
  excluded: People,
  { decided, escalated }: { readonly decided: readonly Decided[]; readonly escalated: boolean },
): readonly string[] {
  const voters = stage.paths.map((path) => ({ path: path.id, ...votersOf(path, stage, escalated, rules.rulebook) }));
  const open = new Set(voters.filter(({ anybody }) => anybody).map(({ path }) => path));
  const taken = new Set(
    decided
      .filter((each) => each.counts && each.stage === number)
      .flatMap(({ by, insteadOf }) => (insteadOf === undefined ? [by] : [by, insteadOf]))
      .map(canonicalId),
  );
  const left = new Set(voters.flatMap(({ named }) => [...named]).filter((id) => !excluded.has(id) && !taken.has(id)));
  const may = [...left].map((person) => ({
    person,
    paths: voters.filter(({ named }) => named.has(person)).map(({ path }) => path),
  }));
  const demands = demandsOf(stage).filter(({ path }) => !open.has(path));
  return fill(demands, [...yesIn(decided, number), ...may]).lacking;
}

/** What follows when a stage opens: by when it must be satisfied, who may decide in it, and whom it can never reach. */
export function openStage(
  index: number,
  about: About,
  rules: Rules,
  state: AssetState,
  context: Context,
): readonly AssetEvent[] {
  const { calendar, stages } = rules.defined.definition;
  const stage = stages[index]!;
  const { review, version, digest, round, requestedBy, decided } = about;
  const excluded = excludedFrom(state, requestedBy);
  const { deadline } = stage;
  const due = deadline && dueAt(context.occurredAt, deadline, calendar);
  const remindAt = due && deadline ? remindersAt(context.occurredAt, due, deadline) : [];
  const lacking = unreachableIn(stage, index + 1, rules, excluded, { decided, escalated: false });
  const of = { review, version, digest };
  const opened: AssetEvent = {
    type: 'StageOpened',
    data: {
      ...of,
      round,
      stage: stage.id,
      number: index + 1,
      name: stage.name,
      due,
      ...(remindAt.length > 0 && { remindAt }),
      paths: stage.paths.map((path) => openPath(path, stage, rules, excluded, context)),
      excluded: [...excluded].sort(),
    },
  };
  if (lacking.length === 0) return [opened];
  return [opened, { type: 'QuorumUnreachable', data: { ...of, stage: stage.id, paths: lacking } }];
}

function openPath(
  path: Stage['paths'][number],
  stage: Stage,
  { rulebook }: Rules,
  excluded: People,
  { sha256 }: Context,
): OpenPath {
  const { id, name, quorum, optional, candidates } = path;
  const shown = { path: id, name, quorum, optional, candidates };
  const { named, anybody } = votersOf(path, stage, false, rulebook);
  if (anybody) return shown;
  const eligible = [...named].filter((person) => !excluded.has(person)).sort();
  return { ...shown, eligible: eligible.length, eligibleHash: sha256(JSON.stringify(eligible)) };
}

/** What follows when a stage is satisfied: the next one opens, or the approval is granted. */
export function afterStage(
  stage: Stage,
  about: About,
  rules: Rules,
  state: AssetState,
  context: Context,
  byRule?: true,
): readonly AssetEvent[] {
  const { stages } = rules.defined.definition;
  const index = stages.findIndex(({ id }) => id === stage.id);
  const { review, version, digest, round } = about;
  const { people } = standOf(stage, index + 1, about.decided);
  const filled = [...people].map(([path, who]) => ({ path, people: who }));
  const satisfied: AssetEvent = {
    type: 'StageSatisfied',
    data: { review, version, digest, round, stage: stage.id, filled, ...(byRule && { byRule }) },
  };
  const next = stages[index + 1];
  return [
    satisfied,
    ...(next === undefined ? [grant(about, rules, context)] : openStage(index + 1, about, rules, state, context)),
  ];
}

/** Granted by everybody who fills a path of a stage. */
function grant(about: About, rules: Rules, context: Context): AssetEvent {
  const { review, version, digest, materialHash, decided } = about;
  const { stages } = rules.defined.definition;
  const yes = stages.flatMap((stage, index) => [...standOf(stage, index + 1, decided).people.values()].flat());
  return {
    type: 'ApprovalGranted',
    data: {
      approval: context.id('approval'),
      review,
      version,
      digest,
      materialHash,
      decidedBy: yes.filter((by, index) => yes.findIndex((each) => canonicalId(each) === canonicalId(by)) === index),
      workflow: rules.workflow,
      workflowVersion: rules.defined.version,
      materialFields: materialFieldsIn(rules.defined.definition),
    },
  };
}
