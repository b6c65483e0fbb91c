import type { At, CalendarUnit, Grouping, ProjectionReader } from '../../src/tables/reader';
import { SPAN_NAMES } from '../calendar';
import { conditionsOf, type Filter, type FilterOf, type Filters, idOf, label, oneOf, together } from '../filters';
import type { List, Order } from '../list';
import { compared, isUnit } from './dimensions';
import { daysOf } from './filters';
import { overIn, STEPS, type Step, type StepName } from './steps';

const STRETCHES = ['week', 'month', 'quarter', 'year'] as const satisfies readonly CalendarUnit[];
const COLUMNS = ['kind', 'tool', 'template', 'mediaType', 'authorKind', 'role'] as const;
export type DurationDimension = (typeof STRETCHES)[number] | (typeof COLUMNS)[number];

/** The dimensions that cases of a step have: a role, where a decision is one of its moments. */
export function dimensionsIn(step: StepName): readonly DurationDimension[] {
  const all: readonly DurationDimension[] = [...STRETCHES, ...COLUMNS];
  return all.filter((dimension) => isUnit(dimension) || hasColumn(step, dimension));
}

/** Whether a step's cases can be told apart by a column, when they have ended at least. */
function hasColumn(step: StepName, column: string): boolean {
  return column !== 'role' || step === 'requestToDecision' || step === 'decisionToApproval';
}

/** Cases with the same dimensions. Durations are in seconds; null where no case has ended. */
export type Duration = { readonly [D in DurationDimension]?: string | null } & {
  readonly begun: number;
  readonly ended: number;
  readonly dropped: number;
  readonly open: number;
  readonly median: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly mean: number | null;
};

export const MEASURES = ['begun', 'ended', 'dropped', 'open', 'median', 'p90', 'p95', 'mean'] as const;
const PERCENTS = [50, 90, 95] as const;

/** The columns that filters of durations name; `began` is the instant at which a case began, wherever it stands. */
type CaseColumn = 'began' | 'kind' | 'tool' | 'template' | 'mediaType' | 'authorKind' | 'role';

export const durationFilters = {
  began: daysOf('began'),
  kindIn: oneOf('kind'),
  tool: label('tool'),
  templateId: idOf('template', 'asset'),
  mediaType: label('mediaType'),
  authorKindIn: oneOf('authorKind'),
  role: label('role'),
} satisfies { readonly [name: string]: Filter<CaseColumn, never> };
export type DurationFilter = FilterOf<typeof durationFilters>;

export interface DurationQuestion {
  readonly step: StepName;
  readonly by: readonly DurationDimension[];
  /** What is thrown where there are more than `MOST_CASE_GROUPS`. */
  readonly tooMany: () => Error;
}

/** Groups that are put together in memory. */
export const MOST_CASE_GROUPS = 10_000;
const USUAL: Order = { by: 'dimensions', direction: 'asc' };

/**
 * How long cases took from one named moment to another, by dimensions of the cases; no dimension gives one total. Pages go
 * by `offset`.
 */
export function durationsOf(question: DurationQuestion): List<Duration, DurationFilter> {
  const { step, by } = question;
  return {
    name: `durations ${step} ${by}`,
    projection: 'signals',
    filters: durationFilters as Filters,
    usual: USUAL,
    async page(reader, { filter, order = USUAL, first, after }, at) {
      const offset: number = after?.offset ?? 0;
      const all = [...(await groupsOf(reader, question, filter, at))].sort(inOrder(by, order));
      return { rows: all.slice(offset, offset + first), hasNext: all.length > offset + first };
    },
    count: async (reader, filter, at) => (await groupsOf(reader, question, filter, at)).length,
    mark: (_row, _order, index, after) => ({ offset: (after?.offset ?? 0) + index + 1 }),
    marks: () => ({ offset: 'integer' }),
  };
}

type Group = Values &
  Readonly<Partial<Record<'sum_lasting' | 'p50' | 'p90' | 'p95', number | null>>> & { count: number };
type Values = { readonly [D in DurationDimension]?: string | null };

async function groupsOf(
  reader: ProjectionReader,
  question: DurationQuestion,
  filter: DurationFilter = {},
  at?: At,
): Promise<readonly Duration[]> {
  const { by, tooMany } = question;
  const step: Step = STEPS[question.step];
  // A review has no role before somebody decides: cases that have not ended then have an unknown one.
  const hasRole = 'role' in step.begins.columns;
  const known = hasRole ? by : by.filter((dimension) => dimension !== 'role');
  const isAsked = filter.role === undefined || hasRole;
  const counted = async (which: 'begins' | 'ends', isOver: boolean) => {
    const began = which === 'begins' ? 'occurredAt' : step.from;
    return isAsked ? cases(reader, step, which, { by: known, filter, at, began, isOver }) : [];
  };
  const percents = PERCENTS;
  const [ended, begun, begunOver, endedOver] = await Promise.all([
    cases(reader, step, 'ends', { by, filter, at, began: step.from, percents }),
    counted('begins', false),
    counted('begins', true),
    counted('ends', true),
  ]);
  if (Math.max(ended.length, begun.length) > MOST_CASE_GROUPS) throw tooMany();
  const nameOf = (group: Values) => JSON.stringify(known.map((dimension) => group[dimension]));
  const all = new Counts(nameOf, begun).less(ended);
  const dropped = new Counts(nameOf, begunOver).less(endedOver);
  // Where cases that have not ended cannot be told apart like those that have, they stand by themselves.
  const isTold = known.length === by.length;
  const has = new Set(isTold ? ended.map(nameOf) : []);
  const others = begun.filter((group) => !has.has(nameOf(group)) && (isTold || all.of(group) > 0));
  return [
    ...ended.map((group) => durationOf(by, group, isTold ? all.of(group) : 0, isTold ? dropped.of(group) : 0)),
    ...others.map((group) => durationOf(by, { ...group, count: 0 }, all.of(group), dropped.of(group))),
  ];
}

