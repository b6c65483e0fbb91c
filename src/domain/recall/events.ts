import { act, type EventsIn, eventsOf } from '../definition';
import type { Evidence } from '../evidence';
import type { RecallAnswer, RecalledPlacement } from './parts';

/** Everything that can happen to a recall. */
export const RECALL_EVENTS = eventsOf('recall', {
  RecallOpened: act<{
    readonly asset: string;
    readonly reason: string;
    readonly dueBy: string;
    /** Every live placement of the asset, of what was made from it and of what holds it, at whatever depth. */
    readonly placements: readonly RecalledPlacement[];
    /** Position of the log up to which they were looked for. */
    readonly radiusAt?: string;
  }>('All live placements of an asset, and of everything that came of it, are to be taken down.'),
  RecallJoined: act<RecalledPlacement>('A placement that came later is to be taken down too.'),
  RecallAnswered: act<{
    readonly placement: string;
    readonly answer: RecallAnswer;
    readonly reason?: string;
    /** Where it can be seen that it is gone. */
    readonly evidence?: Evidence;
  }>('A placement was acknowledged, taken down, or refused to be.'),
  RecallClosed: act<{ readonly note?: string }>(
    'Every placement of the recall is taken down, or refused with a reason.',
  ),
});

export type RecallEvent = EventsIn<typeof RECALL_EVENTS>;
