import { Missing, type Rows } from './projection';
import type { AnyRow } from './rows';

/**
 * A row over the effective times from `from` to before `to`, by all that is known. The live row holds for ever; `past`
 * is how the engine finds a row that does not.
 */
export interface Stretch<P> {
  readonly from: number;
  readonly to: number;
  readonly row: AnyRow;
  readonly past?: P;
}

/** What a late event makes of one key. It holds from the event's position on. */
export interface LateChange<P> {
  readonly name: string;
  /** Past rows that no longer hold. */
  readonly ended: readonly P[];
  /** Rows that hold over a stretch. */
  readonly added: readonly Stretch<P>[];
  /**
   * Where the live row changes: the new one, if any; since when it holds, or since when there is none; until when the
   * old one holds, if there was one.
   */
  readonly live: { readonly row: AnyRow | undefined; readonly since: number; readonly kept: number } | undefined;
}

/** The effective times that are being folded: what a fold reads is the same at all of them. */
export interface Interval {
  from: number;
  to: number;
}

interface Change {
  from: number;
  to: number;
  readonly row: AnyRow | undefined;
}

interface Late<P> {
  readonly name: string;
  /** In order, without overlaps; the last may be the live row. */
  readonly stretches: readonly Stretch<P>[];
  changes: Change[];
  /** What the fold has written in the interval at hand. */
  written: { readonly row: AnyRow | undefined } | undefined;
}

/** The rows of one table over effective time, as the fold of one late event sees them. */
export class LateRows<P> implements Rows<AnyRow> {
  private readonly keys = new Map<string, Late<P>>();

  constructor(
    private readonly interval: Interval,
    private readonly nameOf: (key: AnyRow) => string,
    /** The stretches of a key that end after the event's effective time. */
    private readonly load: (key: AnyRow, name: string) => readonly Stretch<P>[],
    private readonly isSame: (one: AnyRow, other: AnyRow) => boolean,
  ) {}

  get(key: AnyRow): AnyRow | undefined {
    const { stretches, written } = this.late(key);
    if (written) return written.row;
    const { interval } = this;
    for (const { from, to, row } of stretches) {
      if (to <= interval.from) continue;
      if (from <= interval.from) {
        interval.to = Math.min(interval.to, to);
        return row;
      }
      interval.to = Math.min(interval.to, from);
      return undefined;
    }
    return undefined;
  }

  put(row: AnyRow): void {
    this.late(row).written = { row };
  }

  delete(key: AnyRow): void {
    this.late(key).written = { row: undefined };
  }

  /** The interval is folded; `kept`: what the fold wrote holds. */
  end(kept: boolean): void {
    const { from, to } = this.interval;
    for (const late of this.keys.values()) {
      if (kept && late.written) late.changes.push({ from, to, row: late.written.row });
      late.written = undefined;
    }
  }

  /** Forgets what the fold wrote. */
  clear(): void {
    for (const late of this.keys.values()) {
      late.changes = [];
      late.written = undefined;
    }
  }

  changes(): readonly LateChange<P>[] {
    return [...this.keys.values()].flatMap((late) => {
      const changed = this.changed(late);
      return changed.length === 0 ? [] : [changeOf(late, changed)];
    });
  }

  /** Only the stretches on which the key's row really becomes another, those that hold the same row in one. */
  private changed({ stretches, changes }: Late<P>): readonly Change[] {
    const found: Change[] = [];
    for (const change of changes) {
      for (const part of partsOf(change, stretches)) {
        const { row } = change;
        if (this.isAlike(row, part.before)) continue;
        const last = found.at(-1);
        const goesOn = last !== undefined && last.to === part.from;
        if (goesOn && this.isAlike(last.row, row)) last.to = part.to;
        else found.push({ from: part.from, to: part.to, row });
      }
    }
    return found;
  }

  /** Two rows with the same values, or none twice. */
  private isAlike(one: AnyRow | undefined, other: AnyRow | undefined): boolean {
    return one === other || (one !== undefined && other !== undefined && this.isSame(one, other));
  }

