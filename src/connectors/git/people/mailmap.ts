import type { Ident } from './ident';

/** The name and address that a `.mailmap` line assigns to a person; a missing one stays unchanged. */
interface Proper {
  name?: string;
  email?: string;
}

interface Entry extends Proper {
  /** By the name in commits, for an address that is mapped by name. */
  readonly byName: Map<string, Proper>;
}

/**
 * The people of a repository according to its `.mailmap`. It follows git's own rules but also covers people named in
 * messages and tags, not only authors.
 */
export class Mailmap {
  private readonly entries = new Map<string, Entry>();

  constructor(text = '') {
    for (const line of text.split('\n')) if (!line.startsWith('#')) this.add(line);
  }

  /** A `.mailmap` identifies people by address, so it cannot contain a person without one. */
  proper(who: Ident): Ident {
    if (who.scope !== undefined) return who;
    const entry = this.entries.get(folded(who.email));
    const found = entry?.byName.get(folded(who.name)) ?? entry;
    return { name: found?.name ?? who.name, email: found?.email ?? who.email };
  }

  private add(line: string): void {
    const first = partOf(line, false);
    if (first === undefined) return;
    const second = partOf(first.rest, true);
    const entry = this.entryOf(second?.email ?? first.email);
    const proper: Proper = {};
    if (first.name !== '') proper.name = first.name;
    if (second !== undefined) proper.email = first.email;
    if (second === undefined || second.name === '') Object.assign(entry, proper);
    else entry.byName.set(folded(second.name), proper);
  }

  private entryOf(email: string): Entry {
    const key = folded(email);
    const known = this.entries.get(key);
    const entry = known ?? { byName: new Map() };
    if (known === undefined) this.entries.set(key, entry);
    return entry;
  }
}

interface Part {
  readonly name: string;
  readonly email: string;
  readonly rest: string;
}

function partOf(text: string, mayBeEmpty: boolean): Part | undefined {
  const open = text.indexOf('<');
  const close = open === -1 ? -1 : text.indexOf('>', open + 1);
  if (close === -1 || (close === open + 1 && !mayBeEmpty)) return undefined;
  return { name: text.slice(0, open).trim(), email: text.slice(open + 1, close), rest: text.slice(close + 1) };
}

/** Git ignores case for ASCII letters only. */
function folded(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
