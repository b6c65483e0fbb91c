import { setTimeout as pause } from 'node:timers/promises';
import { Unavailable } from '../store/store';
import { TablesRefused, TablesUnavailable } from './engine';
import type { Projection } from './projection';
import { Projector, type ProjectorOptions } from './projector';

/** How long to wait before asking again for a lock another process holds, or for what cannot be reached. Milliseconds. */
export const LOCK_PAUSE_MS = 500;

export interface ProjectingOptions extends ProjectorOptions {
  readonly stopping: AbortSignal;
  /** Work for the background, to which the runtime puts an end. */
  readonly inBackground: (work: Promise<void>) => void;
  /** Tables that must be built before they can be folded on. */
  readonly onOutdated: (outdated: readonly Projection[]) => void;
  readonly onFault: (fault: unknown) => void;
}

/** Whether and when this process projects: while it holds the lock, and one thing at a time. */
export class Projecting {
  private projector: Projector | undefined;
  /** This process projects, or is about to. */
  private claimed = false;
  private refusal: TablesRefused | undefined;

  constructor(private readonly options: ProjectingOptions) {}

  /** The lock is held, and the tables are folded. */
  get projects(): boolean {
    return this.claimed && this.projector !== undefined;
  }

  /** Why nothing is folded until an operator has decided. */
  get refused(): TablesRefused | undefined {
    return this.refusal;
  }

  /** Projects as soon as it may; until then it waits in the background. */
  async start(): Promise<void> {
    if (!(await this.takeTurn())) this.options.inBackground(this.awaitTurn());
  }

  /** The tables have been exchanged under the projector. */
  again(): void {
    this.projector?.again();
  }

  /**
   * Projects from here on, in the background, and builds what is not current. False where another process projects, or
   * where the store or the tables cannot be reached.
   */
  private async takeTurn(): Promise<boolean> {
    try {
      if (!(await this.claim())) return false;
      const { lost } = this.options.engine.lock('projecting');
      const over = lost ? AbortSignal.any([this.options.stopping, lost]) : this.options.stopping;
      const projector = await this.openProjector();
      const outdated = await projector.prepare(over);
      this.refusal = undefined;
      this.options.onBatch();
      this.options.inBackground(this.projectUntil(over, projector));
      if (outdated.length > 0) this.options.onOutdated(outdated);
      return true;
    } catch (error) {
      await this.end();
      if (!isPassing(error)) throw error;
      this.options.onFault(error);
      return false;
    }
  }

  /** A lock that was lost is waited for again. */
  private async projectUntil(over: AbortSignal, projector: Projector): Promise<void> {
    const { stopping } = this.options;
    await projector.run(over, (fault) => stopping.aborted || this.options.onFault(fault));
    if (stopping.aborted) return;
    await this.end();
    await this.awaitTurn();
  }

  /** No fault ends it: a process that is healthy but never projects again would go unnoticed. */
  private async awaitTurn(): Promise<void> {
    const signal = this.options.stopping;
    for (;;) {
      await pause(LOCK_PAUSE_MS, undefined, { signal });
      try {
        if (await this.takeTurn()) return;
      } catch (error) {
        if (signal.aborted) return;
        this.refusal = error instanceof TablesRefused ? error : undefined;
        this.options.onFault(error);
      }
    }
  }

  /** True where this process may project and nothing in it does so yet. */
  private async claim(): Promise<boolean> {
    if (this.claimed) return false;
    this.claimed = true;
    let taken = false;
    try {
      taken = await this.options.engine.lock('projecting').take();
    } finally {
      this.claimed = taken;
    }
    return taken;
  }

  /** False where another process, or this one in the background, projects already. */
  async once(work: (projector: Projector) => Promise<void>): Promise<boolean> {
    if (!(await this.claim())) return false;
    try {
      await work(await this.openProjector());
    } finally {
      await this.end();
    }
    return true;
  }

  private async openProjector(): Promise<Projector> {
    this.projector = await Projector.open(this.options);
    return this.projector;
  }

  async end(): Promise<void> {
    const { projector } = this;
    this.projector = undefined;
    if (!this.claimed) return;
    await projector?.close();
    await this.options.engine.lock('projecting').release();
    this.claimed = false;
  }
}

/** What will be well again without anybody doing anything here. */
export function isPassing(error: unknown): boolean {
  return error instanceof Unavailable || error instanceof TablesUnavailable;
}
