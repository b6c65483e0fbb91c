import fc from 'fast-check';
import type { RecordedEvent } from '../../src/domain/event';
import type { At } from '../../src/tables/reader';
import type { Happening, ItemRow } from '../support/shelf';

/** What one step of a random history does: which asset, what, and when it claims to have happened. */
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

interface Held {
  readonly row: ItemRow | undefined;
  readonly position: string;
  readonly effective: string;
}

/** The shelf without a database: every state of every asset, in a list. */
export class Model {
  private readonly histories = new Map<string, Held[]>();
  private readonly recorded: { readonly position: string; readonly recordedAt: string }[] = [];

  fold(event: RecordedEvent): void {
    const asset = event.stream.slice('asset-'.length);
    const history = this.histories.get(asset) ?? [];
    this.histories.set(asset, history);
    this.recorded.push({ position: event.position, recordedAt: event.recordedAt });
    const last = history.at(-1);
    const row = next(event, asset, last?.row);
    if (JSON.stringify(row) === JSON.stringify(last?.row)) return;
    const { occurredAt } = event.metadata;
    const effective = last && last.effective > occurredAt ? last.effective : occurredAt;
    history.push({ row, position: event.position, effective });
  }

  rows(at?: At): readonly ItemRow[] {
    const rows: ItemRow[] = [];
    for (const history of this.histories.values()) {
      const row = history.findLast((held) => this.isBefore(held, at))?.row;
      if (row) rows.push(row);
    }
    return rows;
  }

  private isBefore(held: Held, at: At | undefined): boolean {
    if (!at) return true;
    if ('position' in at) return held.position <= at.position;
    if ('occurredAt' in at) return held.effective <= at.occurredAt;
    const firstLater = this.recorded.find(({ recordedAt }) => recordedAt > at.recordedAt);
    return firstLater === undefined || held.position < firstLater.position;
  }
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

/** Every word of the question begins a word of the text. */
export function matches(text: string | null, question: string): boolean {
  const words = bare(text ?? '').split(' ');
  return (
    text !== null &&
    bare(question)
      .split(' ')
      .every((asked) => words.some((word) => word.startsWith(asked)))
  );
}
