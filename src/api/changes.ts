import { history } from '../../projections/history/fold';
import type { HistoryRow } from '../../projections/history/tables';
import type { Recorded } from '../domain/catalogue';
import { upcast } from '../domain/upcast';
import { START } from '../store/store';
import type { Asking } from './asking';
import { fault } from './errors';
import { assetId, campaignId, decodeCursor, encodeCursor, idArgument } from './ids';
import type { Moment } from './moment';
import { HistoryView } from './views/history';

const LIST = 'changes';

export interface ChangesArguments {
  readonly after?: string | null;
  readonly afterPosition?: string | null;
  readonly asset?: string | null;
  readonly types?: readonly string[] | null;
}

export interface ChangeItem {
  readonly cursor: string;
  readonly position: string;
  readonly caughtUp: boolean;
  readonly change: ChangeView | null;
}

/** One event of the log under the names of the schema. */
export class ChangeView extends HistoryView {
  constructor(
    row: HistoryRow,
    moment: Moment,
    readonly asking: Asking,
  ) {
    super(row, moment);
  }

  get assetId(): string | null {
    return this.row.category === 'asset' ? assetId(this.row.subject) : null;
  }
  get campaignId(): string | null {
    return this.campaign === null ? null : campaignId(this.campaign);
  }
}

/** What the subscriber has seen already: the position behind which it goes on. */
function beginning({ after, afterPosition }: ChangesArguments): string {
  if (typeof after !== 'string') return afterPosition ?? START;
  if (typeof afterPosition !== 'string') return decodeCursor<{ position: string }>(LIST, after).position;
  throw fault('BAD_USER_INPUT', 'Give after or afterPosition, not both.', ['afterPosition']);
}

/** The row the history would keep of an event: its own fold makes it, so that both tell the same sentence. */
function rowOf(event: Recorded): HistoryRow | undefined {
  let kept: HistoryRow | undefined;
  const rows = {
    event: {
      get: () => undefined,
      delete: () => undefined,
      put: (row: HistoryRow) => {
        kept = row;
      },
    },
  };
  const fold = history.on[event.type as keyof typeof history.on] as
    | ((event: Recorded, into: typeof rows) => void)
    | undefined;
  fold?.(event, rows);
  return kept;
}

const item = (position: string, change: ChangeView | null): ChangeItem => ({
  cursor: encodeCursor(LIST, { position }),
  position,
  caughtUp: change === null,
  change,
});

/**
 * Every change behind a position in the order of the log, a marker when all that was there has been sent, then what
 * comes. The consumer pulls, so a slow one holds at most one page; it ends when the token does.
 */
export async function* changes(
  asking: Asking,
  args: ChangesArguments,
  signal: AbortSignal,
): AsyncGenerator<ChangeItem, void, undefined> {
  const after = beginning(args);
  // A place the log does not reach would be waited for in silence, and for ever where it is made up.
  if (after > (await asking.door.store.head()))
    await asking.reached(after, 'history', args.after == null ? 'afterPosition' : 'after');
  const stream = args.asset ? assetId(idArgument('asset', args.asset, ['asset'])) : undefined;
  const types = args.types ? new Set(args.types) : undefined;
  let told = false;
  let position = after;
  asking.offer({ position, cursor: encodeCursor(LIST, { position }) });
  asking.told();
  const offered = (change: ChangeView | null): ChangeItem => {
    const next = item(position, change);
    asking.offer(next);
    return next;
  };
  for await (const { events, caughtUp } of asking.door.store.subscribe({ after, signal })) {
    for (const event of events) {
      position = event.position;
      if (stream !== undefined && event.stream !== stream) continue;
      if (types !== undefined && !types.has(event.type)) continue;
      const row = rowOf(upcast(event));
      if (row === undefined) continue;
      ensureStillAllowed(asking);
      yield offered(new ChangeView(row, asking.now(position), asking));
    }
    if (!caughtUp || told) continue;
    told = true;
    ensureStillAllowed(asking);
    yield offered(null);
  }
}

function ensureStillAllowed(asking: Asking): void {
  if (asking.session.expiresAt <= Date.now()) throw fault('TOKEN_EXPIRED');
}
