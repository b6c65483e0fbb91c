import fc from 'fast-check';
import { events, idsOf, newStream } from '../../../test/store/given';
import type { NewEvent } from '../../domain/event';
import { type Appended, Conflict, START, type Store, Unavailable, UnknownOutcome } from '../../store/store';
import { InOrderStore } from './inorder';

/** What happens to an append that arrives. `lost`: written without an answer. `broken`: the same for all in flight. */
type Happening = 'well' | 'lost' | 'broken' | 'away';

/** A store according to S14 that suffers these faults, one per append, and then works. */
class Troubled {
  readonly log: NewEvent[] = [];
  private readonly streams = new Map<string, readonly NewEvent[]>();
  private underWay: (() => void)[] = [];
  private broken = false;

  constructor(
    private readonly happenings: Happening[],
    readonly ordered: boolean,
  ) {}

  append(stream: string, expected: 'none' | number, batch: readonly NewEvent[]): Promise<Appended> {
    return new Promise((resolve, reject) => {
      const arrive = () => this.arrive(stream, expected, batch, resolve, reject);
      this.underWay.push(arrive);
      if (this.underWay.length === 1) setImmediate(() => this.run());
    });
  }

  private run(): void {
    const arriving = this.underWay;
    this.underWay = [];
    this.broken = false;
    for (const arrive of arriving) arrive();
  }

  private arrive(
    stream: string,
    expected: 'none' | number,
    batch: readonly NewEvent[],
    resolve: (appended: Appended) => void,
    reject: (error: Error) => void,
  ): void {
    const happening = this.broken ? 'broken' : (this.happenings.shift() ?? 'well');
    if (happening === 'broken' || happening === 'away') {
      this.broken = true;
      reject(happening === 'away' ? new Unavailable('away') : new UnknownOutcome('broken'));
      return;
    }
    const standing = this.streams.get(stream) ?? [];
    const base = expected === 'none' ? 0 : expected + 1;
    const there = standing.slice(base, base + batch.length);
    const other = there.length > 0 && idsOf(there).join() !== idsOf(batch).join();
    if (other || base > standing.length) {
      reject(new Conflict(stream, expected, standing.length - 1));
      return;
    }
    if (there.length === 0) {
      this.streams.set(stream, [...standing, ...batch]);
      this.log.push(...batch);
    }
    if (happening === 'lost') reject(new UnknownOutcome('lost'));
    else resolve({ revision: base + batch.length - 1, position: START });
  }
}

const happening = fc.constantFrom<Happening>('well', 'well', 'well', 'lost', 'broken', 'away');
const soon = () => Promise.resolve();
const appends = Array.from({ length: 4 }, () => newStream()).flatMap((stream) =>
  [0, 1, 2].map((round) => ({ stream, round, batch: events(2) })),
);
const asked = appends.toSorted((a, b) => a.round - b.round);
const all = idsOf(asked.flatMap(({ batch }) => batch));

describe('a store that is written to in order', () => {
  it('always holds a prefix of the requested appends, and all of them once everything was answered', async () => {
    const law = fc.asyncProperty(fc.array(happening, { maxLength: 40 }), fc.boolean(), async (happenings, ordered) => {
      const troubled = new Troubled(happenings, ordered);
      const store = new InOrderStore(troubled as unknown as Store, soon);
      const answers = await Promise.allSettled(
        asked.map(({ stream, round, batch }) => store.append(stream, round === 0 ? 'none' : 2 * round - 1, batch)),
      );
      expect(idsOf(troubled.log)).toEqual(all.slice(0, troubled.log.length));
      const told = answers.filter(({ status }) => status === 'fulfilled');
      expect(2 * told.length).toBeLessThanOrEqual(troubled.log.length);
      expect(answers.slice(0, told.length)).toEqual(told);
      for (const answer of answers.slice(told.length)) {
        expect(['UnknownOutcome', 'Unavailable']).toContain((answer as PromiseRejectedResult).reason.name);
      }
    });
    await fc.assert(law, { numRuns: 500 });
  });

  it('reports at once that the store was unavailable before anything was sent', async () => {
    const store = new InOrderStore(new Troubled(['away'], true) as unknown as Store, () => {
      throw new Error('it waited');
    });
    await expect(store.append(newStream(), 'none', events(1))).rejects.toBeInstanceOf(Unavailable);
    await expect(store.append(newStream(), 'none', events(1))).rejects.toBeInstanceOf(Unavailable);
  });

  it('passes on a conflict, and continues', async () => {
    const store = new InOrderStore(new Troubled([], true) as unknown as Store, soon);
    const stream = newStream();
    await store.append(stream, 'none', events(2));
    await expect(store.append(stream, 'none', events(1))).rejects.toBeInstanceOf(Conflict);
    await expect(store.append(stream, 1, events(1))).resolves.toMatchObject({ revision: 2 });
  });
});
