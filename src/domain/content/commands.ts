import { Allow } from 'class-validator';
import { digest, label, oneOf, text, uuid } from '../fields';
import { optional } from '../input';
import { FIXITIES, type Fixity, VERDICTS, type Verdict } from './events';

/** Every command on a content names it by UUID, which is made of its digest. */
abstract class OnContent {
  @uuid('content') readonly content!: string;
  @digest readonly digest!: string;
}

// Reports: what a scanner or a check found. Never refused for what they say.

export class ReportScan extends OnContent {
  @Allow() readonly type = 'ReportScan';
  @oneOf(VERDICTS) readonly verdict!: Verdict;
  @label(200) readonly engine!: string;
  @optional(label(200)) readonly definitions?: string;
  @optional(text(500)) readonly finding?: string;
}

export class ReportFixity extends OnContent {
  @Allow() readonly type = 'ReportFixity';
  @oneOf(FIXITIES) readonly outcome!: Fixity;
  @optional(digest) readonly found?: string;
  /** Which store was looked at. */
  @optional(label(200)) readonly place?: string;
}
