import type { Command } from '../../domain/deciders';
import type { Actor } from '../../domain/event';

/** A command and its time in the simulated year. */
export interface DatedCommand {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly commandId: string;
  readonly actor: Actor;
  readonly tool: string;
  readonly toolVersion?: string;
  readonly command: Command | EndOf;
}

/**
 * The end of a placement, identified by the command that created it: the placement's id is known only after that was
 * executed.
 */
export interface EndOf {
  readonly type: 'EndOf';
  readonly asset: string;
  readonly placedBy: string;
  readonly reason?: string;
}

/** The commands of one stream, in increasing order of time. */
export type Life = Iterator<DatedCommand, void>;

interface Due {
  readonly moment: DatedCommand;
  readonly ordinal: number;
  readonly life: Life;
}

/** Merges all lives in order of time; at the same time, in the order in which they were added. */
export class Agenda {
  private readonly heap: Due[] = [];
  private begun = 0;

  get earliest(): number {
    return this.heap[0]?.moment.at ?? Number.POSITIVE_INFINITY;
  }

  begin(life: Life): void {
    this.begun += 1;
    this.enter(this.begun, life);
  }

  /** The next command; advances the life it belongs to. */
  next(): DatedCommand | undefined {
    const first = this.heap[0];
    if (first === undefined) return undefined;
    const last = this.heap.pop()!;
    if (last !== first) this.sink(last);
    this.enter(first.ordinal, first.life);
    return first.moment;
  }

  private enter(ordinal: number, life: Life): void {
    const { done, value } = life.next();
    if (done !== true) this.rise({ moment: value, ordinal, life });
  }

  private rise(due: Due): void {
    let place = this.heap.push(due) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!earlier(due, this.heap[above]!)) break;
      this.heap[place] = this.heap[above]!;
      place = above;
    }
    this.heap[place] = due;
  }

  private sink(due: Due): void {
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= this.heap.length) break;
      if (below + 1 < this.heap.length && earlier(this.heap[below + 1]!, this.heap[below]!)) below += 1;
      if (!earlier(this.heap[below]!, due)) break;
      this.heap[place] = this.heap[below]!;
      place = below;
    }
    this.heap[place] = due;
  }
}

function earlier(left: Due, right: Due): boolean {
  return left.moment.at < right.moment.at || (left.moment.at === right.moment.at && left.ordinal < right.ordinal);
}
