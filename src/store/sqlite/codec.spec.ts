import fc from 'fast-check';
import { metadata } from '../../../test/store/given';
import { pack, unpackMetadata, uuidAt } from './codec';

const UUID = '0b2a4c6e-8091-4d3f-a5b7-c9d0e1f2a3b4';

/** Mostly valid; otherwise one character is changed, added or missing. */
function almost(usual: string): fc.Arbitrary<string> {
  const changed = fc
    .tuple(fc.nat(usual.length), fc.constantFrom('0', 'g', 'A', '-', 'İ', ''), fc.boolean())
    .map(([at, other, instead]) => usual.slice(0, at) + other + usual.slice(instead ? at + 1 : at));
  return fc.oneof({ weight: 15, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: changed });
}

const some = fc.constantFrom('1', '2', '', 'ä', '"');
const dropped = fc.constantFrom('tool', 'commandId', 'occurredAt', '$correlationId', 'schemaVersion', 'actorKind');

const more = fc.record(
  {
    commandId: almost(UUID),
    commandHash: almost('0123456789abcdef'),
    $correlationId: almost(UUID),
    $causationId: almost(UUID),
    occurredAt: almost('2026-03-01T09:30:00.000Z'),
    schemaVersion: some,
    workspace: some,
    actorId: some,
    actorKind: some,
    onBehalfOf: some,
    tool: some,
    toolVersion: some,
    source: fc.constantFrom('git 1f2e3d4c:icons/sun.svg', '', 'ä'),
    commandType: some,
    reason: some,
  },
  { requiredKeys: [] },
);

function unpacked(given: Readonly<Record<string, string>>) {
  const event = { id: UUID, type: 'VersionAdded', json: '{}', bytes: 2, metadata: given };
  const { kind, who, ids, occurred, extra } = pack(event);
  const hex = Buffer.from(ids).toString('hex');
  const whoOf = who === '' ? undefined : JSON.parse(who);
  return {
    id: uuidAt(hex, 0),
    type: JSON.parse(kind).type,
    metadata: unpackMetadata(hex, JSON.parse(kind), whoOf, occurred, extra === null ? null : JSON.parse(extra)),
  };
}

it('restores exactly the metadata that was packed, whatever was packed before', () => {
  const law = fc.property(
    more,
    fc.oneof({ weight: 9, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(dropped) }),
    (changes, without) => {
      const given: Record<string, string> = { ...metadata(), ...changes };
      for (const key of without) delete given[key];
      expect(unpacked(given)).toEqual({ id: UUID, type: 'VersionAdded', metadata: given });
    },
  );
  fc.assert(law, { numRuns: 5_000 });
});

it('packs usual ids to 40 bytes, and to 72 if another command caused this one', () => {
  const given = metadata();
  const event = { id: UUID, type: 'VersionAdded', json: '{}', bytes: 2 };
  expect(pack({ ...event, metadata: { ...given } }).ids).toHaveLength(40);
  expect(pack({ ...event, metadata: { ...given, $correlationId: UUID } }).ids).toHaveLength(72);
  expect(pack({ ...event, metadata: { ...given, commandId: UUID.toUpperCase() } }).ids).toHaveLength(16);
});
