import { history } from '../../projections/history/fold';
import type { HistoryRow } from '../../projections/history/tables';
import type { Recorded } from '../domain/catalogue';
import { upcast } from '../domain/upcast';
import { START } from '../store/store';
import type { Asking } from './asking';
import { fault } from './errors';
import { assetId, decodeCursor, encodeCursor, idArgument } from './ids';
import { HistoryView } from './views/history';

const LIST = 'changes';

export interface ChangesArguments {
  readonly after?: string | null;
  readonly afterPosition?: string | null;
  readonly assetId?: string | null;
  readonly typeIn?: readonly string[] | null;
}

export interface Change {
  readonly cursor: string;
  readonly position: string;
  readonly caughtUp: boolean;
  readonly entry: HistoryView | null;
}

/** The position after which the subscription starts, because the subscriber has seen everything before. */
function beginning({ after, afterPosition }: ChangesArguments): string {
  if (typeof after !== 'string') return afterPosition ?? START;
  if (typeof afterPosition !== 'string') return decodeCursor(LIST, { position: 'position' }, after).position;
  throw fault('BAD_USER_INPUT', 'Give after or afterPosition, not both.', ['afterPosition']);
}

/** The history row for an event, made by the projection's own fold, so that both give the same sentence. */
function rowOf(event: Recorded): HistoryRow {
  const kept: HistoryRow[] = [];
  const rows = { get: () => undefined, delete: () => undefined, put: (row: HistoryRow) => void kept.push(row) };
  const fold = history.on[event.type] as (event: Recorded, into: { readonly event: typeof rows }) => void;
  fold(event, { event: rows });
  return kept[0] as HistoryRow;
}

const item = (position: string, entry: HistoryView | null): Change => ({
  cursor: encodeCursor(LIST, { position }),
  position,
  caughtUp: entry === null,
  entry,
});

/**
 * Every change after a position in log order, a marker once the existing ones have been sent, then new ones. The
 * consumer pulls, so a slow one holds at most one page. Ends when the token expires.
 */
export async function* changes(
  asking: Asking,
  args: ChangesArguments,
  signal: AbortSignal,
): AsyncGenerator<Change, void, undefined> {
  const after = beginning(args);
  // A position beyond the end of the log would be waited for in silence, and forever if it is made up.
  if (after > (await asking.door.store.head()))
    await asking.reached(after, 'history', args.after == null ? 'afterPosition' : 'after');
  const stream = args.assetId ? assetId(idArgument('asset', args.assetId, ['assetId'])) : undefined;
  const types = args.typeIn ? new Set(args.typeIn) : undefined;
  let told = false;
  let position = after;
  asking.offer({ position, cursor: encodeCursor(LIST, { position }) });
  asking.told();
  const offered = (entry: HistoryView | null): Change => {
    const next = item(position, entry);
    asking.offer(next);
    return next;
  };
  for await (const { events, caughtUp } of asking.door.store.subscribe({ after, signal })) {
    for (const stored of events) {
      position = stored.position;
      if (stream !== undefined && stored.stream !== stream) continue;
      if (types !== undefined && !types.has(stored.type)) continue;
      const event = upcast(stored);
      ensureStillAllowed(asking);
      yield offered(new HistoryView(rowOf(event), asking.now(position), event));
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
