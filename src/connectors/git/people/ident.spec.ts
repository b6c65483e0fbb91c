import { identIn, identityOf, isBot, isService } from './ident';

describe('people in git', () => {
  it.each([
    ['dependabot[bot]', '49699333+dependabot[bot]@users.noreply.github.com'],
    ['Qt Forward Merge Bot', 'qt_forward_merge_bot@qt-project.org'],
    ['elementaryBot', 'builds@elementary.io'],
    ['renovate', 'renovate@whitesource.example'],
    ['github-actions', 'actions@github.com'],
    ['greenkeeperio-bot', 'support@greenkeeper.io'],
  ])('recognises %s as a bot', (name, email) => expect(isBot({ name, email })).toBe(true));

  it.each([
    ['Anna Abbot', 'abbot@studio.example'],
    ['Robert Talbot', 'robert.talbot@studio.example'],
    ['Ash Draw', 'actions@github.com'],
    ['Botany Bay', 'botany@studio.example'],
  ])('takes %s for a person', (name, email) => expect(isBot({ name, email })).toBe(false));

  it('recognises the services that commit on behalf of a person', () => {
    expect(isService({ name: 'GitHub', email: 'noreply@github.com' })).toBe(true);
    expect(isService({ name: 'The Qt Project', email: 'gerrit-noreply@qt-project.org' })).toBe(true);
    expect(isService({ name: 'Ada', email: '123+ada@users.noreply.github.com' })).toBe(false);
  });

  it('distinguishes people by address, and also by name if many share the address', () => {
    const identity = (name: string, email: string) => identityOf({ name, email });
    expect(identity('Ada', 'Ada@X.example ')).toBe(identity('Ada D.', 'ada@x.example'));
    expect(identity('Ada', 'actions@github.com')).not.toBe(identity('Ben', 'actions@github.com'));
    expect(identity('Ada', '')).not.toBe(identity('Ben', ''));
  });

  it('parses names and addresses as people write them', () => {
    expect(identIn(' Ada Draw <ada@x> # twice')).toEqual({ name: 'Ada Draw', email: 'ada@x' });
    expect(identIn('"Draw, Ada" <ada@x>')).toEqual({ name: 'Draw, Ada', email: 'ada@x' });
    expect(identIn('Ada Draw')).toEqual({ name: 'Ada Draw', email: '' });
    expect(identIn('<ada@x>')).toEqual({ name: 'ada@x', email: 'ada@x' });
    expect(identIn('  ')).toBeUndefined();
  });
});
