import { boolean, calendarDay, distinct, integer, label, list, matching, note, number, oneOf, part } from '../fields';
import { limit, optional, wrong } from '../input';
import { Candidates } from '../people';

/** The most of each that a workflow has. */
export const MOST_STAGES = 10;
export const MOST_PATHS = 10;
export const MOST_QUORUM = 10;
/** All quorums of a workflow together, so that an approval never names a longer list of people. */
export const MOST_DECIDERS = 100;
export const MOST_HOLIDAYS = 100;
export const MOST_REMINDERS = 5;
export const MOST_CARRY_OVERS = 10;
export const MOST_MATERIAL = 50;

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
/** What follows when a deadline passes and the stage is still open. */
export const SILENCES = ['remind', 'escalate', 'lapse', 'approve'] as const;
/** What a decision against does to a review. */
export const CONSEQUENCES = ['end', 'suspend'] as const;
/** What kind of difference a rule lets an approval be carried over. */
export const CARRY_OVERS = ['notMaterial', 'crop'] as const;

/** What something is called in decisions and files: it stays the same from version to version. */
const slug = matching(/^[a-z][a-z0-9-]{0,49}$/, 'lower-case letters, digits and hyphens, such as brand-check');
const time = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day written HH:MM');

/** A time zone that the machine knows, by its IANA name. */
const timeZone = limit('timeZone', (value) => {
  if (typeof value !== 'string' || !/^[A-Za-z][\w+/-]{0,49}$/.test(value)) return wrong(ZONE);
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return [];
  } catch {
    return wrong(ZONE);
  }
});
const ZONE = 'must be a time zone such as Europe/Berlin';

/** Branches of a stage run side by side; each needs as many different people as its quorum says. */
export class WorkflowPath {
  @slug readonly id!: string;
  @optional(label(200)) readonly name?: string;
  @part(Candidates) readonly candidates!: Candidates;
  @integer(1, MOST_QUORUM) readonly quorum!: number;
  /** The stage does not wait for it; a rejection in it still rejects. */
  @optional(boolean) readonly optional?: boolean;
}

/** By when a stage must be satisfied: exactly one of the three lengths, counted from its opening. */
export class StageDeadline {
  /** Hours of the clock. */
  @optional(integer(1, 8_760)) readonly hours?: number;
  /** Hours in which people work, by the calendar of the workflow. */
  @optional(integer(1, 2_000)) readonly workingHours?: number;
  /** Days on which people work; the deadline is the end of work on the last of them. */
  @optional(integer(1, 250)) readonly workingDays?: number;
  /** So many hours before the deadline those who have not decided are reminded. */
  @optional(distinct(MOST_REMINDERS, integer(1, 8_760))) readonly remindBefore?: readonly number[];
  @oneOf(SILENCES) readonly onSilence!: (typeof SILENCES)[number];
  /** Who may decide in every path of the stage as soon as the deadline has passed. */
  @optional(part(Candidates)) readonly escalateTo?: Candidates;
}

export class WorkflowStage {
  @slug readonly id!: string;
  @optional(label(200)) readonly name?: string;
  @list(MOST_PATHS, part(WorkflowPath)) readonly paths!: readonly WorkflowPath[];
  @optional(part(StageDeadline)) readonly deadline?: StageDeadline;
}

/** When people work. */
export class BusinessCalendar {
  @timeZone readonly timeZone!: string;
  @distinct(7, oneOf(WEEKDAYS)) readonly weekdays!: readonly (typeof WEEKDAYS)[number][];
  @time readonly from!: string;
  @time readonly to!: string;
  @optional(distinct(MOST_HOLIDAYS, calendarDay)) readonly holidays?: readonly string[];
}

/** By its name a person who counts may keep an approval although content or material metadata changed. */
export class CarryOverRule {
  @slug readonly id!: string;
  @oneOf(CARRY_OVERS) readonly kind!: (typeof CARRY_OVERS)[number];
  /** Of a crop: the largest part of the picture, in per cent, that may be gone. */
  @optional(number) readonly atMost?: number;
}

/** The rules of a review, from the request to the approval. */
export class WorkflowDefinition {
  @label(200) readonly name!: string;
  @optional(note) readonly description?: string;
  @list(MOST_STAGES, part(WorkflowStage)) readonly stages!: readonly WorkflowStage[];
  /** Needed where a deadline counts working hours or working days. */
  @optional(part(BusinessCalendar)) readonly calendar?: BusinessCalendar;
  /** Metadata fields that an approval vouches for, beside those that are marked as material themselves. */
  @optional(distinct(MOST_MATERIAL, label(100))) readonly materialFields?: readonly string[];
  @optional(list(MOST_CARRY_OVERS, part(CarryOverRule))) readonly carryOver?: readonly CarryOverRule[];
  /** Default: end. */
  @optional(oneOf(CONSEQUENCES)) readonly onReject?: (typeof CONSEQUENCES)[number];
  /** Default: suspend, until the next version opens the next round. */
  @optional(oneOf(CONSEQUENCES)) readonly onChangesRequested?: (typeof CONSEQUENCES)[number];
  /** Default: suspend. An approval with changes never grants. */
  @optional(oneOf(CONSEQUENCES)) readonly onApproveWithChanges?: (typeof CONSEQUENCES)[number];
}
