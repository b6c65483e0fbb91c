import { posix } from 'node:path';

/** Where a symbolic link leads: to an asset's path, or why it leads to none. */
export type Lead = { readonly path: string } | { readonly lost: 'dangling' | 'outside' | 'loop' };

const MOST_HOPS = 40;
/** Names on the way to where a link leads, and characters of a path: beyond, it counts as leading nowhere. */
const MOST_NAMES = 128;
const LONGEST_PATH = 4_096;

/**
 * The symbolic links of a tree and where they lead, kept up to date as paths come and go. Only the links that looked
 * at a path are resolved again when that path changes, so that thousands of links cost what changes, not what is.
 */
export class Links {
  private readonly targets: Map<string, string>;
  /** path → links whose resolution looked at it. */
  private readonly watchers = new Map<string, Set<string>>();
  private readonly watched = new Map<string, readonly string[]>();
  private readonly stale = new Set<string>();

  constructor(targets: Iterable<readonly [string, string]> = []) {
    this.targets = new Map(targets);
    // Every link is looked at once, so that each watches its way.
    for (const path of this.targets.keys()) this.lead(path, () => false);
  }

  entries(): readonly (readonly [string, string])[] {
    return [...this.targets];
  }

  set(path: string, target: string): void {
    this.targets.set(path, target);
    this.stale.add(path);
    this.changed(path);
  }

  delete(path: string): boolean {
    if (!this.targets.delete(path)) return false;
    this.stale.add(path);
    this.changed(path);
    return true;
  }

  /** Something appeared or vanished at a path: links that look there may lead elsewhere now. */
  changed(path: string): void {
    for (const link of this.watchers.get(path) ?? []) this.stale.add(link);
  }

  /** Links to look at again since the last call, in path order. Deleted ones are among them. */
  takeStale(): readonly string[] {
    const paths = [...this.stale].sort();
    this.stale.clear();
    return paths;
  }

  has(path: string): boolean {
    return this.targets.has(path);
  }

  /** Follows a link through further links, in directories too, to something that is there. */
  lead(link: string, isThere: (path: string) => boolean): Lead {
    const seen: string[] = [];
    const found = this.follow(link, isThere, seen);
    this.watch(link, seen);
    return found;
  }

  private follow(link: string, isThere: (path: string) => boolean, seen: string[]): Lead {
    // The names still to go, the next one last; and where each directory on the way ends in `here`.
    const todo = link.split('/').reverse();
    const ends: number[] = [];
    let here = '';
    let hops = 0;
    while (todo.length > 0) {
      const name = todo.pop()!;
      if (name === '' || name === '.') continue;
      if (name === '..') {
        const end = ends.pop();
        if (end === undefined) return { lost: 'outside' };
        here = here.slice(0, end);
        continue;
      }
      const next = here === '' ? name : `${here}/${name}`;
      if (seen.length >= MOST_NAMES || next.length > LONGEST_PATH) return { lost: 'loop' };
      seen.push(next);
      const target = this.targets.get(next);
      if (target === undefined) {
        ends.push(here.length);
        here = next;
        continue;
      }
      if (posix.isAbsolute(target)) return { lost: 'outside' };
      hops += 1;
      if (hops > MOST_HOPS) return { lost: 'loop' };
      for (const further of target.split('/').reverse()) todo.push(further);
    }
    return isThere(here) ? { path: here } : { lost: 'dangling' };
  }

  private watch(link: string, seen: readonly string[]): void {
    for (const path of this.watched.get(link) ?? []) this.watchers.get(path)?.delete(link);
    if (!this.targets.has(link)) {
      this.watched.delete(link);
      return;
    }
    this.watched.set(link, seen);
    for (const path of seen) {
      const links = this.watchers.get(path) ?? new Set();
      this.watchers.set(path, links.add(link));
    }
  }
}
