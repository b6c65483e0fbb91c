import fc from 'fast-check';
import {
  actorId,
  approvalId,
  assetId,
  commandIdOf,
  decisionId,
  decodeCursor,
  encodeCursor,
  eventId,
  idFault,
  momentSuffix,
  opaqueIdOf,
  parseGlobalId,
  uuidOf,
  versionId,
} from './ids';

const position = '00000000000000000042';

describe('global ids', () => {
  it('resolve to what they name', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 999_999 }), (uuid, number) => {
        expect(parseGlobalId(assetId(uuid))).toEqual({ type: 'asset', uuid });
        expect(parseGlobalId(approvalId(uuid))).toEqual({ type: 'approval', uuid });
        expect(parseGlobalId(versionId(uuid, number))).toEqual({ type: 'version', uuid, number });
        expect(uuidOf('asset', assetId(uuid))).toBe(uuid);
        expect(uuidOf('asset', uuid.toUpperCase())).toBe(uuid);
        expect(uuidOf('campaign', assetId(uuid))).toBeUndefined();
      }),
    );
    expect(parseGlobalId(eventId(position))).toEqual({ type: 'event', position });
    expect(parseGlobalId(decisionId(position))).toEqual({ type: 'decision', position });
  });

  it('contain the opaque id of an actor unchanged, even if it looks like another id or a moment', () => {
    for (const opaqueId of ['ana', 'ana@example.org', 'ana@p00000000000000000001', 'actor-7', 'Ana Ñ', '']) {
      expect(parseGlobalId(actorId(opaqueId))).toEqual({ type: 'actor', opaqueId });
      expect(opaqueIdOf(actorId(opaqueId))).toBe(opaqueId);
    }
    expect(opaqueIdOf('ana')).toBe('ana');
  });

  it('name a past moment at their end, and resolve to both', () => {
    const instant = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') });
    const iso = instant.map((date) => date.toISOString());
    const at = fc.oneof(
      fc.nat().map((number) => ({ position: String(number).padStart(20, '0') })),
      iso.map((recordedAt) => ({ recordedAt })),
      iso.map((occurredAt) => ({ occurredAt })),
      fc.tuple(iso, iso).map(([recordedAt, occurredAt]) => ({ recordedAt, occurredAt })),
      fc.tuple(fc.nat(), iso).map(([number, occurredAt]) => ({
        position: String(number).padStart(20, '0'),
        occurredAt,
      })),
    );
    fc.assert(
      fc.property(fc.uuid(), at, (uuid, moment) => {
        const id = `${assetId(uuid)}${momentSuffix(moment)}`;
        expect(parseGlobalId(id)).toEqual({ type: 'asset', uuid, at: moment });
        expect(uuidOf('asset', id)).toBeUndefined();
        expect(idFault('asset', id)).toContain(momentSuffix(moment));
      }),
    );
    expect(idFault('campaign', assetId('x'))).toBe("must be a campaign's global id or UUID");
  });

  it('are undefined if the server did not make them', () => {
    fc.assert(fc.property(fc.string(), (text) => parseGlobalId(`x${text}`) === undefined));
    for (const wrong of ['asset-', 'asset-1', 'version-1', 'event-1', 'hold-1'])
      expect(parseGlobalId(wrong)).toBeUndefined();
  });
});

describe('cursors', () => {
  const MARKS = { position: 'position', occurredAt: 'instant' } as const;

  it('resolve to their row, in their own list only', () => {
    const cursor = encodeCursor('approvals', { position, occurredAt: '2024-05-01T09:30:00.000Z' });
    expect(decodeCursor('approvals', MARKS, cursor)).toEqual({ position, occurredAt: '2024-05-01T09:30:00.000Z' });
    expect(() => decodeCursor('placements', MARKS, cursor)).toThrow('after must be a cursor');
  });

  it('are not positions', () => {
    expect(() => decodeCursor('approvals', MARKS, position)).toThrow('after must be a cursor');
  });

  it('are refused if their values do not fit the types of the row', () => {
    const occurredAt = '2024-05-01T09:30:00.000Z';
    const forged = [
      {},
      { position },
      { occurredAt },
      { position, occurredAt, offset: 1 },
      { position, since: occurredAt },
      { position: 'x', occurredAt },
      { position: { $gt: '' } },
      { asset: 'not-a-uuid' },
      { occurredAt: 'yesterday' },
      { offset: -1 },
      { other: 'x' },
      [],
      null,
    ];
    for (const row of forged)
      expect(() => decodeCursor('approvals', MARKS, encodeCursor('approvals', row))).toThrow('after must be a cursor');
    for (const title of ['a\0b', '\ud800', 4])
      expect(() => decodeCursor('assets', { title: 'text' }, encodeCursor('assets', { title }))).toThrow(
        'after must be',
      );
    for (const digest of ['a', 'A'.repeat(64), 4])
      expect(() => decodeCursor('h', { digest: 'digest' }, encodeCursor('h', { digest }))).toThrow('after must be');
    for (const text of ['', 'AAAA', 'not a cursor', `${'A'.repeat(1_000_000)}`])
      expect(() => decodeCursor('approvals', MARKS, text)).toThrow('after must be a cursor');
  });
});

describe('idempotency keys', () => {
  it('belong to their actor', () => {
    const ana = { id: 'ana' };
    expect(commandIdOf(ana, 'k')).toBe(commandIdOf({ ...ana }, 'k'));
    expect(commandIdOf(ana, 'k')).not.toBe(commandIdOf({ id: 'eve' }, 'k'));
  });

  it('belong to the principal of a service, so that the act of one is not answered with that of another', () => {
    const desk = (onBehalfOf?: string) => commandIdOf({ id: 'desk', onBehalfOf }, 'k');
    expect(new Set([desk(), desk('ana'), desk('eve')]).size).toBe(3);
    expect(desk('ana')).toBe(desk('ana'));
  });
});
