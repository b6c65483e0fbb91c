import fc from 'fast-check';
import { attest, content, decide, register, requestReview } from '../../test/domain/commands';
import { World } from '../../test/domain/world';
import type { Actor } from './event';
import { canonicalId } from './identity';

/** How somebody made it, and how the same somebody comes to decide on it. */
const SPELLINGS: readonly (readonly [what: string, maker: string, decider: string])[] = [
  ['the same', 'p-abc', 'p-abc'],
  ['another case', 'p-abc', 'P-ABC'],
  [
    'a UUID in upper case',
    'person-0190a0a0-0000-7000-8000-00000000000a',
    'person-0190A0A0-0000-7000-8000-00000000000A',
  ],
  ['composed and decomposed', 'ren\u00e9e', 'rene\u0301e'],
  ['full-width letters', 'ben', '\uff42\uff45\uff4e'],
  ['a ligature', 'steffi', 'ste\ufb03'],
  ['a blank before it', 'ben', ' ben'],
  ['a line end behind it', 'ben', 'ben\n'],
  ['a no-break space behind it', 'ben', 'ben\u00a0'],
  ['two blanks for one', 'ben alma', 'ben  alma'],
  ['a zero-width space in it', 'ben', 'b\u200ben'],
  ['a soft hyphen in it', 'ben', 'b\u00aden'],
  ['a byte order mark before it', 'ben', '\ufeffben'],
  ['a mark that turns the direction of text', 'ben', '\u202eben'],
  ['a sharp s', 'strauß', 'STRAUSS'],
  ['a long s', 'strauss', 'ſtrauſs'],
  ['sigma at the end', 'ΝΙΚΟΣ', 'νικος'],
  ['the Kelvin sign', 'k', '\u212a'],
];

const person = (id: string): Actor => ({ id, kind: 'person' });

describe.each(SPELLINGS)('an id with %s', (_what, maker, decider) => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });

  it('is one id', () => {
    expect(canonicalId(decider)).toBe(canonicalId(maker));
  });

  it.each([
    ['the author', maker, decider],
    ['the author, spelled the other way about', decider, maker],
  ])('does not let %s approve', (_who, author, approver) => {
    world.events(person(author), register());
    world.events('ann', requestReview());
    expect(world.refusal(person(approver), decide())).toBe('FOUR_EYES');
  });

  it('does not let a contributor, the submitter or whom a service acted for approve', () => {
    world.events('ann', register({ content: { ...content(), contributors: [maker] } }));
    world.events('ann', requestReview());
    expect(world.refusal(person(decider), decide())).toBe('FOUR_EYES');
    const second = new World();
    second.events('ann', register());
    second.events(person(maker), requestReview());
    expect(second.refusal(person(decider), decide())).toBe('FOUR_EYES');
    const third = new World();
    third.events({ id: 'desk', kind: 'service', onBehalfOf: maker }, register());
    third.events('ann', requestReview());
    expect(third.refusal(person(decider), decide())).toBe('FOUR_EYES');
  });

  it('counts once where two people must approve', () => {
    world.events('ann', register());
    world.events('ann', requestReview({ required: 2 }));
    expect(world.types(person(maker), decide())).toEqual(['DecisionRecorded']);
    expect(world.refusal(person(decider), decide())).toBe('ALREADY_DECIDED');
  });

  it('marks a report of a decision on their own work, and is one person where it is told twice', () => {
    world.events(person(maker), register());
    const [attested] = world.events(person(decider), attest());
    expect(attested).toMatchObject({ data: { wouldRefuse: ['FOUR_EYES'] } });
    expect(world.events(person(maker), attest())).toEqual([]);
  });
});

it('takes different ids for different people', () => {
  const ids = ['ben', 'bem', 'b-en', 'ben2', 'bén', 'ben.alma', 'ben alma', 'benalma', '-ben', 'person-1', 'person-11'];
  expect(new Set(ids.map(canonicalId)).size).toBe(ids.length);
});

it('gives a canonical id for one that is canonical already', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (id) => canonicalId(canonicalId(id)) === canonicalId(id)));
});
