import { join } from 'node:path';
import { type CopyOptions, type CopyResult, copy } from '../../src/cli/copy/copy';
import type { RecordedEvent } from '../../src/domain/event';
import { positionOf } from '../../src/store/instant';
import type { Target } from '../../src/store/moving';
import { openSqliteTarget } from '../../src/store/sqlite';
import type { Store } from '../../src/store/store';
import type { Step } from '../laws/model';
import { Bench } from '../support/shelf';

export const START = Date.parse('2026-03-01T00:00:00.000Z');
export const SYNCHRONOUS = { synchronous: 'OFF' } as const;

type Source = CopyOptions['source'];

/** Copies with nobody watching. */
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

/** A target that takes so many appends of a group and then does not answer any more. */
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

/** A target whose readers are told something else than what was written. */
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

/** A house whose store's clock goes back and forth, and empty stores beside it to move to. */
export class House extends Bench {
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