/** How many cases each group has. */
class Counts {
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly nameOf: (group: Values) => string,
    groups: readonly Group[],
  ) {
    for (const group of groups) this.add(group, group.count);
  }

  less(groups: readonly Group[]): this {
    for (const group of groups) this.add(group, -group.count);
    return this;
  }

  of(group: Values): number {
    return this.counts.get(this.nameOf(group)) ?? 0;
  }

  private add(group: Values, count: number): void {
    this.counts.set(this.nameOf(group), this.of(group) + count);
  }
}

/**
 * Dates that contradict each other can make more cases end than begin before a moment: then none is left.
 * @param left cases that have not ended @param over those among them that are over
 */
function durationOf(by: readonly DurationDimension[], group: Group, left: number, over: number): Duration {
  const rest = Math.max(0, left);
  const dropped = Math.min(rest, Math.max(0, over));
  const values = Object.fromEntries(by.map((dimension) => [dimension, group[dimension] ?? null])) as Values;
  const { count: ended, sum_lasting: sum, p50, p90, p95 } = group;
  const seconds = (milliseconds: number | null | undefined) =>
    ended === 0 || milliseconds == null ? null : milliseconds / 1000;
  const counts = { begun: ended + rest, ended, dropped, open: rest - dropped };
  const mean = seconds(sum == null ? null : sum / ended);
  return { ...values, ...counts, median: seconds(p50), p90: seconds(p90), p95: seconds(p95), mean };
}

interface CasesAsked {
  readonly by: readonly DurationDimension[];
  readonly filter: DurationFilter;
  readonly at: At | undefined;
  /** The column that says when a case began. */
  readonly began: string;
  /** Only those whose version or review is over. */
  readonly isOver?: boolean;
  /** The percentiles that are told of the time from then to the row's own event. */
  readonly percents?: readonly number[];
}

async function cases(
  reader: ProjectionReader,
  step: Step,
  which: 'begins' | 'ends',
  { by, filter, at, began, isOver = false, percents }: CasesAsked,
): Promise<readonly Group[]> {
  const table = step[which];
  const units = by.filter((dimension): dimension is (typeof STRETCHES)[number] => isUnit(dimension));
  const { where: wanted } = conditionsOf<string>(durationFilters as Filters, filter);
  const { began: window = [], ...tests } = wanted ?? {};
  const groups = await reader.group(table, {
    ...together([
      { where: which === 'ends' ? (step.where ?? {}) : {} },
      { where: tests },
      { where: { [began]: window } },
      isOver ? overIn(step, table) : {},
    ]),
    by: by.filter((dimension) => !isUnit(dimension)),
    spans: units.map((unit) => ({ of: began, unit })),
    ...(percents && { lasting: { from: began, to: 'occurredAt', percents } }),
    limit: MOST_CASE_GROUPS + 1,
    at,
  } as Grouping<Record<string, unknown>>);
  return groups.map((group) => {
    const names = units.map((unit) => [unit, SPAN_NAMES[unit](group[`in_${unit}`]!)]);
    return { ...group, ...Object.fromEntries(names) } as unknown as Group;
  });
}

/** By what was asked, then by the dimensions; what is not known comes first. */
function inOrder(by: readonly DurationDimension[], order: Order): (one: Duration, other: Duration) => number {
  const sign = order.direction === 'desc' ? -1 : 1;
  const asked = (one: Duration, other: Duration): number => {
    if (order.by === USUAL.by) return 0;
    if (MEASURES.some((measure) => measure === order.by)) {
      const name = order.by as (typeof MEASURES)[number];
      return (one[name] ?? Number.NEGATIVE_INFINITY) - (other[name] ?? Number.NEGATIVE_INFINITY) || 0;
    }
    return compared(one[order.by as DurationDimension], other[order.by as DurationDimension]);
  };
  return (one, other) => {
    const first = sign * asked(one, other);
    if (first !== 0) return first;
    for (const dimension of by) {
      const next = compared(one[dimension], other[dimension]);
      if (next !== 0) return next;
    }
    return 0;
  };
}
