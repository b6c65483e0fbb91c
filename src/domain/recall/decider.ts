import { type Context, commandsOf, decider, type Happened, type Outcome } from '../decider';
import type { InputFault } from '../input';
import { type Refusal, refuse } from '../refusal';
import { assetsIn, lineageOf } from '../rights/lineage';
import { APPROVERS, PRODUCTION } from '../roles';
import type { Known } from '../standings';
import { streamOf } from '../stream';
import { AnswerRecall, CloseRecall, JoinRecall, OpenRecall } from './commands';
import type { RecallEvent } from './events';
import { MOST_RECALLED, type RecallAnswer } from './parts';
import type { RecallStanding } from './standing';

interface RecallState {
  readonly standing: RecallStanding | undefined;
  /** How it stands with each placement. */
  readonly answers: ReadonlyMap<string, Answered>;
}

/** What was said last of a placement; `proven` where it was also shown that it is gone. */
type Answered = RecallAnswer | 'asked' | 'proven';

const absent = ({ standing }: RecallState): Refusal | undefined =>
  standing === undefined ? undefined : refuse('RECALL_EXISTS', undefined, ['recall']).refusal;
const open = ({ standing }: RecallState): Refusal | undefined => {
  if (standing === undefined) return refuse('RECALL_NOT_FOUND', undefined, ['recall']).refusal;
  return standing.open ? undefined : refuse('RECALL_CLOSED', undefined, ['recall']).refusal;
};

const command = commandsOf<RecallState, RecallEvent>();

/** An obligation over everything that runs of an asset; it is fulfilled placement by placement. */
export const recallDecider = decider({
  category: 'recall',
  initial: { standing: undefined, answers: new Map<string, Answered>() },
  evolve,
  standing: ({ standing }: RecallState) => standing,
  commands: [
    command(OpenRecall, {
      roles: APPROVERS,
      where: absent,
      decide: openRecall,
      references: ({ asset }) => [streamOf('asset', asset)],
      radiusOf: ({ asset }) => asset,
    }),
    command(JoinRecall, { roles: PRODUCTION, where: open, decide: join, references: joiningAsks }),
    command(AnswerRecall, { roles: PRODUCTION, where: open, decide: answer, contradictions: reasonOfRefusal }),
    command(CloseRecall, { roles: APPROVERS, where: open, decide: close }),
  ],
});

function openRecall({ asset, reason, dueBy }: OpenRecall, _: RecallState, context: Context): Outcome<RecallEvent> {
  if (context.standing('asset', asset) === undefined) return refuse('ASSET_NOT_FOUND', undefined, ['asset']);
  if (dueBy <= context.occurredAt)
    return refuse('INVALID_INPUT', 'dueBy: must be after the moment of the act', ['dueBy']);
  const { placements, position: radiusAt } = context.radius ?? { placements: [], position: undefined };
  if (placements === undefined || placements.length > MOST_RECALLED)
    return refuse('RECALL_TOO_WIDE', undefined, ['asset']);
  return { events: [{ type: 'RecallOpened', data: { asset, reason, dueBy, placements, radiusAt } }] };
}

/** The asset of the placement, and everything it comes from or holds. */
function joiningAsks({ asset }: JoinRecall, known: Known): readonly string[] {
  const standing = known.standing('asset', asset);
  const origins = standing === undefined ? [] : assetsIn(lineageOf(standing, known));
  return [asset, ...origins].map((each) => streamOf('asset', each));
}

function join({ asset, placement }: JoinRecall, state: RecallState, context: Context): Outcome<RecallEvent> {
  if (state.answers.has(placement)) return { events: [] };
  const standing = context.standing('asset', asset);
  const running = standing?.running.find((each) => each.placement === placement);
  if (standing === undefined || running === undefined) return refuse('PLACEMENT_NOT_FOUND', undefined, ['placement']);
  const recalled = state.standing!.asset;
  const related = asset === recalled || assetsIn(lineageOf(standing, context)).includes(recalled);
  if (!related) return refuse('RECALL_UNRELATED', undefined, ['asset']);
  const { campaign, version, channel, market } = running;
  return { events: [{ type: 'RecallJoined', data: { asset, placement, campaign, version, channel, market } }] };
}

function reasonOfRefusal({ answer: word, reason, evidence }: AnswerRecall): readonly InputFault[] {
  if (word === 'refused' && reason === undefined) return [{ steps: ['reason'], reason: 'must say why it is refused' }];
  return word !== 'takenDown' && evidence !== undefined
    ? [{ steps: ['evidence'], reason: 'goes with a placement that was taken down' }]
    : [];
}

function answer(
  { placement, answer: word, reason, evidence }: AnswerRecall,
  { answers }: RecallState,
): Outcome<RecallEvent> {
  if (!answers.has(placement)) return refuse('RECALL_LACKS_PLACEMENT', undefined, ['placement']);
  const before = answers.get(placement);
  // Who has taken it down can still show that it is gone, and nothing else can be said of it any more.
  const shows = word === 'takenDown' && evidence !== undefined;
  if (before === 'proven' || (before === 'takenDown' && !shows)) return { events: [] };
  if (before === word && !shows) return { events: [] };
  return { events: [{ type: 'RecallAnswered', data: { placement, answer: word, reason, evidence } }] };
}

function close({ note }: CloseRecall, { answers }: RecallState): Outcome<RecallEvent> {
  const unresolved = [...answers.values()].filter((word) => word === 'asked' || word === 'acknowledged').length;
  if (unresolved === 0) return { events: [{ type: 'RecallClosed', data: { note } }] };
  return refuse(
    'RECALL_UNRESOLVED',
    `Of ${answers.size} placements, ${unresolved} are neither taken down nor refused.`,
  );
}

function evolve(state: RecallState, event: Happened<RecallEvent>): RecallState {
  switch (event.type) {
    case 'RecallOpened': {
      const { asset, placements } = event.data;
      const answers = new Map(placements.map(({ placement }) => [placement, 'asked'] as const));
      return { standing: { asset, open: true }, answers };
    }
    case 'RecallJoined':
      return { ...state, answers: new Map(state.answers).set(event.data.placement, 'asked') };
    case 'RecallAnswered':
      return { ...state, answers: new Map(state.answers).set(event.data.placement, answered(event.data)) };
    case 'RecallClosed':
      return { ...state, standing: state.standing && { ...state.standing, open: false } };
  }
}

function answered({ answer: word, evidence }: { readonly answer: RecallAnswer; readonly evidence?: object }): Answered {
  return word === 'takenDown' && evidence !== undefined ? 'proven' : word;
}
