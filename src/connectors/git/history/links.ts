import { posix } from 'node:path';

/** The target of a symbolic link: an asset's path, or the reason why it leads to none. */
export type Lead = { readonly path: string } | { readonly lost: 'dangling' | 'outside' | 'loop' };

const MOST_HOPS = 40;
/** Limits for resolving a link: path components visited, and characters of a path. Beyond them it counts as a loop. */
const MOST_NAMES = 128;
const LONGEST_PATH = 4_096;

/**
 * The symbolic links of a tree and their targets, updated as paths come and go. A changed path causes only those links
 * to be resolved again that looked at it, so the cost depends on the number of changes, not of links.
 */
export class Links {
  private readonly targets: Map<string, string>;
  /** path → links whose resolution looked at it. */
  private readonly watchers = new Map<string, Set<string>>();
  private readonly watched = new Map<string, readonly string[]>();
  private readonly stale = new Set<string>();

  constructor(targets: Iterable<readonly [string, string]> = []) {
    this.targets = new Map(targets);
    // Every link is resolved once, to register the paths it depends on.
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

  /** A path appeared or vanished: links that looked at it may now have another target. */
  changed(path: string): void {
    for (const link of this.watchers.get(path) ?? []) this.stale.add(link);
  }

  /** Links to resolve again since the last call, in path order. Deleted ones are included. */
  takeStale(): readonly string[] {
    const paths = [...this.stale].sort();
    this.stale.clear();
    return paths;
  }

  has(path: string): boolean {
    return this.targets.has(path);
  }

  /** Follows a link through further links, including links to directories, to an existing path. */
  lead(link: string, isThere: (path: string) => boolean): Lead {
    const seen: string[] = [];
    const found = this.follow(link, isThere, seen);
    this.watch(link, seen);
    return found;
  }

  private follow(link: string, isThere: (path: string) => boolean, seen: string[]): Lead {
    // Remaining path components, the next one last. `ends` holds the length of each parent directory in `here`.
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
