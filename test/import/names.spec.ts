import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { History, icon } from './history';
import { releasesIn } from './released';

describe('the imported branch', () => {
  let history: History;
  let main: string;
  beforeEach(() => {
    history = new History();
    main = history.commit([{ path: 'a.svg', content: icon(1) }]);
  });
  afterEach(() => history.dispose());

  /** Another branch, which must not be taken for `main`. */
  function other(): string {
    return history.commit([{ path: 'other.svg', content: icon('other') }], { branch: 'side', from: main });
  }

  function name(reference: string, commit: string): void {
    history.git(['-C', history.path, 'update-ref', '--', reference, commit]);
  }

  async function paths(branch?: string): Promise<readonly string[]> {
    const story = await history.imported({ branch });
    expect(story.result).toMatchObject({ reconciled: true });
    return story.of('AssetRegistered').map(({ data }) => (data as Named).metadata.path.value);
  }

  interface Named {
    readonly metadata: { readonly path: { readonly value: string } };
  }

  it.each([
    'refs/tags/main',
    'refs/tags/heads/main',
    'refs/tags/refs/heads/main',
    'refs/heads/heads/main',
    'refs/heads/refs/heads/main',
    'refs/heads/HEAD',
    'refs/remotes/origin/main',
    'refs/tags/HEAD',
    'refs/main',
  ])('is the one that HEAD names, although there is %s', async (reference) => {
    name(reference, other());
    expect(await paths()).toEqual(['a.svg']);
  });

  it.each(['HEAD', '-x', '--all', 'refs/heads/main', 'a,b', 'Größe/夏季', `"quoted'`, '$(id)', '@'])(
    'may be called %s',
    async (branch) => {
      name(`refs/heads/${branch}`, other());
      const asked = branch === 'refs/heads/main' ? 'refs/heads/refs/heads/main' : branch;
      expect(await paths(asked)).toEqual(['a.svg', 'other.svg']);
    },
  );

  it('may be named in full', async () => {
    name('refs/heads/refs/heads/side', main);
    other();
    expect(await paths('refs/heads/side')).toEqual(['a.svg', 'other.svg']);
  });

  it('is never a tag or a commit with a similar name', async () => {
    name('refs/tags/develop', main);
    for (const branch of ['develop', main, main.slice(0, 8), 'main~0', 'HEAD^{tree}', ':/Draw', 'refs/tags/develop']) {
      expect(await history.refusal({ branch })).toMatchObject({
        exitCode: 2,
        message: expect.stringContaining(`has no branch ${branch}; it has main`),
      });
    }
  });

  it('is the commit at HEAD if HEAD is detached', async () => {
    const side = other();
    name('refs/heads/HEAD', main);
    history.git(['-C', history.path, 'update-ref', '--no-deref', 'HEAD', side]);
    expect(await paths()).toEqual(['a.svg', 'other.svg']);
  });

  it('is found from a linked work tree, and through a symbolic link to the objects', async () => {
    const linked = join(history.directory, 'linked');
    history.git(['-C', history.path, 'worktree', 'add', '--quiet', '--detach', linked, main]);
    const elsewhere = join(history.directory, 'elsewhere');
    mkdirSync(elsewhere);
    renameSync(join(history.path, 'objects'), join(elsewhere, 'objects'));
    symlinkSync(join(elsewhere, 'objects'), join(history.path, 'objects'));
    expect(await history.import({ path: linked })).toMatchObject({ assets: 1, reconciled: true });
  });

  it('is also read with SHA-256 object names', async () => {
    const path = join(history.directory, 'longer.git');
    history.git(['init', '--quiet', '--bare', '--object-format=sha256', '--initial-branch=main', path]);
    history.git(
      ['-C', path, 'fast-import', '--quiet'],
      'commit refs/heads/main\ncommitter Ada <ada@x> 1556668800 +0000\ndata 3\nOne\nM 100644 inline a.svg\ndata 3\nabc\n',
    );
    expect(await history.import({ path })).toMatchObject({ assets: 1, versions: 1, reconciled: true });
  });
});

describe('a pointer of Git LFS', () => {
  let history: History;
  beforeEach(() => {
    history = new History();
  });
  afterEach(() => history.dispose());

  it('counts as the content it names, also with Windows line ends', async () => {
    const digest = createHash('sha256').update('hero').digest('hex');
    const content = `version https://git-lfs.github.com/spec/v1\r\noid sha256:${digest}\r\nsize 52428800\r\n`;
    history.commit([{ path: 'hero.psd', content }]);
    const story = await history.imported();
    expect(story.data('VersionAdded')).toMatchObject([{ digest, bytes: 52_428_800 }]);
    expect(story.result).toMatchObject({ pointers: 1, reconciled: true });
  });

  it('that replaces its content is no change, and neither is the content that returns', async () => {
    const digest = createHash('sha256').update('hero').digest('hex');
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${digest}\nsize 4\n`;
    for (const content of ['hero', pointer, pointer.replaceAll('\n', '\r\n'), 'hero', 'other']) {
      history.commit([{ path: 'hero.psd', content }]);
    }
    const story = await history.imported();
    expect(story.data('VersionAdded')).toMatchObject([{ digest }, { version: 2, bytes: 5 }]);
    expect(story.result).toMatchObject({ versions: 2, reconciled: true, differences: [] });
  });
});

describe('a path in another Unicode normal form', () => {
  const [NFC, NFD] = ['\u015fe.svg', 's\u0327e.svg'];
  let history: History;
  beforeEach(() => {
    history = new History();
  });
  afterEach(() => history.dispose());

  it('is kept as in git, beside the other one', async () => {
    history.tag(
      'v1.0',
      history.commit([
        { path: NFD, content: icon(1) },
        { path: NFC, content: icon(2) },
      ]),
    );
    const story = await history.imported();
    expect(story.result).toMatchObject({ assets: 2, reconciled: true, differences: [] });
    const [release] = releasesIn(story.events);
    expect([...release!.files.keys()].sort()).toEqual([NFC, NFD].sort());
  });

  it('is a rename like any other', async () => {
    history.commit([{ path: NFD, content: icon(1) }]);
    history.commit([{ rename: NFD, to: NFC }]);
    const story = await history.imported();
    expect(story.result).toMatchObject({ assets: 1, renames: 1, reconciled: true, differences: [] });
  });
});
