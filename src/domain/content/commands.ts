import { Allow } from 'class-validator';
import { boolean, digest, integer, label, number, oneOf, prose, size, text, uuid } from '../fields';
import { optional } from '../input';
import {
  type FactsFound,
  FIXITIES,
  type Fixity,
  RENDITION_FAILURES,
  type RenditionFailure,
  VERDICTS,
  type Verdict,
} from './events';

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

/** Words that somebody put into a file. */
const words = prose(500);

export class ReportFacts extends OnContent implements FactsFound {
  @Allow() readonly type = 'ReportFacts';
  @label(100) readonly analyser!: string;
  @label(100) readonly analyserVersion!: string;
  @optional(integer(1)) readonly width?: number;
  @optional(integer(1)) readonly height?: number;
  @optional(integer(1, 8)) readonly orientation?: number;
  @optional(label(40)) readonly colourSpace?: string;
  @optional(words) readonly colourProfile?: string;
  @optional(boolean) readonly transparent?: boolean;
  @optional(integer(1)) readonly pages?: number;
  @optional(boolean) readonly animated?: boolean;
  /** Seconds. */
  @optional(number) readonly duration?: number;
  @optional(words) readonly creator?: string;
  @optional(words) readonly credit?: string;
  @optional(words) readonly copyright?: string;
  @optional(words) readonly usageTerms?: string;
  @optional(words) readonly digitalSource?: string;
  @optional(words) readonly aiSystem?: string;
  @boolean readonly c2pa!: boolean;
}

/** A report about the rendition of a content for one profile. */
abstract class OnRendition extends OnContent {
  @label(60) readonly profile!: string;
  @integer(1) readonly profileVersion!: number;
  /** What drew it, with its version. */
  @label(60) readonly library!: string;
}

export class ReportRendition extends OnRendition {
  @Allow() readonly type = 'ReportRendition';
  @digest readonly rendition!: string;
  @size readonly renditionBytes!: number;
  @label(100) readonly renditionType!: string;
  @integer(1) readonly renditionWidth!: number;
  @integer(1) readonly renditionHeight!: number;
}

export class ReportRenditionFailure extends OnRendition {
  @Allow() readonly type = 'ReportRenditionFailure';
  @oneOf(RENDITION_FAILURES) readonly failure!: RenditionFailure;
}
