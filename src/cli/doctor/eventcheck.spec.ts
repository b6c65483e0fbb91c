import { uuidOf } from '../../../test/domain/world';
import type { Metadata, RecordedEvent } from '../../domain/event';
import { eventIdOf, olderEventIdOf } from '../../execute/eventid';
import { checkEvents } from './eventcheck';

const at = (position: number): string => String(position).padStart(20, '0');
const POSTER = `asset-${uuidOf('poster')}`;
const BANNER = `asset-${uuidOf('banner')}`;

/** A log as `execute` writes it; each test then changes what it is about. */
class Log {
  readonly events: RecordedEvent[] = [];
  private readonly revisions = new Map<string, number>();

  /** One command with this many events, at positions with gaps, as a server assigns them. */
  command(stream: string, name: string, count: number, idOf = eventIdOf): this {
    const commandId = uuidOf(name);
    const metadata: Metadata = {
      schemaVersion: '1',
      workspace: 'default',
      actorId: 'ann',
      actorKind: 'person',
      tool: 'figma',
      occurredAt: '2026-03-02T09:00:00.000Z',
      commandId,
      commandType: 'AddVersion',
      commandHash: '0123456789abcdef',
      $correlationId: commandId,
      $causationId: commandId,
    };
    for (let ordinal = 0; ordinal < count; ordinal += 1) {
      const revision = (this.revisions.get(stream) ?? -1) + 1;
      this.revisions.set(stream, revision);
      const said = { type: 'AliasObserved', data: { path: `${name}/${ordinal}` }, metadata };
      const position = at((this.events.length + 1) * 7);
      const recordedAt = '2026-03-02T09:00:00.000Z';
      this.events.push({ id: idOf(stream, ordinal, said), ...said, stream, revision, position, recordedAt });
    }
    return this;
  }

  change(index: number, by: (event: RecordedEvent) => Partial<RecordedEvent>): this {
    this.events[index] = { ...this.events[index]!, ...by(this.events[index]!) };
    return this;
  }

  check(head = this.events.at(-1)?.position ?? at(0)) {
    const { events } = this;
    const store = {
      head: async () => head,
      async *readAll() {
        for (let first = 0; first < events.length; first += 2) yield events.slice(first, first + 2);
      },
    };
    return checkEvents(store, 'restore it');
  }
}

const usual = () => new Log().command(POSTER, 'one', 3).command(BANNER, 'two', 1).command(POSTER, 'three', 2);

it('accepts an intact log, whatever gaps its positions have', async () => {
  expect(await usual().check()).toMatchObject({ ok: true, detail: expect.stringMatching(/^6 events in 2 streams/) });
  expect(await new Log().check()).toMatchObject({ ok: true });
});

it('accepts metadata in another order, and alternating events of two commands', async () => {
  const log = usual().change(0, ({ metadata }) => ({
    metadata: Object.fromEntries(Object.entries(metadata).reverse()) as unknown as Metadata,
  }));
  const [a, b, c, d, ...rest] = log.events as [RecordedEvent, RecordedEvent, RecordedEvent, RecordedEvent];
  const moved = [a, d, b, c, ...(rest as RecordedEvent[])].map((event, index) => ({
    ...event,
    position: at(index + 1),
  }));
  log.events.splice(0, log.events.length, ...moved);
  expect(await log.check()).toMatchObject({ ok: true });
});

it.each<[what: string, change: (event: RecordedEvent) => Partial<RecordedEvent>]>([
  ['its data', () => ({ data: { path: 'elsewhere' } })],
  ['a field more', ({ data }) => ({ data: { ...(data as object), evidence: null } })],
  ['its type', () => ({ type: 'AliasEndObserved' })],
  ['who did it', ({ metadata }) => ({ metadata: { ...metadata, actorId: 'eve' } })],
  ['for whom', ({ metadata }) => ({ metadata: { ...metadata, onBehalfOf: 'eve' } })],
  ['when it was done', ({ metadata }) => ({ metadata: { ...metadata, occurredAt: '2026-03-02T09:00:00.001Z' } })],
  ['the command', ({ metadata }) => ({ metadata: { ...metadata, commandId: uuidOf('other') } })],
  ['a hash of the command', ({ metadata }) => ({ metadata: { ...metadata, commandHash: '0123456789abcdee' } })],
  ['a key more of its metadata', ({ metadata }) => ({ metadata: { ...metadata, extra: 'x' } as Metadata })],
  ['its id', () => ({ id: uuidOf('another id') })],
])('finds an event with changed content: %s', async (_what, change) => {
  for (const index of [0, 2, 5]) {
    const check = await usual().change(index, change).check();
    expect(check).toMatchObject({ ok: false, advice: 'restore it' });
    expect(check.detail).toContain(`at ${at((index + 1) * 7)} in asset-`);
    expect(check.detail).toContain('is not what was written');
  }
});

it.each<[what: string, spoil: (log: Log) => void, said: string]>([
  ['an event taken out', (log) => log.events.splice(1, 1), 'has revision 2 instead of 1'],
  [
    'a stream that begins later',
    (log) => log.events.splice(3, 1) && log.change(3, () => ({ stream: BANNER })),
    'instead of 0',
  ],
  ['an event told twice', (log) => log.events.splice(1, 0, log.events[1]!), 'which is not a lower position'],
  ['a position that goes back', (log) => log.change(4, () => ({ position: at(3) })), 'which is not a lower position'],
  [
    'an event of a newer program',
    (log) => log.change(1, ({ metadata }) => ({ metadata: { ...metadata, schemaVersion: '9' } })),
    'written by a newer version',
  ],
  [
    'a command id that is not a UUID',
    (log) => log.change(2, ({ metadata }) => ({ metadata: { ...metadata, commandId: 'damaged' } })),
    'has the command id "damaged", which is not a UUID',
  ],
  ['an event nobody knows', (log) => log.change(1, () => ({ type: 'Teleported' })), 'written by a newer version'],
])('finds %s', async (_what, spoil, said) => {
  const log = usual();
  spoil(log);
  expect(await log.check(at(42))).toMatchObject({ ok: false, detail: expect.stringContaining(said) });
});

it('finds a log that ends before the head that the store reports', async () => {
  const check = await usual().check(at(99));
  expect(check).toMatchObject({ ok: false, detail: expect.stringContaining(`the log ends at ${at(99)}`) });
});

it('describes ten faults, and counts the rest', async () => {
  const log = new Log().command(POSTER, 'many', 25);
  for (let index = 0; index < 25; index += 1) log.change(index, () => ({ id: uuidOf(`no ${index}`) }));
  const { detail } = await log.check();
  expect(detail.match(/is not what was written/g)).toHaveLength(10);
  expect(detail).toContain('and 15 more');
});

it('reports events of an older version whose ids do not cover their content', async () => {
  const log = new Log().command(POSTER, 'old', 3, olderEventIdOf).command(POSTER, 'new', 1);
  expect(await log.check()).toMatchObject({
    ok: true,
    detail: expect.stringContaining('except 3 written by an older version'),
  });
});

it('reports the bytes of versions, and stops on its signal', async () => {
  const { events } = usual();
  const data = { digest: 'a'.repeat(64), bytes: 3, madeWith: { tool: 'Figma', ai: 'none' } };
  const version = { ...events[0]!, type: 'VersionAdded', data };
  const store = {
    head: async () => version.position,
    async *readAll() {
      yield [version];
    },
  };
  const seen: unknown[] = [];
  await checkEvents(store, '', { onContent: (...content) => seen.push(content) });
  expect(seen).toEqual([[data.digest, 3]]);
  await expect(checkEvents(store, '', { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
});
