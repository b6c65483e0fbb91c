import fc from 'fast-check';
import type { RecordedEvent } from '../../src/domain/event';
import type { At } from '../../src/tables/reader';
import type { Happening, ItemRow } from '../support/shelf';

/** One step of a random history: the asset, the event, and its claimed time. */
export interface Step {
  readonly asset: string;
  readonly happening: Happening;
  readonly occurredAt: string;
}

const WORDS = ['summer', 'Été', 'poster', 'post', 'night', 'Nacht'];
const title = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));
const tags = fc.uniqueArray(fc.constantFrom('red', 'green', 'blue'), { maxLength: 3 });

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ is: fc.constant('registered' as const), title, tags }),
  fc.record({ is: fc.constant('changed' as const), title }),
  fc.record({ is: fc.constant('changed' as const), tags }),
  fc.record({ is: fc.constantFrom('reviewed' as const, 'retired' as const) }),
);

/** Few assets and few instants, so that histories cross, repeat and run backwards. */
export const steps = (maxLength = 40): fc.Arbitrary<readonly Step[]> =>
  fc.array(
    fc.record({
      asset: fc.constantFrom('a', 'b', 'c', 'd'),
      happening,
      occurredAt: fc.integer({ min: 1, max: 9 }).map((day) => `2026-01-0${day}T00:00:00.000Z`),
    }),
    { minLength: 1, maxLength },
  );

/** The shelf without a database: for each query, the events that count then are folded again. */
export class Model {
  private readonly events: RecordedEvent[] = [];

  fold(event: RecordedEvent): void {
    this.events.push(event);
  }

  rows(at: At = { position: '~' }): readonly ItemRow[] {
    const rows = new Map<string, ItemRow | undefined>();
    for (const event of eventsAt(this.events, at)) {
      const asset = event.stream.slice('asset-'.length);
      rows.set(asset, next(event, asset, rows.get(asset)));
    }
    return [...rows.values()].filter((row) => row !== undefined);
  }
}

/** The events that count at a moment: those recorded up to it, and effective by then. */
export function eventsAt(events: readonly RecordedEvent[], at: At): readonly RecordedEvent[] {
  const beginnings = new Map<string, string>();
  for (const { stream, metadata } of events) {
    if (!beginnings.has(stream)) beginnings.set(stream, metadata.occurredAt);
  }
  const { position, recordedAt, occurredAt }: { position?: string; recordedAt?: string; occurredAt?: string } = at;
  const firstLater = events.findIndex((event) => recordedAt !== undefined && event.recordedAt > recordedAt);
  return events
    .slice(0, firstLater < 0 ? events.length : firstLater)
    .filter((event) => position === undefined || event.position <= position)
    .filter(({ stream, metadata }) => {
      const began = beginnings.get(stream)!;
      const effective = metadata.occurredAt > began ? metadata.occurredAt : began;
      return occurredAt === undefined || effective <= occurredAt;
    });
}

function next(event: RecordedEvent, asset: string, before: ItemRow | undefined): ItemRow | undefined {
  const data = event.data as Partial<ItemRow>;
  const { position, recordedAt } = event;
  const changedAt = event.metadata.occurredAt;
  if (event.type === 'AssetRegistered') {
    const { title = null, tags = [] } = data;
    return { asset, title, status: 'draft', tags, changes: 0, placed: position, changedAt, seenAt: recordedAt };
  }
  if (event.type === 'AssetRetired' || !before) return undefined;
  if (event.type === 'ReviewRequested') return { ...before, status: 'inReview' };
  const { title = before.title, tags = before.tags } = data;
  return { ...before, title, tags, changes: before.changes + 1, changedAt };
}

const bare = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Every word of the query is a prefix of a word in the text. */
export function matches(text: string | null, question: string): boolean {
  const words = bare(text ?? '').split(' ');
  return (
    text !== null &&
    bare(question)
      .split(' ')
      .every((asked) => words.some((word) => word.startsWith(asked)))
  );
}
