import { join } from 'node:path';
import type { RecordedEvent } from '../../src/domain/event';
import { type CopyOptions, type CopyResult, copy } from '../../src/store/copying/copying';
import { positionOf } from '../../src/store/instant';
import type { Target } from '../../src/store/moving';
import { openSqliteTarget } from '../../src/store/sqlite/adapter';
import type { Store } from '../../src/store/store';
import type { At } from '../../src/tables/reader';
import type { Step } from '../laws/model';
import { Bench, item, note } from '../support/shelf';

const START = Date.parse('2026-03-01T00:00:00.000Z');
export const SYNCHRONOUS = { synchronous: 'OFF' } as const;

type Source = CopyOptions['source'];

/** A copy without progress output. */
export function move(source: Source, target: Target, more: Partial<CopyOptions> = {}): Promise<CopyResult> {
  return copy({ source, target, signal: new AbortController().signal, onProgress: () => {}, ...more });
}

/** The same log with other positions, as in a store that counts bytes. */
export function spaced(store: Store, width: number): Source {
  const wider = (position: string): string => positionOf(Number(position) * width);
  const narrower = (position: string): string => positionOf(Math.floor(Number(position) / width));
  return {
    head: async () => wider(await store.head()),
    async *readAll({ after, until } = {}) {
      const range = { ...(after && { after: narrower(after) }), ...(until && { until: narrower(until) }) };
      for await (const page of store.readAll(range)) {
        yield page.map((event): RecordedEvent => ({ ...event, position: wider(event.position) }));
      }
    },
  };
}

/** A target that accepts this many appends of a group and then stops answering. */
export function breaking(target: Target, appends: number, error: Error): Target {
  let left = appends;
  return {
    ...target,
    async receive(group) {
      const taken = group.slice(0, left);
      left -= taken.length;
      if (taken.length > 0) await target.receive(taken);
      if (taken.length < group.length) throw error;
    },
  };
}

/** A target that returns other events to readers than were written. */
export function lying(target: Target, lie: (events: readonly RecordedEvent[]) => readonly RecordedEvent[]): Target {
  let written = false;
  return {
    ...target,
    async receive(group) {
      await target.receive(group);
      written = true;
    },
    async *readAll(range) {
      for await (const page of target.readAll(range)) yield written ? lie(page) : page;
    },
  };
}

/** A house whose store's clock moves back and forth, with empty stores to move to. */
class House extends Bench {
  private targets = 0;

  constructor(clock: readonly number[] = [0]) {
    let appended = 0;
    super({ clock: () => START + clock[appended++ % clock.length]! });
  }

  async lives(history: readonly Step[]): Promise<void> {
    for (const { asset, happening, occurredAt } of history) await this.happens(asset, happening, occurredAt);
  }

  empty(): { readonly file: string; readonly target: Target } {
    this.targets += 1;
    const file = join(this.directory, `copy-${this.targets}.sqlite`);
    return { file, target: openSqliteTarget(file, SYNCHRONOUS) };
  }
}

export async function inHouse(body: (house: House) => Promise<void>, clock?: readonly number[]): Promise<void> {
  const house = new House(clock);
  try {
    await body(house);
  } finally {
    await house.close();
  }
}

/** An event in comparable form: everything but its position in this store. */
export const told = ({ position, originalPosition = position, ...event }: RecordedEvent) => ({
  ...event,
  originalPosition,
});

const INSTANTS: readonly At[] = [
  ...Array.from({ length: 9 }, (_, tick) => ({ recordedAt: new Date(START + tick - 1).toISOString() })),
  ...Array.from({ length: 9 }, (_, day) => ({ occurredAt: `2026-01-0${day + 1}T00:00:00.000Z` })),
];

/** The content of a house's tables now and at every instant, except the positions, which are specific to its store. */
export async function answers(house: Bench, store: Store, tables: string): Promise<unknown> {
  const runtime = await house.runtime({ store, tables });
  await runtime.catchUp();
  const reader = runtime.reader('shelf');
  const lists: unknown[] = [(await runtime.hash()).projections];
  for (const at of [undefined, ...INSTANTS]) {
    const items = await reader.select(item, { limit: 100, order: [{ by: 'asset' }], at });
    const notes = await reader.select(note, { limit: 100, order: [{ by: 'position' }], at });
    lists.push([at, items.map(({ placed: _, ...row }) => row), notes.map(({ position: _, ...row }) => row)]);
  }
  return lists;
}
