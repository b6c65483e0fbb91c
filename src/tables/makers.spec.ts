import type { AssetEventNamed } from '../domain/asset/events';
import type { RecordedEvent } from '../domain/event';
import { TablesBehind } from './engine';
import { Makers } from './makers';

const at = (position: number): string => String(position).padStart(20, '0');

/** A log of makings, tables that stand where the test says, and what was read of the log. */
class Scene {
  readonly log: RecordedEvent[] = [];
  stand = 0;
  readings = 0;
  private gate: Promise<void> | undefined;

  made(digest: string, actorId: string, contributors?: readonly string[]): void {
    const madeWith = { tool: 'figma', ai: 'none' };
    const data = { digest, contributors, madeWith } as unknown as AssetEventNamed<'VersionAdded'>['data'];
    const metadata = { actorId, schemaVersion: '1' } as RecordedEvent['metadata'];
    const position = at(this.log.length + 1);
    this.log.push({ id: '', type: 'VersionAdded', data, metadata, stream: '', revision: 0, position, recordedAt: '' });
  }

  hold(): () => void {
    let open = () => {};
    this.gate = new Promise((resolve) => {
      open = resolve;
    });
    return open;
  }

  open(mostBehind?: number): Makers {
    const { log } = this;
    const scene = this;
    const store = {
      async *readAll({ after = at(0), limit = 1_000 }: { after?: string; limit?: number } = {}) {
        scene.readings += 1;
        const page = log.filter(({ position }) => position > after).slice(0, limit);
        await scene.gate;
        if (page.length > 0) yield page;
      },
    };
    const tables = {
      position: async () => at(scene.stand),
      isMaker: async (digest: string, ids: readonly string[]) =>
        log.slice(0, scene.stand).some(({ data, metadata }) => {
          const { digest: of, contributors = [] } = data as AssetEventNamed<'VersionAdded'>['data'];
          return of === digest && [metadata.actorId, ...contributors].some((id) => ids.includes(id));
        }),
    };
    return new Makers(store, tables, mostBehind);
  }
}

let scene: Scene;
beforeEach(() => {
  scene = new Scene();
});

it('knows what the tables have and what they lack yet, up to the end of the log', async () => {
  scene.made('a', 'ann');
  scene.made('a', 'ben', ['cat']);
  scene.stand = 1;
  const makers = scene.open();
  for (const id of ['ann', 'ben', 'cat'])
    expect(await makers.known('a', [id])).toEqual({ made: true, position: at(2) });
  expect(await makers.known('a', ['dan'])).toEqual({ made: false, position: at(2) });
  expect(await makers.known('b', ['ann', 'ben'])).toEqual({ made: false, position: at(2) });
  scene.made('b', 'dan');
  expect(await makers.known('b', ['eve', 'dan'])).toEqual({ made: true, position: at(3) });
});

it('asks in the canonical form', async () => {
  scene.made('a', 'ann');
  scene.stand = 1;
  expect(await scene.open().known('a', [' ANN'])).toMatchObject({ made: true });
});

it('loses no maker while the tables catch up, overtake the read position, or are rebuilt', async () => {
  const makers = scene.open();
  for (let day = 1; day <= 30; day += 1) {
    scene.made('a', `maker-${day}`);
    scene.stand = [0, day - 1, day, Math.floor(day / 2)][day % 4]!;
    for (let earlier = 1; earlier <= day; earlier += 1) {
      expect(await makers.known('a', [`maker-${earlier}`])).toEqual({ made: true, position: at(day) });
    }
  }
});

it('keeps little, however much it has seen', async () => {
  const makers = scene.open();
  for (let round = 0; round < 5; round += 1) {
    for (let each = 0; each < 9_000; each += 1) scene.made(`digest-${round}-${each}`, 'ann');
    expect(await makers.known(`digest-${round}-0`, ['ann'])).toMatchObject({ made: true });
    scene.stand = scene.log.length;
    expect(await makers.known('digest-0-0', ['ann'])).toMatchObject({ made: true });
  }
});

it('says so where the tables lack too much to be made up for, and goes on when they have come nearer', async () => {
  for (let each = 0; each < 12; each += 1) scene.made(`digest-${each}`, 'ann');
  const makers = scene.open(10);
  await expect(makers.known('digest-0', ['ann'])).rejects.toThrow(TablesBehind);
  scene.stand = 12;
  expect(await makers.known('digest-0', ['ann'])).toEqual({ made: true, position: at(12) });
});

it('is not filled up by versions with many contributors', async () => {
  const crowd = Array.from({ length: 1_000 }, (_, each) => `somebody-${each}`);
  for (let each = 0; each < 60; each += 1) scene.made(`digest-${each}`, 'ann', crowd);
  await expect(scene.open().known('digest-0', ['ann'])).rejects.toThrow(TablesBehind);
});

it('reads once for all who ask meanwhile, and never less than was there when they asked', async () => {
  const open = scene.hold();
  const makers = scene.open();
  scene.made('a', 'ann');
  const first = makers.known('a', ['ann']);
  await new Promise(setImmediate);
  scene.made('a', 'ben');
  const later = Array.from({ length: 100 }, () => makers.known('a', ['ben']));
  open();
  expect(await first).toEqual({ made: true, position: expect.any(String) });
  expect(new Set((await Promise.all(later)).map(({ made }) => made))).toEqual(new Set([true]));
  expect(scene.readings).toBeLessThanOrEqual(2);
});

it('gives no answer while the log or the tables cannot be read, and the right one afterwards', async () => {
  scene.made('a', 'ann');
  let broken = true;
  const tables = { position: async () => at(0), isMaker: async () => false };
  const store = {
    async *readAll() {
      if (broken) throw new Error('the store is away');
      yield scene.log;
    },
  };
  const makers = new Makers(store, tables);
  await expect(makers.known('a', ['ann'])).rejects.toThrow('the store is away');
  broken = false;
  expect(await makers.known('a', ['ann'])).toMatchObject({ made: true });
});
