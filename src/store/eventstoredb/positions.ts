import { positionOf } from '../instant';
import { Invalid, type Position, START } from '../store';

/** Number of existing positions remembered; beyond that they are thinned out evenly. */
const CAPACITY = 8_192;

/** The commit position of an event, in bytes of the server's log, as a position of ours. */
export function positionFrom(commit: number): Position {
  return positionOf(commit);
}

/** The commit position that a position stands for. Throws Invalid for text that no store issued. */
export function commitOf(position: Position, path: string): number {
  if (!/^\d{20}$/.test(position) || position > '00009007199254740991') {
    throw new Invalid(path, `must be a position: ${START.length} digits`);
  }
  return Number(position);
}

/**
 * Positions of existing events. The server answers a read from a position without an event with an error or with
 * garbage, so such a read starts at the last known event before it.
 */
export class RealPositions {
  private sorted: number[] = [];

  add(position: number): void {
    const at = this.firstAbove(position);
    if (this.sorted[at - 1] === position) return;
    this.sorted.splice(at, 0, position);
    if (this.sorted.length > CAPACITY) this.sorted = this.sorted.filter((_, index) => index % 2 === 0);
  }

  /** The greatest known position at or before this one; undefined if none is known. */
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
