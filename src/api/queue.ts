import type { Asker } from '../../projections/reviews/queries';
import { waitingFor } from '../../projections/reviews/queries';
import type { ReviewRow } from '../../projections/reviews/tables';
import { theRulebook } from '../../projections/rules/queries';
import type { RulebookRow } from '../../projections/rules/tables';
import { canonicalId } from '../domain/identity';
import type { PeopleList } from '../domain/rulebook/parts';
import type { Substitution } from '../domain/rulebook/standing';
import type { Asking } from './asking';
import type { Moment } from './moment';

/** What waits for whoever asks, as of a moment. */
export async function queueAt(asking: Asking, moment: Moment): Promise<readonly ReviewRow[]> {
  const rulebook = await theRulebook(moment.reader('rules'), moment.at);
  return waitingFor(moment.reader('reviews'), askerOf(asking, rulebook, instantOf(moment)), moment.at);
}

/** The instant that a moment is about; a position has none of its own, so substitutes are those of today. */
function instantOf({ at }: Moment): string {
  if (at !== undefined && 'occurredAt' in at) return at.occurredAt;
  return at !== undefined && 'recordedAt' in at ? at.recordedAt : new Date().toISOString();
}

function askerOf({ session }: Asking, rulebook: RulebookRow | undefined, at: string): Asker {
  const person = session.actor.onBehalfOf ?? session.actor.id;
  const id = canonicalId(person);
  const substitutions = (rulebook?.substitutions ?? []) as readonly Substitution[];
  const instead = substitutions.filter(
    ({ substitute, from, until }) => canonicalId(substitute) === id && from <= at && at < until,
  );
  return {
    ...placesOf(person, rulebook),
    anybody: session.roles.includes('approver'),
    insteadOf: instead.map((each) => placesOf(each.person, rulebook)),
  };
}

function placesOf(person: string, rulebook: RulebookRow | undefined): Omit<Asker, 'insteadOf' | 'anybody'> {
  const id = canonicalId(person);
  const namesOf = (lists: unknown): readonly string[] =>
    ((lists ?? []) as readonly PeopleList[])
      .filter(({ people }) => people.some((each) => canonicalId(each) === id))
      .map(({ name }) => name);
  return { person, roles: namesOf(rulebook?.roles), groups: namesOf(rulebook?.groups) };
}

/** How the queue of a person changed. */
export interface QueueChange {
  readonly position: string;
  /** How many there are: `totalCount` asks for it, as it does of every list. */
  count(): number;
  readonly added: readonly ReviewRow[];
  readonly removed: readonly string[];
  readonly moment: Moment;
}

/** The queue as it is, then every change of it. It is looked at again whenever the tables have advanced. */
export async function* queueChanges(asking: Asking, signal: AbortSignal): AsyncGenerator<QueueChange, void, undefined> {
  let before: ReadonlyMap<string, string> | undefined;
  const advances = new Advances(asking, signal);
  try {
    for await (const _ of advances.each()) {
      const moment = asking.now(await asking.door.runtime.reader('reviews').position());
      const rows = await queueAt(asking, moment);
      const now = new Map(rows.map((row) => [row.review, `${row.round} ${row.stage}`]));
      const known = before ?? new Map<string, string>();
      const added = rows.filter((row) => known.get(row.review) !== now.get(row.review));
      const removed = [...known.keys()].filter((review) => !now.has(review));
      const isFirst = before === undefined;
      before = now;
      if (!isFirst && added.length === 0 && removed.length === 0) continue;
      const position = moment.computedAt;
      asking.offer({ position, cursor: position });
      yield { position, count: () => rows.length, added, removed, moment };
    }
  } finally {
    advances.end();
  }
}

/** Tells that the tables have advanced; several advances that nobody has looked at yet are one. */
class Advances {
  private wake: (() => void) | undefined;
  private advanced = true;
  private readonly stop: () => void;

  constructor(
    asking: Asking,
    private readonly signal: AbortSignal,
  ) {
    this.stop = asking.door.runtime.onAdvance(() => {
      this.advanced = true;
      this.wake?.();
    });
    signal.addEventListener('abort', () => this.wake?.(), { once: true });
  }

  async *each(): AsyncGenerator<void, void, undefined> {
    while (!this.signal.aborted) {
      if (!this.advanced) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
        this.wake = undefined;
        continue;
      }
      this.advanced = false;
      yield;
    }
  }

  end(): void {
    this.stop();
  }
}
