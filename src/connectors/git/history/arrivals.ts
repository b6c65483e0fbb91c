import { readPath } from '../repository/path';
import type { Git } from '../repository/run';

/**
 * Maps each blob to the index of the first commit in the first-parent history that shows it. Keyed by the first 52 bits
 * of the blob's hash, since a long history has many blobs.
 */
export class Arrivals {
  private readonly places = new Map<number, number>();

  /** `wanted` selects the paths to consider. */
  static async of(git: Git, tip: string, wanted: (path: string) => boolean): Promise<Arrivals> {
    const arrivals = new Arrivals();
    const walk = ['--first-parent', '--diff-merges=first-parent', '--reverse', '--topo-order', '--root'];
    const raw = ['--raw', '-z', '--no-abbrev', '--no-renames', '--no-color', '--no-ext-diff'];
    let place = -1;
    let blob = '';
    for await (const piece of git.pieces(['log', ...walk, ...raw, '--format=%x01', '--end-of-options', tip, '--'])) {
      if (blob !== '') {
        if (wanted(readPath(piece).path)) arrivals.arrive(blob, place);
        blob = '';
      } else if (piece.includes(1)) place += 1;
      // `:<old mode> <new mode> <old blob> <new blob> <status>`; the first entry of a commit follows a line feed.
      else if (piece.length > 1) blob = piece.toString('latin1').trim().split(' ')[3] ?? '';
    }
    return arrivals;
  }

  /** Undefined if the first-parent history never shows the blob. */
  of(blob: string): number | undefined {
    return this.places.get(shortOf(blob));
  }

  private arrive(blob: string, place: number): void {
    const short = shortOf(blob);
    if (!this.places.has(short)) this.places.set(short, place);
  }
}

function shortOf(blob: string): number {
  return Number.parseInt(blob.slice(0, 13), 16);
}
