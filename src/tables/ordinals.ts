import type { Store } from '../store/store';
import type { LogMark } from './engine';

/**
 * The place of an event in the log, counted from 1, from its position. Where the log is dense, which the number of
 * events up to a position proves, the position is its own ordinal; otherwise the log is read once.
 */
export async function ordinals(store: Store, mark: LogMark): Promise<(position: number) => number> {
  const head = Number(await store.head());
  if (mark.events === mark.position && head <= mark.position) return (position) => position;
  const positions: number[] = [];
  let dense = true;
  for await (const page of store.readAll()) {
    for (const { position } of page) {
      positions.push(Number(position));
      dense &&= Number(position) === positions.length;
    }
  }
  if (dense) return (position) => position;
  return (position) => {
    let low = 0;
    let high = positions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (positions[middle]! < position) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}