  private late(key: AnyRow): Late<P> {
    const name = this.nameOf(key);
    let late = this.keys.get(name);
    if (!late) {
      late = { name, stretches: this.load(key, name), changes: [], written: undefined };
      this.keys.set(name, late);
    }
    return late;
  }
}

/** The stretch of a change, cut where the row before it is another. */
function partsOf<P>({ from, to }: Change, stretches: readonly Stretch<P>[]) {
  const parts: { from: number; to: number; before: AnyRow | undefined }[] = [];
  let at = from;
  for (const stretch of stretches) {
    if (stretch.to <= at || stretch.from >= to) continue;
    if (stretch.from > at) parts.push({ from: at, to: stretch.from, before: undefined });
    const end = Math.min(to, stretch.to);
    parts.push({ from: Math.max(at, stretch.from), to: end, before: stretch.row });
    at = end;
  }
  if (at < to) parts.push({ from: at, to, before: undefined });
  return parts;
}

function changeOf<P>({ name, stretches }: Late<P>, changed: readonly Change[]): LateChange<P> {
  const ended: P[] = [];
  const added: Stretch<P>[] = [];
  let lasting = Number.NEGATIVE_INFINITY;
  let live: { row: AnyRow | undefined; since: number; kept: number } | undefined;
  let isLive = false;
  for (const stretch of stretches) {
    const left = without(stretch, changed);
    const isWhole = left.length === 1 && left[0]!.from === stretch.from && left[0]!.to === stretch.to;
    if (stretch.to === Number.POSITIVE_INFINITY) isLive = true;
    if (isWhole) {
      lasting = Math.max(lasting, stretch.to);
      continue;
    }
    if (stretch.past !== undefined) {
      ended.push(stretch.past);
      added.push(...left.map(({ from, to }) => ({ from, to, row: stretch.row })));
      continue;
    }
    const kept = left[0]?.from === stretch.from ? left.shift()!.to : stretch.from;
    live = { row: undefined, since: kept, kept };
    for (const { from, to } of left) {
      if (to === Number.POSITIVE_INFINITY) live = { row: stretch.row, since: from, kept };
      else added.push({ from, to, row: stretch.row });
    }
  }
  for (const { from, to, row } of changed) {
    if (to === Number.POSITIVE_INFINITY) live = { row, since: from, kept: live?.kept ?? from };
    else if (row !== undefined) added.push({ from, to, row });
  }
  // A key that has rows only over some time has none from their end on.
  if (!live && !isLive) {
    const since = Math.max(lasting, changed.at(-1)!.to, ...added.map(({ to }) => to));
    live = { row: undefined, since, kept: since };
  }
  return { name, ended, added, live };
}

/** What is left of a stretch where the changes do not reach. */
function without({ from, to }: { readonly from: number; readonly to: number }, changed: readonly Change[]) {
  const left: { from: number; to: number }[] = [];
  let at = from;
  for (const change of changed) {
    if (change.to <= at || change.from >= to) continue;
    if (change.from > at) left.push({ from: at, to: change.from });
    at = Math.min(to, change.to);
  }
  if (at < to) left.push({ from: at, to });
  return left;
}

/**
 * Folds an event that is effective before something that is known already. The fold runs once for each interval of
 * effective time, from the event's own on, in which nothing that it reads changes. Where its subject does not exist yet,
 * the event has no effect.
 */
export function foldLate(
  effective: number,
  interval: Interval,
  tables: readonly LateRows<unknown>[],
  run: () => void,
): void {
  for (const rows of tables) rows.clear();
  for (let from = effective; ; from = interval.to) {
    interval.from = from;
    interval.to = Number.POSITIVE_INFINITY;
    let kept = true;
    try {
      run();
    } catch (error) {
      if (!(error instanceof Missing) || interval.to === Number.POSITIVE_INFINITY) throw error;
      kept = false;
    }
    for (const rows of tables) rows.end(kept);
    if (interval.to === Number.POSITIVE_INFINITY) return;
  }
}
