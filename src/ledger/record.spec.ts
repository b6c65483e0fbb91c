import type { RecordedEvent } from '../domain/event';
import { canonicalJson } from './canonical';
import { sha256 } from './hash';
import { encodeRecord, eventsIn, headsRecord, indexOfEvent, isHeads, recordOf, saltOf } from './record';

const log = { origin: 'example.org/log', saltKey: sha256('a secret of this test') };

const event = {
  id: '0b0b3c1e-0000-5000-8000-000000000001',
  type: 'AssetRegistered',
  data: { kind: 'image', title: 'Ana Example' },
  metadata: { actorId: 'p-1', occurredAt: '2026-01-01T00:00:00.000Z' },
  stream: 'asset-0b0b3c1e-0000-5000-8000-000000000002',
  revision: 0,
  position: '00000000000000000042',
  recordedAt: '2026-01-01T00:00:01.000Z',
} as unknown as RecordedEvent;

describe('the record of an event', () => {
  test('is canonical JSON and contains no content', () => {
    const bytes = encodeRecord(recordOf(event, log, undefined));
    expect(bytes.toString()).toBe(canonicalJson(JSON.parse(bytes.toString())));
    expect(bytes.toString()).not.toContain('Ana');
    expect(JSON.parse(bytes.toString())).toMatchObject({ v: 1, log: log.origin, actor: 'p-1', revision: 0 });
    expect(bytes.length).toBeLessThan(600);
  });

  test('is that of the store that first recorded the event', () => {
    const copied = { ...event, position: '00000000000000000007', originalPosition: event.position };
    expect(recordOf(copied, log, undefined)).toEqual(recordOf(event, log, undefined));
  });

  test.each([
    ['data', { data: { kind: 'image', title: 'Bo Example' } }],
    ['metadata', { metadata: { ...event.metadata, occurredAt: '2026-01-02T00:00:00.000Z' } }],
    ['the actor', { metadata: { ...event.metadata, actorId: 'p-2' } }],
    ['the time', { recordedAt: '2026-01-01T00:00:02.000Z' }],
    ['the revision', { revision: 1 }],
    ['the stream', { stream: 'asset-x' }],
    ['the type', { type: 'MetadataChanged' }],
    ['the id', { id: '0b0b3c1e-0000-5000-8000-000000000009' }],
  ])('differs if %s differ', (_what, change) => {
    const other = recordOf({ ...event, ...change } as RecordedEvent, log, undefined);
    expect(encodeRecord(other)).not.toEqual(encodeRecord(recordOf(event, log, undefined)));
  });

  test('names the previous event in its stream', () => {
    expect(recordOf(event, log, 'ab')).toMatchObject({ prev: 'ab' });
    expect(recordOf(event, log, undefined)).not.toHaveProperty('prev');
  });

  test('has its own salt, which only the key of the log gives', () => {
    const salts = [saltOf(log.saltKey, 'a'), saltOf(log.saltKey, 'b'), saltOf(sha256('other'), 'a')];
    expect(new Set(salts.map((salt) => salt.toString('hex'))).size).toBe(3);
    expect(salts[0]).toHaveLength(16);
  });
});

describe('the order of entries', () => {
  test('has the heads of streams after every 256th event', () => {
    expect([0, 255, 256, 511, 512].map(indexOfEvent)).toEqual([0, 255, 257, 512, 514]);
    expect([255, 256, 257, 513].map(isHeads)).toEqual([false, true, false, true]);
    for (let ordinal = 0; ordinal < 2_000; ordinal += 1) {
      const index = indexOfEvent(ordinal);
      expect(isHeads(index)).toBe(false);
      expect(eventsIn(index)).toBe(ordinal);
    }
    expect(eventsIn(257)).toBe(256);
  });

  test('is committed to with a record of its own', () => {
    const record = headsRecord('a', 256, sha256(''));
    expect(encodeRecord(record).toString()).toBe(
      `{"events":"256","log":"a","root":"${sha256('').toString('hex')}","type":"StreamHeads","v":1}`,
    );
  });
});
