import { lastBy } from '../../projections/history/queries';
import { assets } from '../../projections/library/list';
import type { FilterFor } from '../../projections/list';
import type { At } from '../tables/reader';
import type { Asking } from './asking';
import { type ChangeKind, type Differing, differing, fieldsOf } from './differing';
import { fault } from './errors';
import { filterOf } from './filters';
import { decodeCursor } from './ids';
import { type PageArguments, rowsWanted } from './listing';
import type { Moment } from './moment';
import { type PointInTime, pastOf } from './pointintime';
import { assetView } from './views/asset';
import { Connection } from './views/connection';

export interface BetweenArguments extends PageArguments {
  readonly from: PointInTime;
  readonly to: PointInTime;
  readonly changeIn?: readonly ChangeKind[] | null;
  readonly waitFor?: string | null;
}

/** Identifies the list in its cursors. */
const NAMED = 'changesBetween';
/** Before the first event. */
const NOTHING = '0'.repeat(20);

/** A page of the assets that differ between two moments. Throws BAD_USER_INPUT if the first is not the earlier one. */
export async function changesBetween(asking: Asking, args: BetweenArguments): Promise<Connection<object>> {
  const first = rowsWanted(args.first, asking.mostRows);
  const mark = typeof args.after === 'string' ? decodeCursor(NAMED, { asset: 'uuid' }, args.after) : undefined;
  const filter = filterOf(assets.filters, args.filter) as FilterFor<typeof assets>;
  await asking.reached(args.waitFor, 'library', 'waitFor');
  const before = await asking.moment('library', pastOf(args.from, 'from'), 'from');
  const after = await asking.moment('library', pastOf(args.to, 'to'), 'to');
  const [from, to] = [await pinned(before), await pinned(after)];
  if (from.position > to.position) throw later('position', from.position, to.position);
  if ((from.occurredAt ?? LAST) > (to.occurredAt ?? LAST)) throw later('occurredAt', from.occurredAt, to.occurredAt);
  await asking.reached(to.position, 'history', 'to');
  const page = await differing(
    {
      library: before.reader('library'),
      history: before.reader('history'),
      from,
      behind: from,
      to,
      ...(Object.keys(filter).length > 0 && { filter }),
      ...(args.changeIn != null && { kinds: args.changeIn }),
      tooMany,
    },
    first,
    mark?.asset,
  );
  return new Connection<object>(after, {
    named: NAMED,
    nodes: () => page.rows.map((row) => viewOf(row, before, after)),
    marks: () => page.rows.map(({ asset }) => ({ asset })),
    hasNext: page.hasNext,
    hasPrevious: mark !== undefined,
    count: () => page.rows.length,
  });
}

const tooMany = (looked: number): Error =>
  fault(
    'BAD_USER_INPUT',
    `filter: too few of the first ${looked} assets that something happened to meet it; bring from and to closer together.`,
    ['filter'],
  );

/** Later than any instant: for a moment without a time of acts. */
const LAST = '~';

type Pinned = At & { readonly position: string; readonly occurredAt?: string };

/** Converts a moment to a position, so that both ends stay fixed across pages. */
async function pinned(moment: Moment): Promise<Pinned> {
  const { at, computedAt } = moment;
  const recorded = at !== undefined && 'recordedAt' in at ? at.recordedAt : undefined;
  const position =
    recorded === undefined ? computedAt : ((await lastBy(moment.reader('history'), recorded)) ?? NOTHING);
  const occurred = at !== undefined && 'occurredAt' in at ? { occurredAt: instantOf(at.occurredAt) } : {};
  return { position, ...occurred };
}

const instantOf = (given: string): string => new Date(given).toISOString();

function later(what: string, from: string | undefined, to: string | undefined): Error {
  const named = (value: string | undefined) => value ?? 'no limit';
  return fault(
    'BAD_USER_INPUT',
    `from must know no more than to: its ${what} is ${named(from)}, that of to is ${named(to)}.`,
    ['from'],
  );
}

function viewOf(row: Differing, before: Moment, after: Moment): object {
  return {
    kind: row.kind,
    fields: fieldsOf(row),
    before: row.before === undefined ? null : assetView(row.before, before),
    after: assetView(row.after, after),
  };
}
