import type { NewEvent } from '../../domain/event';
import { type CheckedEvent, checkAppend } from '../appendcheck';
import { positionOf } from '../instant';
import { type CheckedMove, checkMoved, type MovedAppend, RECEIVED_AT_ONCE } from '../moving';
import { type Appended, Conflict, type ExpectedRevision, Invalid, Unavailable, UnknownOutcome } from '../store';
import type { Database, ReadTurn, Statement } from './driver';
import { faultOf } from './driver';
import type { EventDictionary } from './eventdictionary';
import { asUnavailable } from './file';
import { rowOf } from './row';

/** Events in a transaction: enough to amortise a disk flush, few enough to answer the first without delay. */
const BATCH_EVENTS = 4_000;
const LONGEST_BACK_OFF_MS = 8;
/** Number of streams whose last revision is cached. */
const REMEMBERED = 131_072;

interface Waiting {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly (CheckedEvent | CheckedMove)[];
  /** Its transaction is written whole or not at all. */
  readonly moved?: true;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

type Verdict = Appended | Conflict;

export interface WriterOptions {
  readonly path: string;
  readonly now: () => number;
  /** How long to retry while another process holds the lock, in milliseconds. */
  readonly lockTimeoutMs: number;
  /** Called after each transaction that added events. */
  readonly onCommit: () => void;
  /** The read transaction on the same connection. */
  readonly turn: ReadTurn;
}

/**
 * Group commit. Appends requested in one turn of the event loop are written in that order, in one transaction with one
 * disk flush, and are answered after it. Each is judged separately: a conflict of one does not affect others. If a
 * transaction fails, all its appends and those queued behind it fail: none of them was written.
 */
export class Writer {
  private queue: Waiting[] = [];
  private scheduled = false;
  private idle: (() => void) | undefined;
  private closed = false;
  /** The end of the log, and last revisions of streams, as this process left them; others may have appended since. */
  private position = -1;
  private readonly revisions = new Map<number, number>();
  private readonly lastPosition: Statement<[number | null]>;
  private readonly lastRevision: Statement<[number | null]>;
  private readonly standing: Statement<[string, number]>;
  private inserting: Statement | undefined;
  private readonly begin: Statement;
  private readonly commit: Statement;

  constructor(
    private readonly database: Database,
    private readonly words: EventDictionary,
    private readonly options: WriterOptions,
  ) {
    this.lastPosition = database.prepareArrays('SELECT max(position) FROM event');
    this.lastRevision = database.prepareArrays('SELECT max(revision) FROM event WHERE stream = ?');
    this.standing = database.prepareArrays(
      'SELECT lower(hex(substr(ids, 1, 16))), position FROM event WHERE stream = ? AND revision > ? ORDER BY revision LIMIT ?',
    );
    this.begin = database.prepare('BEGIN IMMEDIATE');
    this.commit = database.prepare('COMMIT');
  }

  /** Prepared by the first append: a read-only store also opens older formats. */
  private get insert(): Statement {
    this.inserting ??= this.database.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    return this.inserting;
  }

  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    return new Promise((resolve, reject) => {
      if (this.closed) throw new Unavailable(`${this.options.path} is closed`);
      this.queue.push({ stream, expected, events: checkAppend(stream, expected, events), resolve, reject });
      this.schedule();
    });
  }

  /** All in one transaction: a copy target has no other way to write, so nothing else is queued. */
  async receive(appends: readonly MovedAppend[]): Promise<void> {
    if (this.closed) throw new Unavailable(`${this.options.path} is closed`);
    const events = appends.reduce((sum, append) => sum + append.events.length, 0);
    if (events > RECEIVED_AT_ONCE) throw new Invalid('appends', `hold at most ${RECEIVED_AT_ONCE} events together`);
    if (this.scheduled) throw new Invalid('appends', 'are received one call at a time');
    const checked = appends.map((append) => ({ ...append, events: checkMoved(append), moved: true as const }));
    const answers = checked.map(
      (append) => new Promise<Appended>((resolve, reject) => this.queue.push({ ...append, resolve, reject })),
    );
    this.schedule();
    await Promise.all(answers);
  }

  /** Answers every earlier request, then accepts no more. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.scheduled) {
      await new Promise<void>((resolve) => {
        this.idle = resolve;
      });
    }
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    // Not a microtask: writers woken by the last commit can append again first, and then share the next transaction.
    setImmediate(() => void this.drain());
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      const batch = this.takeBatch();
      try {
        if (!this.writeAlone(batch)) {
          if (!this.tryBegin()) await this.beginLater();
          this.write(batch);
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
        if (!(error instanceof Conflict)) this.refuseRest(error);
      }
      // Sends the answers and yields before the next transaction.
      if (this.queue.length > 0) await new Promise(setImmediate);
    }
    this.scheduled = false;
    this.idle?.();
  }

  /** S14: appends queued behind a failed one must not be written without it. */
  private refuseRest(cause: unknown): void {
    const why = cause instanceof Unavailable ? cause : new Unavailable('an earlier append failed', { cause });
    for (const { reject } of this.queue.splice(0)) reject(why);
  }

  private takeBatch(): Waiting[] {
    let [events, count] = [0, 0];
    while (count < this.queue.length && events < BATCH_EVENTS) events += this.queue[count++]!.events.length;
    return this.queue.splice(0, count);
  }

