import { createHash } from 'node:crypto';
import {
  type Duration,
  type DurationDimension,
  type DurationFilter,
  dimensionsIn,
  durationsOf,
  MEASURES,
  MOST_CASE_GROUPS,
} from '../../projections/signals/durations';
import { definitionOf, type StepName } from '../../projections/signals/steps';
import type { Asking } from './asking';
import { valueNamed } from './enums';
import { fault } from './errors';
import { distinct } from './filters';
import { type ListArguments, listing } from './listing';
import type { Connection } from './views/connection';
import { DurationView } from './views/duration';

export type DurationArguments = ListArguments & {
  readonly step: StepName;
  readonly by?: readonly DurationDimension[] | null;
};

/** What is counted, and how it differs from another way of counting. */
interface Definition {
  readonly text: string;
  readonly sha256: string;
}

/**
 * A page of durations, with the definition of the measure. Throws BAD_USER_INPUT for dimensions that the step does not
 * have.
 */
export async function durationsAsked(
  asking: Asking,
  args: DurationArguments,
): Promise<Connection<DurationView> & { readonly definition: Definition }> {
  const { step, orderBy, filter } = args;
  const by = distinct<DurationDimension>(args.by ?? ['month']);
  const had = dimensionsIn(step);
  for (const dimension of by) if (!had.includes(dimension)) throw lacks(step, dimension, ['by'], 'by');
  if (filter?.role != null && !had.includes('role')) throw lacks(step, 'role', ['filter', 'role'], 'filter.role');
  if (orderBy != null && ![...MEASURES, ...by].some((known) => known === orderBy.by)) {
    throw fault('BAD_USER_INPUT', `orderBy.by: ${valueNamed(orderBy.by)} is not among the dimensions in by.`, [
      'orderBy',
      'by',
    ]);
  }
  const tooMany = () =>
    fault(
      'BAD_USER_INPUT',
      `by: these are more than ${MOST_CASE_GROUPS} groups to put together; ask for fewer dimensions or a narrower filter.`,
      ['by'],
    );
  const list = durationsOf({ step, by, tooMany });
  const page = await listing<Duration, DurationFilter, DurationView>(asking, list, args, (row, moment) => {
    return new DurationView(row, moment);
  });
  return Object.assign(page, { definition: definitionAsked(step) });
}

function lacks(step: StepName, dimension: DurationDimension, path: readonly string[], name: string): Error {
  const names = dimensionsIn(step).map(valueNamed).join(', ');
  return fault(
    'BAD_USER_INPUT',
    `${name}: ${valueNamed(step)} has no ${valueNamed(dimension)}; it has ${names}.`,
    path,
  );
}

function definitionAsked(step: StepName): Definition {
  const text = definitionOf(step);
  return { text, sha256: createHash('sha256').update(text).digest('hex') };
}
