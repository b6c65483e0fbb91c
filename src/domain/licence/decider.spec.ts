import { register } from '../../../test/domain/commands';
import { amendLicence, attachLicence, endLicence, grantLicence, LICENCE } from '../../../test/domain/rights';
import { World } from '../../../test/domain/world';
import type { Command } from '../deciders';

let world: World;
beforeEach(() => {
  world = new World();
});

it('records a licence with languages in canonical spelling and groups of countries with their version', () => {
  const terms = { territories: ['group:EU', 'CH'], languages: ['zh-hans-cn', 'iw'] };
  expect(world.first<'LicenceGranted'>('lea', grantLicence(terms))).toMatchObject({
    holder: 'Studio Nord',
    terms: { territories: ['group:EU@2020-02-01', 'CH'], languages: ['zh-Hans-CN', 'he'] },
  });
  expect(world.refusal('lea', grantLicence())).toBe('LICENCE_EXISTS');
});

it('changes the terms, and says nothing of a change that is none', () => {
  world.events('lea', grantLicence({ territories: ['group:EU'] }));
  expect(world.events('lea', amendLicence({ territories: ['group:EU'] }))).toEqual([]);
  expect(world.types('lea', amendLicence({ territories: ['DE'] }))).toEqual(['LicenceAmended']);
  expect(world.standing('licence', LICENCE)).toMatchObject({ terms: { territories: ['DE'] } });
});

it('ends at once or at an instant to come, and then stays as it is', () => {
  world.events('lea', grantLicence());
  expect(world.first<'LicenceEnded'>('lea', endLicence('2026-06-01T00:00:00.000Z')).endsAt).toBe(
    '2026-06-01T00:00:00.000Z',
  );
  expect(world.refusal('lea', amendLicence({ territories: ['DE'] }))).toBe('LICENCE_ENDED');
  expect(world.refusal('lea', endLicence())).toBe('LICENCE_ENDED');
});

it('cannot be ended in the past, nor after its own end', () => {
  world.events('lea', grantLicence({ until: '2026-04-01T00:00:00.000Z' }));
  expect(world.does('lea', endLicence('2026-01-01T00:00:00.000Z'))).toMatchObject({
    refusal: { code: 'INVALID_INPUT', path: ['endsAt'] },
  });
  expect(world.refusal('lea', endLicence('2026-04-01T00:00:00.000Z'))).toBe('LICENCE_ENDED');
  world.now = '2026-03-02T10:00:00.000Z';
  expect(world.first<'LicenceEnded'>('lea', endLicence()).endsAt).toBe(world.now);
});

it.each([
  ['UK, and says what to write', { territories: ['UK'] }, ['terms', 'territories', '0'], /GB/],
  ['XK', { territories: ['DE', 'XK'] }, ['terms', 'territories', '1'], /Kosovo/],
  ['EU as a country', { exceptTerritories: ['EU'] }, ['terms', 'exceptTerritories', '0'], /group:EU/],
  ['a part that no country has', { territories: ['DE-XX'] }, ['terms', 'territories', '0'], /ISO 3166-2/],
  ['a group that nobody knows', { territories: ['group:BENELUX'] }, ['terms', 'territories', '0'], /EEA/],
  ['a version that a group never had', { territories: ['group:EU@1999-01-01'] }, ['terms', 'territories', '0'], /2020/],
  ['a channel that is not in the list', { channels: ['telegraph'] }, ['terms', 'channels', '0'], /social|digital/],
  ['a language that is not registered', { languages: ['qx'] }, ['terms', 'languages', '0'], /qx/],
  ['a region that is not registered', { languages: ['de-YY'] }, ['terms', 'languages', '0'], /YY/],
  ['a malformed language', { languages: ['d'] }, ['terms', 'languages', '0'], /BCP 47/],
  ['an extension of a language', { languages: ['de-u-co-phonebk'] }, ['terms', 'languages', '0'], /extension/],
  ['a day for an instant', { from: '2026-03-02' }, ['terms', 'from'], /instant/],
  ['a day that is in no calendar', { from: '2026-02-30T00:00:00.000Z' }, ['terms', 'from'], /instant/],
  ['a use that is allowed and forbidden', { forbidden: ['display'] as const }, ['terms', 'forbidden', '0'], /allowed/],
  [
    'a window that is inverted',
    { from: '2026-03-02T00:00:00.000Z', until: '2026-03-02T00:00:00.000Z' },
    ['terms', 'until'],
    /after from/,
  ],
  [
    'an embargo that leaves nothing',
    { embargoUntil: '2026-03-02T00:00:00.000Z', until: '2026-03-01T00:00:00.000Z' },
    ['terms', 'embargoUntil'],
    /nothing would be left/,
  ],
])('refuses %s', (_what, terms, path, message) => {
  expect(world.does('lea', grantLicence(terms))).toMatchObject({
    refusal: { code: 'INVALID_INPUT', path, message: expect.stringMatching(message) },
  });
});

it('covers many assets, each of which says so itself', () => {
  world.events('ann', register());
  expect(world.refusal('lea', attachLicence())).toBe('LICENCE_NOT_FOUND');
  world.events('lea', grantLicence());
  expect(world.types('lea', attachLicence())).toEqual(['LicenceAttached']);
  expect(world.events('lea', attachLicence())).toEqual([]);
});

describe('a policy of another tool', () => {
  const imported = (policy: object, fields: object = {}) =>
    world.does('lea', { type: 'ImportLicence', licence: LICENCE, odrl: JSON.stringify(policy), ...fields } as Command);
  const shows = { action: 'display', assigner: 'Studio Nord' };

  it('becomes a licence of what is understood, and is kept word for word', () => {
    const policy = { permission: [shows, { ...shows, duty: [{ action: 'compensate' }] }] };
    expect(imported(policy)).toMatchObject({
      events: [
        {
          type: 'LicenceGranted',
          data: {
            holder: 'Studio Nord',
            terms: { allowed: ['display'], territories: ['worldwide'] },
            odrl: JSON.stringify(policy),
            notUnderstood: [expect.stringMatching(/compensate/)],
          },
        },
      ],
    });
    expect(imported(policy)).toMatchObject({ refusal: { code: 'LICENCE_EXISTS' } });
  });

  it.each([
    ['names a withdrawn country', { ...shows, constraint: [spatial('UK')] }, ['odrl'], /write GB/],
    ['names no holder', { action: 'display' }, ['holder'], /name the holder/],
  ])('is refused where it %s', (_what, permission, path, message) => {
    expect(imported({ permission })).toMatchObject({
      refusal: { code: 'INVALID_INPUT', path, message: expect.stringMatching(message) },
    });
  });

  it('is refused where it is none', () => {
    expect(imported([])).toMatchObject({ refusal: { code: 'INVALID_INPUT', path: ['odrl'] } });
  });
});

function spatial(code: string): object {
  return { leftOperand: 'spatial', operator: 'isAnyOf', rightOperand: code };
}
