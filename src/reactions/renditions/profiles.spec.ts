import { namedLook, printOf, profilesIn } from './profiles';
import { standardProfiles } from './standard';

const yaml = (fields: string) => `profiles:\n  - name: email\n    version: 1\n    width: 600\n${fields}`;

describe('channel profiles', () => {
  it('are read from YAML, with what is usual where nothing is said', () => {
    expect(profilesIn(yaml('    maxBytes: 100000\n    format: jpeg'))).toEqual([
      {
        name: 'email',
        version: 1,
        naming: '{title}-{profile}',
        look: { width: 600, fit: 'inside', format: 'jpeg', quality: 82, colour: 'srgb', maxBytes: 100_000 },
      },
    ]);
  });

  it.each([
    ['profiles: 7', 'profiles: must be a list'],
    ['', 'profiles: must be a list'],
    ['profiles: [7]', 'profiles[0]: must have fields'],
    [yaml('    widht: 7'), 'profiles[0] (email).widht: is no field'],
    [yaml('    fit: crop'), 'profiles[0] (email).fit: must be one of inside, cover, contain'],
    [yaml('    fit: cover'), 'fit: must be inside, unless width and height'],
    [yaml('    format: gif'), 'format: must be one of webp, jpeg, png, avif'],
    [yaml('    quality: 101'), 'quality: must be a whole number from 20 to 100'],
    [yaml('    height: 1.5'), 'height: must be a whole number'],
    [yaml('    colour: cmyk'), 'only jpeg holds print colours'],
    [yaml('    background: white'), 'background: must be like'],
    [yaml('    naming: "../{title}"'), 'naming: must be a file name'],
    [yaml('    naming: "{secret}"'), 'naming: must be a file name'],
    [yaml('  - name: email\n    version: 1\n    width: 7'), 'email is there twice'],
    ['profiles: [{name: Email, version: 1, width: 7}]', 'name: must be of up to 40'],
    ['profiles: [{name: email, width: 7}]', 'version: must be given'],
    ['profiles: [{name: email, version: 0, width: 7}]', 'version: must be a whole number'],
    ['profiles: [{name: email, version: 1}]', 'width: must be given, or height'],
  ])('are refused where something is wrong: %s', (text, message) => {
    expect(() => profilesIn(text)).toThrow(message);
  });

  it('keep renditions under another name when the look changes, even if the version was not raised', () => {
    const [one] = profilesIn(yaml('    quality: 80'));
    const [other] = profilesIn(yaml('    quality: 81'));
    expect(namedLook(one!).name).toMatch(/^email@1\.[0-9a-f]{8}$/);
    expect(namedLook(one!).name).not.toBe(namedLook(other!).name);
    expect(printOf([one!])).not.toBe(printOf([other!]));
  });

  it('are there without a file of one’s own', () => {
    expect(standardProfiles().map(({ name }) => name)).toEqual(['web-large', 'social-square', 'email']);
  });
});