  /** False while another process holds the write lock. */
  private tryBegin(): boolean {
    try {
      this.options.turn.leave();
      this.begin.run();
      return true;
    } catch (error) {
      if (faultOf(error) === 'busy') return false;
      throw asUnavailable(this.options.path, error);
    }
  }

  private async beginLater(): Promise<void> {
    const start = performance.now();
    let pause = 1;
    do {
      if (performance.now() - start > this.options.lockTimeoutMs) {
        const seconds = this.options.lockTimeoutMs / 1_000;
        throw new Unavailable(`${this.options.path} has been locked by another process for ${seconds} s`);
      }
      await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random() / 2)));
      pause = Math.min(pause * 2, LONGEST_BACK_OFF_MS);
    } while (!this.tryBegin());
  }

  /**
   * Writes a single event with one statement, its own transaction, if the log is as this process left it: checking
   * first would take as long as writing. The file itself rejects a position or revision that is not the next one. False
   * if the regular path must be used.
   */
  private writeAlone([waiting, ...others]: readonly Waiting[]): boolean {
    if (!waiting || others.length > 0 || waiting.moved || waiting.events.length > 1) return false;
    const { expected, events, resolve } = waiting;
    const stream = this.words.streamId(waiting.stream);
    const revision = expected === 'none' ? -1 : expected;
    if (stream === undefined || this.revisions.get(stream) !== revision) return false;
    const next = { stream, revision: revision + 1, position: this.position + 1, recorded: this.options.now() };
    const row = rowOf(events[0]!, next, (word) => this.words.knownId(word));
    if (!row) return false;
    try {
      this.options.turn.leave();
      this.insert.run(...row);
    } catch (error) {
      const fault = faultOf(error);
      if (fault === 'constraint' || fault === 'busy') return false;
      throw this.notKept(error);
    }
    this.position = next.position;
    this.remember(stream, next.revision);
    resolve({ revision: next.revision, position: positionOf(next.position) });
    this.options.onCommit();
    return true;
  }

  private remember(stream: number, revision: number): void {
    if (this.revisions.size >= REMEMBERED) this.revisions.clear();
    this.revisions.set(stream, revision);
  }

  private write(batch: readonly Waiting[]): void {
    const before = this.step(() => this.lastPosition.get()?.[0] ?? 0);
    let position = before;
    const recorded = this.options.now();
    const verdicts = this.step(() =>
      batch.map((waiting) => {
        const verdict = this.judge(waiting, position, recorded);
        if (waiting.moved && verdict.verdict instanceof Conflict) throw verdict.verdict;
        if (verdict.added) position += waiting.events.length;
        return verdict.verdict;
      }),
    );
    this.finish();
    this.position = position;
    batch.forEach(({ stream, resolve, reject }, index) => {
      const verdict = verdicts[index]!;
      if (verdict instanceof Conflict) reject(verdict);
      else {
        this.remember(this.words.streamId(stream)!, verdict.revision);
        resolve(verdict);
      }
    });
    if (position > before) this.options.onCommit();
  }

  /** One step inside the transaction. If it fails, the transaction has ended. */
  private step<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.rollback();
      throw asUnavailable(this.options.path, error);
    }
  }

  private finish(): void {
    try {
      this.commit.run();
    } catch (error) {
      this.rollback();
      throw this.notKept(error);
    }
  }

  private notKept(error: unknown): unknown {
    const fault = asUnavailable(this.options.path, error);
    // The disk failed during the commit: after a crash the transaction may turn out to be there.
    return faultOf(error) === 'io' ? new UnknownOutcome(String(fault), { cause: fault }) : fault;
  }

  private rollback(): void {
    this.words.forget();
    this.revisions.clear();
    this.database.rollback();
  }

  private judge(waiting: Waiting, after: number, recorded: number): { verdict: Verdict; added: boolean } {
    const { stream, expected, events } = waiting;
    const known = this.words.streamId(stream);
    const current = known === undefined ? -1 : (this.lastRevision.get(known)?.[0] ?? -1);
    const base = expected === 'none' ? -1 : expected;
    if (base === current) {
      this.add(known ?? this.words.newStream(stream), base, after, recorded, events);
      const revision = base + events.length;
      return { verdict: { revision, position: positionOf(after + events.length) }, added: true };
    }
    const original = base < current ? this.original(known!, base, events) : undefined;
    return { verdict: original ?? new Conflict(stream, expected, current < 0 ? 'none' : current), added: false };
  }

  private add(
    stream: number,
    revision: number,
    position: number,
    recorded: number,
    events: readonly (CheckedEvent | CheckedMove)[],
  ): void {
    events.forEach((event, index) => {
      const next = { stream, revision: revision + index + 1, position: position + index + 1, recorded };
      this.insert.run(...rowOf(event, next, (word) => this.words.wordId(word))!);
    });
  }

  /** The original answer for these events, if they directly follow the expected revision. Their ids decide. */
  private original(stream: number, base: number, events: readonly CheckedEvent[]): Appended | undefined {
    const rows = this.standing.all(stream, base, events.length);
    if (rows.length < events.length) return undefined;
    const same = events.every(({ id }, index) => rows[index]![0] === id.replaceAll('-', ''));
    return same ? { revision: base + events.length, position: positionOf(rows.at(-1)![1]) } : undefined;
  }
}
