import { integer, label, uuid } from '../fields';
import { optional } from '../input';

/** The most placements that one recall begins with, so that its first event stays within its limit. */
export const MOST_RECALLED = 800;

/** A placement that a recall is about, as it was when the recall learned of it. */
export class RecalledPlacement {
  @uuid('asset') readonly asset!: string;
  @uuid('placement') readonly placement!: string;
  @uuid('campaign') readonly campaign!: string;
  @optional(integer(1)) readonly version?: number;
  @label(100) readonly channel!: string;
  @optional(label(100)) readonly market?: string;
}

/** What the holder of a placement says to a recall. */
export const RECALL_ANSWERS = ['acknowledged', 'takenDown', 'refused'] as const;
export type RecallAnswer = (typeof RECALL_ANSWERS)[number];
