import { Allow } from 'class-validator';
import { Evidence } from '../evidence';
import { instant, note, oneOf, part, uuid } from '../fields';
import { optional } from '../input';
import { RECALL_ANSWERS, type RecallAnswer } from './parts';

abstract class OnRecall {
  @uuid('recall') readonly recall!: string;
}

export class OpenRecall extends OnRecall {
  @Allow() readonly type = 'OpenRecall';
  @uuid('asset') readonly asset!: string;
  @note readonly reason!: string;
  /** Until when everything is to be taken down. */
  @instant readonly dueBy!: string;
}

/** A placement that came after the recall. */
export class JoinRecall extends OnRecall {
  @Allow() readonly type = 'JoinRecall';
  @uuid('asset') readonly asset!: string;
  @uuid('placement') readonly placement!: string;
}

export class AnswerRecall extends OnRecall {
  @Allow() readonly type = 'AnswerRecall';
  @uuid('placement') readonly placement!: string;
  @oneOf(RECALL_ANSWERS) readonly answer!: RecallAnswer;
  @optional(note) readonly reason?: string;
  @optional(part(Evidence)) readonly evidence?: Evidence;
}

export class CloseRecall extends OnRecall {
  @Allow() readonly type = 'CloseRecall';
  @optional(note) readonly note?: string;
}
