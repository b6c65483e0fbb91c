import { EVENT_TYPES } from './catalogue';
import type { RecordedEvent } from './event';
import { NewerEvent, upcast } from './upcast';

const event = (type: string, schemaVersion = '1') =>
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
  ['a type that is only a word of the language', event('constructor')],
])('stops at %s, naming type, version, place and what to do', (_what, newer) => {
  expect(() => upcast(newer)).toThrow(NewerEvent);
  expect(() => upcast(newer)).toThrow(
    `event ${newer.type} with schema version ${newer.metadata.schemaVersion} at position 00000000000000000007 was ` +
      'written by a newer version of this program; upgrade this one to read it',
  );
});
