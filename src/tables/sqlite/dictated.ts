import type { RecordedEvent } from '../../domain/event';
import { type Database, faultOf } from '../../store/sqlite/driver';
import type { Target } from '../engine';
import { lift } from '../lifted';
import type { Projection } from '../projection';
import { Company, Dictation } from './dictation';
import { Words } from './dictionary';
import { Moments } from './moments';
import { Session } from './session';
import { PORTION } from './target';

/** Sheets that wait to be written down, at most, when the next events are folded. */
const AHEAD = 16;

export interface DictatedOptions {
  /** What folds read with: another connection to the same file. */
  readonly db: Database;
  readonly file: string;
  readonly pragmas: readonly string[];
  readonly projections: readonly Projection[];
  readonly capacity: number;
  /** Events in one transaction, at least. */
  readonly batchSize: number;
}

/**
 * New tables that one thread folds and another writes. Nobody else writes to the file meanwhile, so memory knows what
 * the file will hold. What was written in the last two transactions may not be there yet, and stays in memory. Where
 * somebody else does write, what is not committed is given up, and `apply` says false: the rest is for another target.
 */
export class DictatedTarget implements Target {
  readonly portion = PORTION;
  private readonly dictation: Dictation;
  private readonly words: Words;
  private readonly moments: Moments;
  private readonly sessions: readonly Session[];
  private folding: readonly Session[] | undefined;
  private inTransaction = false;
  private events = 0;
  /** Where the transaction before this one ends. */
  private committed = 0;

  constructor(private readonly options: DictatedOptions) {
    const { db, file, pragmas, projections, capacity } = options;
    this.dictation = new Dictation(file, pragmas);
    this.words = new Words(db, this.dictation);
    this.moments = new Moments(db, this.dictation);
    const desk = { db, writes: this.dictation, words: this.words, behind: true };
    this.sessions = projections.map((each) => new Session(desk, each, 'build', capacity));
  }

  async apply(events: readonly RecordedEvent[], after: number): Promise<boolean> {
    return this.unlessInCompany(async () => {
      await this.dictation.atMost(AHEAD);
      if (!this.inTransaction) await this.begin();
      const { lifted, unreadable } = lift(events);
      let gapless = true;
      for (const session of this.folding!) {
        if (session.standing!.poison) continue;
        if (session.standing!.position < after) gapless = false;
        else session.fold(lifted, unreadable);
      }
      this.moments.fold(events, after);
      this.events += events.length;
      if (this.events >= this.options.batchSize || !gapless) await this.commit(this.folding!);
      return gapless;
    });
  }

  async finish(): Promise<boolean> {
    return this.unlessInCompany(async () => {
      if (this.inTransaction) await this.commit(this.folding!);
      await this.dictation.atMost(0);
      await this.close();
      return true;
    });
  }

  /** What is not committed is lost. */
  close(): Promise<void> {
    return this.dictation.close();
  }

  private async begin(): Promise<void> {
    this.dictation.begin();
    this.inTransaction = true;
    if (this.folding) return;
    // Only behind the lock is what is read here what will be there.
    await this.dictation.reached(this.dictation.send());
    this.folding = this.sessions.filter((session) => session.open());
    this.moments.begin();
  }

  private async commit(folding: readonly Session[]): Promise<void> {
    // Rows may leave memory once it is in the file what the transaction before this one made of them.
    await this.dictation.reached(this.committed);
    for (const session of folding) session.flush();
    this.dictation.prepare('COMMIT').run();
    this.committed = this.dictation.send();
    this.inTransaction = false;
    this.events = 0;
  }

  private async unlessInCompany(step: () => Promise<boolean>): Promise<boolean> {
    try {
      return await step();
    } catch (error) {
      await this.close();
      if (error instanceof Company || faultOf(error) === 'busy') return false;
      throw error;
    }
  }
}
