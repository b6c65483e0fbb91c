import {
  addVersion,
  attest,
  changeMetadata,
  content,
  decide,
  evidence,
  observePlacement,
  POSTER,
  place,
  register,
  requestReview,
  words,
} from '../../../test/domain/commands';
import { World } from '../../../test/domain/world';
import { ASSET_KINDS } from '../kinds';
import type { AssetCommand } from './decider';
import type { VersionContent } from './parts';
import { type MetadataValue } from './parts';

/** A command as somebody without our types might send it. */
const wild = (command: AssetCommand, fields: Record<string, unknown>) => ({ ...command, ...fields }) as AssetCommand;
const withContent = (fields: Record<string, unknown>) =>
  register({ content: { ...content(), ...fields } as VersionContent });
const set = (name: string, value: unknown) => changeMetadata({ set: { [name]: value as MetadataValue } });

let world: World;
beforeEach(() => {
  world = new World();
});

describe('unacceptable input is refused with the path of the field', () => {
  it.each([
    ['an id that is no UUID', wild(register(), { asset: 'poster' }), 'asset'],
    ['a UUID in upper case', wild(register(), { asset: POSTER.toUpperCase() }), 'asset'],
    ['an unknown kind', wild(register(), { kind: 'poster' }), 'kind'],
    ['a blank title', register({ title: '  ' }), 'title'],
    ['a title of 501 characters', register({ title: 'x'.repeat(501) }), 'title'],
    ['no title', wild(register(), { title: undefined }), 'title'],
    ['51 tags', register({ tags: Array.from({ length: 51 }, (_, index) => `tag ${index}`) }), 'tags'],
    ['a tag of 101 characters', register({ tags: ['a', 'x'.repeat(101)] }), 'tags.1'],
    ['an untrimmed tag', register({ tags: [' a'] }), 'tags.0'],
    ['an empty tag', register({ tags: [''] }), 'tags.0'],
    ['a tag named twice', register({ tags: ['a', 'b', 'a'] }), 'tags.2'],
    ['tags that are no list', wild(register(), { tags: 'a,b' }), 'tags'],
    ['a parent without version', wild(register(), { derivedFrom: [{ asset: POSTER }] }), 'derivedFrom.0.version'],
    [
      'a parent named twice',
      register({ derivedFrom: [1, 2, 1].map((version) => ({ asset: POSTER, version })) }),
      'derivedFrom.2',
    ],
    ['version 0 of a template', register({ template: { asset: POSTER, version: 0 } }), 'template.version'],
    ['a field nobody knows', wild(register(), { colour: 'red' }), 'colour'],
    ['a digest in upper case', withContent({ digest: 'A'.repeat(64) }), 'content.digest'],
    ['a short digest', withContent({ digest: 'a'.repeat(63) }), 'content.digest'],
    ['negative bytes', withContent({ bytes: -1 }), 'content.bytes'],
    ['half a byte', withContent({ bytes: 0.5 }), 'content.bytes'],
    ['no media type', withContent({ mediaType: 'png' }), 'content.mediaType'],
    ['a width of nothing', withContent({ width: 0 }), 'content.width'],
    ['a width that the contract cannot answer with', withContent({ width: 2 ** 31 }), 'content.width'],
    ['an unknown AI involvement', withContent({ madeWith: { tool: 'Figma', ai: 'some' } }), 'content.madeWith.ai'],
    ['a contributor named twice', withContent({ contributors: ['a', 'a'] }), 'content.contributors.1'],
    [
      'a version without tool',
      wild(addVersion('x'), { content: { ...content(), madeWith: undefined } }),
      'content.madeWith',
    ],
    ['a metadata name of 101 characters', set('x'.repeat(101), words('y')), `set.${'x'.repeat(101)}`],
    ['an untyped metadata value', set('price', 9.99), 'set.price.type'],
    ['a number that is a text', set('price', { type: 'number', value: '9', material: true }), 'set.price.value'],
    [
      'a day that is not in the calendar',
      set('day', { type: 'date', value: '2025-02-29', material: true }),
      'set.day.value',
    ],
    ['a value that is neither material nor not', set('day', { type: 'text', value: 'x' }), 'set.day.material'],
    ['a list with a number in it', set('list', { type: 'list', value: ['a', 1], material: false }), 'set.list.value.1'],
    ['eleven approvers', requestReview({ required: 11 }), 'required'],
    ['no approver', requestReview({ required: 0 }), 'required'],
    ['a word that is no decision', wild(decide(), { decision: 'maybe' }), 'decision'],
    ['a decision without role', decide('approve', { role: '' }), 'role'],
    ['a placement without channel', place({ channel: '' }), 'channel'],
    ['a note of 4001 characters', requestReview({ note: 'x'.repeat(4_001) }), 'note'],
    ['evidence of no kind', wild(attest(), { evidence: { ...evidence, kind: ' ' } }), 'evidence.kind'],
    [
      'evidence without a reference',
      wild(observePlacement(), { evidence: { kind: 'releaseTag', source: 'r' } }),
      'evidence.reference',
    ],
  ])('%s', (_what, command, path) => {
    expect(world.does('ann', command)).toMatchObject({ refusal: { code: 'INVALID_INPUT', path: path.split('.') } });
  });
});

describe('input at the edge of what is acceptable is taken', () => {
  it.each(ASSET_KINDS)('an asset of kind %s', (kind) => {
    expect(world.refusal('ann', register({ kind }))).toBe('accepted');
  });

  it.each([
    ['a title of 500 characters', register({ title: 'x'.repeat(500) })],
    ['50 tags of 100 characters', register({ tags: Array.from({ length: 50 }, (_, n) => `${n}`.padStart(100, 't')) })],
    ['empty content', withContent({ bytes: 0 })],
    ['a media type with parameters', withContent({ mediaType: 'text/plain; charset=utf-8' })],
    ['a vendor media type', withContent({ mediaType: 'application/vnd.adobe.photoshop' })],
    ['a leap day', register({ metadata: { day: { type: 'date', value: '2024-02-29', material: true } } })],
    ['a field called constructor', register({ metadata: { constructor: words('x', true) } })],
  ])('%s', (_what, command) => {
    expect(world.refusal('ann', command)).toBe('accepted');
  });
});
