import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { v5 as uuidv5 } from 'uuid';
import { type Ident, identityOf, isBot } from './ident';
import { isAlike, type Traits, traitsOf } from './likeness';
import type { Mailmap } from './mailmap';

const NAMESPACE = '6f1d2c0a-5b7e-5c64-9a35-0c8f1f4be2d7';
/** Limit of the command that carries them. */
const MOST_SAME = 1000;

/** A person as the history names them, their recorded id, and the commit index at which they first appeared. */
interface Sighting {
  readonly who: Ident;
  readonly id: string;
  readonly place: number;
}

/** One person according to today's `.mailmap`, recorded under several ids before it said so. */
export interface Parted {
  readonly name: string;
  readonly ids: readonly string[];
}

/**
 * The people of one repository. A person keeps the id under which they were first recorded, whatever a later `.mailmap`
 * says, so recorded events stay true. Therefore everybody found is appended to a file beside the import state, before
 * the events that name them; if that file is lost, the current `.mailmap` decides again.
 */
export class Identities {
  /** Index of the commit being imported: people who appear later do not count for decisions made here. */
  place = 0;
  private readonly ids = new Map<string, string>();
  private readonly seen = new Set<string>();
  /** Sightings by name and by handle. */
  private readonly byTrait = new Map<string, Sighting[]>();
  private readonly byProper = new Map<string, Map<string, Sighting>>();
  private readonly traits = new Map<string, Traits>();
  private readonly met = new Map<string, { readonly id: string; readonly name: string }>();

  constructor(
    private readonly repository: string,
    private readonly mailmap: Mailmap,
    private readonly file: string,
  ) {
    for (const sighting of sightingsIn(file)) this.note(sighting);
  }

  /** The same person has the same id in every repository that names them the same way. */
  idOf(who: Ident): string {
    const known = this.ids.get(this.keyOf(who));
    if (known !== undefined) return known;
    const key = this.keyOf(this.mailmap.proper(who));
    return this.ids.get(key) ?? `${key.split('\n', 1)[0]}-${uuidv5(key, NAMESPACE)}`;
  }

  /** Their id and canonical name; a new person is appended to the file. */
  meet(who: Ident): { readonly id: string; readonly name: string } {
    const spelled = spelling(who);
    const known = this.met.get(spelled);
    if (known !== undefined) return known;
    const met = { id: this.idOf(who), name: this.mailmap.proper(who).name };
    this.met.set(spelled, met);
    if (this.seen.has(`${this.keyOf(who)}\n${who.name}`)) return met;
    const sighting = { who, id: met.id, place: this.place };
    this.note(sighting);
    mkdirSync(dirname(this.file), { recursive: true });
    appendFileSync(this.file, `${JSON.stringify(sighting)}\n`);
    return met;
  }

  sameAs(who: Ident, others: readonly Ident[]): readonly string[] {
    const own = this.idOf(who);
    const ids = new Set(this.earlier(who));
    for (const other of others) {
      const one = this.properKey(other) === this.properKey(who);
      if (one || (!isBot(other) && !isBot(who) && this.alike(who, other))) ids.add(this.idOf(other));
    }
    ids.delete(own);
    return [...ids].slice(0, MOST_SAME);
  }

  /** Everybody as originally named, for a lookup by git itself. */
  named(): readonly Ident[] {
    const all = [...this.byProper.values()].flatMap((ids) => [...ids.values()].map(({ who }) => who));
    return all.filter(({ scope }) => scope === undefined);
  }

  proper(who: Ident): Ident {
    return this.mailmap.proper(who);
  }

  parted(): readonly Parted[] {
    return [...this.byProper.values()].flatMap((sightings) => {
      const ids = [...new Set([...sightings.values()].map(({ id }) => id))].sort();
      const [first] = sightings.values();
      return ids.length < 2 || first === undefined ? [] : [{ name: this.mailmap.proper(first.who).name, ids }];
    });
  }

  private *earlier(who: Ident): Generator<string> {
    for (const { id, place } of this.byProper.get(this.properKey(who))?.values() ?? [])
      if (place < this.place) yield id;
    if (isBot(who)) return;
    for (const trait of this.keysOf(who)) {
      for (const sighting of this.byTrait.get(trait) ?? []) {
        if (sighting.place < this.place && this.alike(who, sighting.who)) yield sighting.id;
      }
    }
  }

  private note(sighting: Sighting): void {
    const { who, id } = sighting;
    const key = this.keyOf(who);
    this.seen.add(`${key}\n${who.name}`);
    if (!this.ids.has(key)) this.ids.set(key, id);
    const proper = this.properKey(who);
    const together = this.byProper.get(proper) ?? new Map<string, Sighting>();
    this.byProper.set(proper, together.set(`${key}\n${who.name}`, sighting));
    if (isBot(who)) return;
    for (const trait of this.keysOf(who)) {
      const alike = this.byTrait.get(trait);
      if (alike === undefined) this.byTrait.set(trait, [sighting]);
      else alike.push(sighting);
    }
  }

  /** Compares canonical names as well. */
  private alike(a: Ident, b: Ident): boolean {
    const both = (who: Ident) => [this.traitsOf(who), this.traitsOf(this.mailmap.proper(who))];
    return both(a).some((one) => both(b).some((other) => isAlike(one, other)));
  }

  private keysOf(who: Ident): ReadonlySet<string> {
    const keys = new Set<string>();
    for (const { name, handles } of [this.traitsOf(who), this.traitsOf(this.mailmap.proper(who))]) {
      if (name !== '') keys.add(`name\n${name}`);
      for (const handle of handles.keys()) keys.add(`handle\n${handle}`);
    }
    return keys;
  }

  private traitsOf(who: Ident): Traits {
    const spelled = spelling(who);
    const known = this.traits.get(spelled);
    const traits = known ?? traitsOf(who);
    if (known === undefined) this.traits.set(spelled, traits);
    return traits;
  }

  private properKey(who: Ident): string {
    return this.keyOf(this.mailmap.proper(who));
  }

  /** A name without an address is unique only within its review tool or this repository. */
  private keyOf(who: Ident): string {
    const placed = who.scope === '' ? { ...who, scope: this.repository } : who;
    return `${isBot(who) ? 'bot' : 'person'}\n${identityOf(placed)}`;
  }
}

function spelling({ name, email, scope }: Ident): string {
  return `${name}\n${email}\n${scope}`;
}

function sightingsIn(file: string): readonly Sighting[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  // A killed run may leave an incomplete last line: that person is recorded again.
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Sighting];
    } catch {
      return [];
    }
  });
}
