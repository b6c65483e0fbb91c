import { positionOf } from '../instant';
import { Invalid, type Position, START } from '../store';

/** How many real positions are remembered; more are thinned out evenly. */
const CAPACITY = 8_192;

/** The place of an event in the server's log, in bytes, as a position. */
export function positionFrom(commit: number): Position {
  return positionOf(commit);
}

/** The number in a position. Throws Invalid for what no store ever gave out. */
export function commitOf(position: Position, path: string): number {
  if (!/^\d{20}$/.test(position) || position > '00009007199254740991') {
    throw new Invalid(path, `must be a position: ${START.length} digits`);
  }
  return Number(position);
}

/**
 * Positions of existing events. The server answers a position that has no event with an error or with garbage, so a
 * read from such a position starts at the last existing position before it.
 */
export class RealPositions {
  private sorted: number[] = [];

  add(position: number): void {
    const at = this.firstAbove(position);
    if (this.sorted[at - 1] === position) return;
    this.sorted.splice(at, 0, position);
    if (this.sorted.length > CAPACITY) this.sorted = this.sorted.filter((_, index) => index % 2 === 0);
  }

  /** The greatest known one at or before a position; undefined where there is none. */
  before(position: number): number | undefined {
    return this.sorted[this.firstAbove(position) - 1];
  }

  private firstAbove(position: number): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sorted[middle]! <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
