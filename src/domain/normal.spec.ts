import { content, register } from '../../test/domain/commands';
import type { Recorded } from './catalogue';
import type { Command } from './deciders';
import { normalCommand, normalEvent, visibleCommand } from './normal';

const NFD = 'Cafe\u0301';
const NFC = 'Café';

it('brings the texts of a command into one form, and what is compared byte for byte into none', () => {
  const evidence = { kind: 'releaseTag', source: NFD, reference: `c ${NFD}` };
  const command: Command = {
    ...register({ title: NFD, tags: [NFD, NFC], metadata: { [NFD]: { type: 'text', value: NFD, material: false } } }),
  };
  expect(normalCommand(command)).toMatchObject({
    title: NFC,
    tags: [NFC],
    metadata: { [NFC]: { type: 'text', value: NFC, material: false } },
  });
  const alias: Command = { type: 'ObserveAlias', asset: 'a', path: NFD, evidence };
  expect(normalCommand(alias)).toBe(alias);
});

it('keeps the bytes of a path that a field tells', () => {
  const path = { type: 'text', value: NFD, material: false } as const;
  expect(normalCommand(register({ title: 'a', tags: [], metadata: { path } }))).toMatchObject({ metadata: { path } });
  const change: Command = { type: 'ChangeMetadata', asset: 'a', set: { path } };
  expect(normalCommand(change)).toBe(change);
});

it('keeps values of a list that are alike', () => {
  const value = [NFD, NFC];
  const set = { names: { type: 'list', value, material: false } } as const;
  const command: Command = { type: 'ChangeMetadata', asset: 'a', set };
  expect(normalCommand(command)).toMatchObject({ set: { names: { value: [NFC, NFC] } } });
});

it('leaves the second of two names that would become one as it is', () => {
  const field = { type: 'boolean', value: true, material: false } as const;
  for (const names of [
    [NFD, NFC],
    [NFC, NFD],
  ]) {
    const set = Object.fromEntries(names.map((name) => [name, field]));
    expect(Object.keys((normalCommand({ type: 'ChangeMetadata', asset: 'a', set }) as { set: object }).set)).toEqual(
      names,
    );
  }
});

it('hands back the very object where nothing changes', () => {
  const command = register({ tags: ['a', NFC] });
  expect(normalCommand(command)).toBe(command);
});

const metadata = { schemaVersion: '1' };
const event = (type: string, data: object) => ({ type, data, metadata }) as unknown as Recorded;

it.each<[string, object, object]>([
  ['AssetRegistered', { title: NFD, tags: [NFC, NFD] }, { title: NFC, tags: [NFC] }],
  ['VersionAdded', { madeWith: { tool: NFD, ai: 'none' } }, { madeWith: { tool: NFC, ai: 'none' } }],
  ['MetadataChanged', { title: NFD }, { title: NFC }],
  ['MetadataChanged', { tags: [NFD] }, { tags: [NFC] }],
  ['PlacementStarted', { channel: NFD, market: NFD }, { channel: NFC, market: NFC }],
  ['PlacementObserved', { channel: 'web', market: NFD }, { channel: 'web', market: NFC }],
  ['CampaignPlanned', { name: NFD, brand: NFD, markets: [NFD] }, { name: NFC, brand: NFC, markets: [NFC] }],
])('reads an event %s of before in one form', (type, before, now) => {
  expect(normalEvent(event(type, before)).data).toEqual(now);
  const normal = event(type, now);
  expect(normalEvent(normal)).toBe(normal);
});

it('writes out what would not be seen in a report, line breaks only where there are no lines', () => {
  const evidence = { kind: 'releaseTag', source: 'r', reference: 'c v1\u202e' };
  const alias: Command = { type: 'ObserveAlias', asset: 'a', path: 'a\nb', evidence };
  expect(visibleCommand(alias)).toEqual({
    ...alias,
    path: 'a\\u{a}b',
    evidence: { ...evidence, reference: 'c v1\\u{202e}' },
  });
  const noted = register({ tags: ['x\u0007'], content: { ...content(), note: 'one\n\u2066two' } });
  expect(visibleCommand(noted)).toMatchObject({ tags: ['x\\u{7}'], content: { note: 'one\n\\u{2066}two' } });
  const plain = register({ tags: ['x'] });
  expect(visibleCommand(plain)).toBe(plain);
});
