import { History, icon } from './history';

describe('links, pointers, submodules and odd paths', () => {
  let history: History;
  beforeEach(() => {
    history = new History();
  });
  afterEach(() => history.dispose());

  const aliases = (story: Awaited<ReturnType<History['imported']>>) =>
    story.events
      .filter(({ type }) => type.startsWith('Alias'))
      .map(({ type, stream, data }) => [type, stream, (data as { path: string }).path]);

  it('records a symbolic link as an alias, also through other links and linked directories', async () => {
    history.commit([
      { path: 'actions/16/call.svg', content: icon(1) },
      { path: 'actions/16/phone.svg', link: 'call.svg' },
      { path: 'apps/telephone.svg', link: '../actions/24/phone.svg' },
      { path: 'actions/24', link: '16' },
    ]);
    const story = await history.imported();
    const call = story.asset('actions/16/call.svg');
    expect(aliases(story)).toEqual([
      ['AliasObserved', call, 'actions/16/phone.svg'],
      ['AliasObserved', call, 'apps/telephone.svg'],
    ]);
    expect(story.result).toMatchObject({
      aliases: 2,
      reconciled: true,
      leftOut: { links: { count: 1, examples: ['actions/24 -> 16'] } },
    });
  });

  it('reports links without a target, and records them when the target appears', async () => {
    history.commit([
      { path: 'b.svg', link: 'a.svg' },
      { path: 'c.svg', link: '/etc/icons/c.svg' },
      { path: 'd.svg', link: 'd.svg' },
    ]);
    const before = await history.imported();
    expect(before.result.leftOut.links).toEqual({
      count: 3,
      examples: ['b.svg -> a.svg', 'c.svg -> /etc/icons/c.svg', 'd.svg -> d.svg'],
    });
    history.commit([{ path: 'a.svg', content: icon(1) }]);
    const after = await history.imported();
    expect(aliases(after)).toEqual([['AliasObserved', after.asset('a.svg'), 'b.svg']]);
    expect(after.result.leftOut.links.count).toBe(2);
  });

  it('follows a link that is redirected, and drops it with its target', async () => {
    history.commit([
      { path: 'a.svg', content: icon(1) },
      { path: 'b.svg', content: icon('other') },
      { path: 'l.svg', link: 'a.svg' },
    ]);
    history.commit([{ path: 'l.svg', link: 'b.svg' }]);
    history.commit([{ remove: 'b.svg' }]);
    const story = await history.imported();
    const [a, b] = [story.asset('a.svg'), story.asset('b.svg')];
    expect(aliases(story)).toEqual([
      ['AliasObserved', a, 'l.svg'],
      ['AliasEndObserved', a, 'l.svg'],
      ['AliasObserved', b, 'l.svg'],
      ['AliasEndObserved', b, 'l.svg'],
    ]);
  });

  it('keeps an alias if target and link are renamed together', async () => {
    history.commit([
      { path: 'a.svg', content: icon(1) },
      { path: 'l.svg', link: 'a.svg' },
    ]);
    history.commit([
      { rename: 'a.svg', to: 'z.svg' },
      { path: 'l.svg', link: 'z.svg' },
    ]);
    const story = await history.imported();
    expect(story.of('AliasEndObserved')).toEqual([]);
  });

  it('lets a file become a link and a link become a file', async () => {
    history.commit([
      { path: 'a.svg', content: icon(1) },
      { path: 'b.svg', content: icon('other') },
    ]);
    history.commit([{ path: 'b.svg', link: 'a.svg' }]);
    history.commit([{ path: 'b.svg', content: icon('third') }]);
    const story = await history.imported();
    expect(story.life('b.svg')).toEqual([
      'AssetRegistered',
      'VersionAdded',
      'AssetRetired',
      'AssetRestored',
      'VersionAdded',
    ]);
    expect(story.life('a.svg')).toEqual(['AssetRegistered', 'VersionAdded', 'AliasObserved', 'AliasEndObserved']);
    expect(story.result.reconciled).toBe(true);
  });

  it('gives a Git LFS pointer the digest and size it names, and stores no bytes', async () => {
    const digest = 'ab'.repeat(32);
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${digest}\nsize 52428800\n`;
    history.commit([{ path: 'hero.psd', content: pointer }]);
    const story = await history.imported();
    expect(story.data('VersionAdded')).toMatchObject([{ digest, bytes: 52_428_800 }]);
    expect(story.result.pointers).toBe(1);
  });

  it('reports submodules and leaves them out', async () => {
    history.commit([
      { path: 'a.svg', content: icon(1) },
      { path: 'vendor/icons', gitlink: '1'.repeat(40) },
    ]);
    const story = await history.imported();
    expect(story.result).toMatchObject({ assets: 1, leftOut: { submodules: ['vendor/icons'] }, reconciled: true });
  });

  it.each([
    ['quotation marks', 'the "new" one.svg'],
    ['letters of many scripts', 'символ 图标 é.svg'],
    ['a name that is all extension', '.svg/.png'],
    ['a name like an option', '--help.svg'],
  ])('accepts a path with %s', async (_what, path) => {
    history.commit([{ path, content: icon(1) }]);
    const story = await history.imported();
    expect(story.result.reconciled).toBe(true);
    if (path !== '.svg/.png') expect(story.life(path)).toEqual(['AssetRegistered', 'VersionAdded']);
  });

  it('escapes the bytes of a path that is not UTF-8, the same way in every run', async () => {
    history.commit([{ path: 'caf\xe9 100%.svg', content: icon(1) }]);
    history.commit([{ path: 'caf\xe9 100%.svg', content: icon(2) }]);
    const story = await history.imported();
    expect(story.life('caf%E9 100%25.svg')).toEqual(['AssetRegistered', 'VersionAdded', 'VersionAdded']);
    expect(story.result).toMatchObject({ escapedPaths: 1, reconciled: true });
  });

  it('escapes invisible characters in a path, a subject and a name', async () => {
    const path = 'a\tb\nc \u202egvs.svg';
    history.commit([{ path, content: icon(1) }]);
    history.commit([{ path, content: icon(2) }]);
    const story = await history.imported();
    const shown = 'a%09b%0Ac %E2%80%AEgvs.svg';
    expect(story.life(shown)).toEqual(['AssetRegistered', 'VersionAdded', 'VersionAdded']);
    expect(story.result).toMatchObject({ escapedPaths: 1, reconciled: true });
  });

  it('survives a damaged image and a commit of two thousand files', async () => {
    const many = Array.from({ length: 2000 }, (_, index) => ({ path: `many/${index}.svg`, content: icon(index) }));
    history.commit([{ path: 'broken.png', content: Buffer.from('89504e470d0a1a0a00', 'hex') }, ...many]);
    const story = await history.imported();
    expect(story.result).toMatchObject({ assets: 2001, versions: 2001, reconciled: true });
  });
});
