import { CATALOGUE, EVENT_TYPES } from './catalogue';
import type { RecordedEvent } from './event';
import { evolutionOf, NewerEvent, upcast, versionOf } from './upcast';

const event = (type: string, schemaVersion = versionOf(type)) =>
  ({
    type,
    data: { madeWith: { tool: 'Figma' }, channel: 'web' },
    position: '00000000000000000007',
    metadata: { schemaVersion },
  }) as unknown as RecordedEvent;

it.each(EVENT_TYPES)('gives %s of today as it is', (type) => {
  const today = event(type);
  expect(upcast(today)).toBe(today);
});

it.each([
  ['an event type of a newer version', event('AssetDreamedOf')],
  ['a newer shape of a known type', event('VersionAdded', '2')],
  ['a schema version that is no number', event('VersionAdded', 'one')],
  ['a type that is only a word of the language', event('constructor')],
])('stops at %s, naming type, version, place and what to do', (_what, newer) => {
  expect(() => upcast(newer)).toThrow(NewerEvent);
  expect(() => upcast(newer)).toThrow(
    `event ${newer.type} with schema version ${newer.metadata.schemaVersion} at position 00000000000000000007 was ` +
      'written by a newer version of this program; upgrade this one to read it',
  );
});

describe('an event type whose shape changed twice', () => {
  const renamed = ({ reason }: { reason?: string }) => ({ why: reason });
  const listed = ({ why }: { why?: string }) => ({ whys: why === undefined ? [] : [why] });
  const shapes = (...lifts: readonly ((data: never) => unknown)[]) =>
    evolutionOf({ ...CATALOGUE, CampaignEnded: { ...CATALOGUE.CampaignEnded, lifts } });
  const versions = [shapes(), shapes(renamed), shapes(renamed, listed)];
  const written = [{ reason: 'over' }, { why: 'over' }, { whys: ['over'] }];
  const recorded = (version: number) =>
    ({ ...event('CampaignEnded', String(version)), data: written[version - 1] }) as RecordedEvent;

  it('is written in the version of the program that writes it', () => {
    expect(versions.map(({ versionOf }) => versionOf('CampaignEnded'))).toEqual(['1', '2', '3']);
  });

  it.each([1, 2, 3])('is lifted step by step from version %i', (version) => {
    const lifted = versions[2]!.upcast(recorded(version));
    expect(lifted).toMatchObject({ data: { whys: ['over'] }, metadata: { schemaVersion: '3' } });
    expect(versions[2]!.upcast(lifted)).toBe(lifted);
  });

  it('is left as it was written in the log', () => {
    const old = recorded(1);
    versions[2]!.upcast(old);
    expect(old).toEqual(recorded(1));
  });

  it('is refused by name where the program knows only earlier versions', () => {
    expect(() => versions[0]!.upcast(recorded(2))).toThrow('event CampaignEnded with schema version 2 at position');
    expect(() => versions[1]!.upcast(recorded(3))).toThrow('event CampaignEnded with schema version 3 at position');
  });
});
