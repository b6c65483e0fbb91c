import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { childEnvironment } from '../../src/config';
import { palimpsest } from '../cli/palimpsest';
import { History, icon } from '../import/history';

/** Somebody gives us a repository, and all in it may be made to harm whoever imports it. */
describe('a hostile repository', () => {
  let history: History;
  beforeEach(() => {
    history = new History();
    history.commit([
      { path: 'a.svg', content: icon(1) },
      { path: 'link.svg', link: 'a.svg' },
    ]);
    history.tag('v1.0', history.commit([{ path: 'a.svg', content: icon(2) }], { message: 'Redraw' }));
  });
  afterEach(() => history.dispose());

  async function refused(message: RegExp, options: Parameters<History['import']>[0] = {}, exitCode = 2): Promise<void> {
    await expect(history.import(options)).rejects.toMatchObject({ exitCode, message: expect.stringMatching(message) });
    expect(await history.events(options.dataDir)).toEqual([]);
  }

  describe('cannot run a program', () => {
    let ran: string;
    let program: string;
    let clone: string;
    let gitDir: string;
    beforeEach(() => {
      ran = join(history.directory, 'ran');
      program = join(history.directory, 'program');
      writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> '${ran}'\nexit 0\n`);
      chmodSync(program, 0o755);
      clone = join(history.directory, 'clone');
      history.git(['clone', '--quiet', history.path, clone]);
      gitDir = join(clone, '.git');
      writeFileSync(join(gitDir, 'info', 'attributes'), '* diff=x filter=x merge=x\n');
      const hooks = join(history.directory, 'hooks');
      mkdirSync(hooks);
      for (const hook of [
        'post-index-change',
        'post-checkout',
        'reference-transaction',
        'fsmonitor-watchman',
        'pre-auto-gc',
      ])
        for (const place of [hooks, join(gitDir, 'hooks')]) {
          rmSync(join(place, hook), { force: true });
          symlinkSync(program, join(place, hook));
        }
    });

    /** Every setting by which git starts a program, each with ours. */
    const hostile = () => `
[core]
	fsmonitor = ${program}
	hooksPath = ${join(history.directory, 'hooks')}
	pager = ${program}
	editor = ${program}
	sshCommand = ${program}
	gitProxy = ${program}
	askPass = ${program}
	alternateRefsCommand = ${program}
[diff]
	external = ${program}
[diff "x"]
	textconv = ${program}
	command = ${program}
[filter "x"]
	clean = ${program}
	smudge = ${program}
	process = ${program}
	required = true
[merge "x"]
	driver = ${program}
[gpg]
	program = ${program}
[gpg "ssh"]
	program = ${program}
[log]
	showSignature = true
[credential]
	helper = ${program}
[pager]
	log = ${program}
	for-each-ref = ${program}
	rev-list = ${program}
[alias]
	log = !${program}
	rev-list = !${program}
	cat-file = !${program}
	diff-tree = !${program}
[interactive]
	diffFilter = ${program}
[uploadpack]
	packObjectsHook = ${program}
[trailer "reviewed"]
	key = Reviewed-by
	command = ${program}
	cmd = ${program}
[protocol]
	allow = always
[protocol "ext"]
	allow = always
[remote "origin"]
	url = ext::${program}
	uploadpack = ${program}
	vcs = ${program}
[url "ext::${program} "]
	insteadOf = https://
`;

    const everywhere = (): NodeJS.ProcessEnv => ({
      ...childEnvironment(),
      PAGER: program,
      EDITOR: program,
      VISUAL: program,
      SSH_ASKPASS: program,
      GIT_PAGER: program,
      GIT_EDITOR: program,
      GIT_ASKPASS: program,
      GIT_SSH: program,
      GIT_SSH_COMMAND: program,
      GIT_PROXY_COMMAND: program,
      GIT_EXTERNAL_DIFF: program,
      GIT_TRACE2_EVENT: ran,
      GIT_TRACE: ran,
      GIT_ALLOW_PROTOCOL: 'ext:file:https',
      GIT_EXEC_PATH: history.directory,
      GIT_CONFIG_PARAMETERS: `'core.fsmonitor=${program}'`,
    });

    it('that its settings would make git run', () => {
      appendFileSync(join(gitDir, 'config'), hostile());
      spawnSync('git', ['-C', clone, 'diff', 'HEAD~1', '--', 'a.svg'], { env: everywhere() });
      expect(existsSync(ran)).toBe(true);
    });

    it.each(['config', 'config.worktree', 'an included file', 'the environment alone'])('by %s', async (where) => {
      if (where === 'config.worktree') history.git(['-C', clone, 'config', 'extensions.worktreeConfig', 'true']);
      if (where === 'an included file') {
        writeFileSync(join(history.directory, 'included'), hostile());
        appendFileSync(
          join(gitDir, 'config'),
          `[include]\n\tpath = ../../included\n[includeIf "gitdir:/"]\n\tpath = x\n`,
        );
      } else if (where !== 'the environment alone') appendFileSync(join(gitDir, where), hostile());
      const result = await history.import({ path: clone, environment: everywhere() });
      expect(result).toMatchObject({ assets: 1, versions: 2, aliases: 1, tags: 1, reconciled: true });
      expect(existsSync(ran)).toBe(false);
    });

    it.each([
      ['[remote "origin"]\n\tpromisor = true\n'],
      ['[remote "or.i gin"]\n\tpromisor = YES\n'],
      ['[remote "origin"]\n\tpromisor = 1\n'],
      ['[remote "origin"]\n\tpromisor\n'],
      ['[REMOTE "origin"]\n\tPartialCloneFilter = blob:none\n'],
      ['[extensions]\n\tpartialClone = origin\n'],
    ])('by lacking a content, so that git would fetch it: %s', async (setting) => {
      const blob = history.git(['-C', clone, 'rev-parse', 'HEAD:a.svg']);
      rmSync(join(gitDir, 'objects', blob.slice(0, 2), blob.slice(2)), { force: true });
      for (const where of ['config', 'config.worktree', 'included']) {
        const text = `${setting}[remote "origin"]\n\turl = ext::${program}\n[protocol "ext"]\n\tallow = always\n`;
        const apart = join(history.directory, `${where}.git`);
        history.git(['clone', '--quiet', '--mirror', history.path, apart]);
        if (where === 'included') {
          writeFileSync(join(history.directory, 'more'), text);
          appendFileSync(join(apart, 'config'), '[include]\n\tpath = ../more\n');
        } else appendFileSync(join(apart, where), text);
        if (where === 'config.worktree') history.git(['-C', apart, 'config', 'extensions.worktreeConfig', 'true']);
        await refused(/is a partial clone/, { path: apart, environment: everywhere() });
      }
      expect(existsSync(ran)).toBe(false);
    });

    it('by lacking a content although it says that it is whole', async () => {
      const apart = join(history.directory, 'apart.git');
      history.git(['clone', '--quiet', '--mirror', '--no-hardlinks', history.path, apart]);
      for (const pack of readdirSync(join(apart, 'objects', 'pack'))) rmSync(join(apart, 'objects', 'pack', pack));
      const setting = `[remote "origin"]\n\tpromisor = false\n\turl = ext::${program}\n`;
      appendFileSync(join(apart, 'config'), setting);
      rmSync(join(apart, 'objects'), { recursive: true });
      mkdirSync(join(apart, 'objects'));
      await expect(history.import({ path: apart, environment: everywhere() })).rejects.toMatchObject({ exitCode: 1 });
      expect(existsSync(ran)).toBe(false);
    });
  });

  describe('with a named pipe or a device where a file should be', () => {
    const pipe = (path: string) => {
      rmSync(path, { recursive: true, force: true });
      expect(spawnSync('mkfifo', [path]).status).toBe(0);
      return path;
    };

    it.each([
      'HEAD',
      'config',
      'config.worktree',
      'packed-refs',
      'shallow',
      'commondir',
      'refs/heads/main',
      'refs/heads/new',
      'objects/info/alternates',
      'objects/info/commit-graph',
      'objects/pack/pack-x.pack',
      'objects/ab/cdef',
    ])('as %s is refused', async (name) => {
      const path = join(history.path, name);
      mkdirSync(join(path, '..'), { recursive: true });
      pipe(path);
      await refused(/is a named pipe, not a file/);
      rmSync(path);
      symlinkSync('/dev/zero', path);
      await refused(/is a device, not a file/);
    });

    it('as the path itself, as .git, and behind a .git file is refused', async () => {
      await refused(/is a named pipe, not a file/, { path: pipe(join(history.directory, 'pipe')) });
      const plain = join(history.directory, 'plain');
      mkdirSync(plain);
      pipe(join(plain, '.git'));
      await refused(/is a named pipe, not a file/, { path: plain });
      rmSync(join(plain, '.git'));
      writeFileSync(join(plain, '.git'), `gitdir: ${history.path}\n`);
      pipe(join(history.path, 'HEAD'));
      await refused(/is a named pipe, not a file/, { path: plain });
    });

    it('as a file that the settings include, or in a directory that objects are borrowed from, is refused', async () => {
      const [inner, outer] = [join(history.directory, 'inner'), join(history.directory, 'outer')];
      pipe(inner);
      writeFileSync(outer, `[include]\n\tpath = ${inner}\n`);
      appendFileSync(join(history.path, 'config'), `[includeIf "onbranch:main"]\n\tpath = ${outer}\n`);
      await refused(/inner is a named pipe, not a file/);
      writeFileSync(outer, '');
      const lent = join(history.directory, 'lent');
      mkdirSync(join(lent, 'pack'), { recursive: true });
      pipe(join(lent, 'pack', 'pack-x.idx'));
      writeFileSync(join(history.path, 'objects', 'info', 'alternates'), `${lent}\n`);
      await refused(/pack-x.idx is a named pipe, not a file/);
    });

    it('as the state of the import, or elsewhere in the data directory, is refused', async () => {
      await history.import();
      const [state = ''] = readdirSync(join(history.dataDir, 'import'));
      pipe(join(history.dataDir, 'import', state));
      await expect(history.import()).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringMatching(/no.* a file/),
      });
      for (const name of ['people.json', 'events.sqlite', `import/${state}`]) {
        const dataDir = join(history.directory, `data-${name.length}`);
        mkdirSync(join(dataDir, 'import'), { recursive: true });
        pipe(join(dataDir, name));
        const ended = await palimpsest(['import', 'git', history.path, '--data', dataDir]);
        expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(/is a named pipe/) });
      }
    }, 60_000);
  });

  describe('with more of something than is taken', () => {
    it.each([
      ['references=1', /more branches and tags, more than the limit references=1; nothing was imported/],
      ['commits=1', /more commits, more than the limit commits=1.*Raise it with --limit commits=NUMBER/],
      ['commit-bytes=100', /commit [0-9a-f]{40} has \d+ bytes, more than the limit commit-bytes=100/],
      ['file-versions=2', /change more files, more than the limit file-versions=2/],
      ['file-bytes=300', /a.svg has \d+ bytes, more than the limit file-bytes=300.*--exclude/],
      ['total-bytes=500', /have \d+ bytes or more, more than the limit total-bytes=500/],
    ])('%s is refused before anything is written', async (limit, message) => {
      await refused(message, { limits: [limit] });
      expect(existsSync(join(history.dataDir, 'content'))).toBe(false);
    });

    it('is imported where the limit is raised, or the file left out', async () => {
      expect(await history.import({ limits: ['file-bytes=1GiB', 'commits=2'] })).toMatchObject({ versions: 2 });
      const dataDir = join(history.directory, 'without');
      expect(await history.import({ dataDir, limits: ['file-bytes=1'], exclude: ['a.svg'] })).toMatchObject({
        assets: 0,
      });
    });

    it('counts files that only merged commits change', async () => {
      const root = history.tip()!;
      const many = Array.from({ length: 50 }, (_, at) => ({ path: `many/${at}.txt`, content: `${at}` }));
      const topic = history.commit(many, { branch: 'topic', from: root });
      const all = many.map(({ path }) => ({ remove: path }));
      const undone = history.commit(all, { branch: 'topic', from: topic });
      history.commit([{ path: 'b.svg', content: icon('b') }], { merge: undone });
      await refused(/change more files/, { limits: ['file-versions=50'] });
    });

    it('of a few objects that unfold to ten billion files', async () => {
      let entry = `100644 blob ${history.git(['-C', history.path, 'hash-object', '-w', '--stdin'], icon(3))}`;
      for (let depth = 0; depth < 10; depth += 1) {
        const rows = Array.from({ length: 10 }, (_, at) => `${entry}\t${at}${depth === 0 ? '.svg' : ''}\n`).join('');
        entry = `040000 tree ${history.git(['-C', history.path, 'mktree'], rows)}`;
      }
      const tree = entry.split(' ')[2]!;
      const inside = ['-C', history.path, '-c', 'user.name=Ada', '-c', 'user.email=ada@studio.example'];
      const commit = history.git([...inside, 'commit-tree', '-m', 'Bomb', '-p', history.tip()!, tree]);
      history.git(['-C', history.path, 'update-ref', 'refs/heads/main', commit]);
      await refused(/change more files/, { limits: ['file-versions=20000'] });
    }, 60_000);

    it('of bytes that were compressed well', async () => {
      history.commit([{ path: 'zeros.png', content: Buffer.alloc(20_000_000) }]);
      await refused(/zeros.png has 20000000 bytes/, { limits: ['file-bytes=10MiB'] });
    });
  });

  describe('whose texts take long to look at', () => {
    const SIZE = 2_000_000;

    it.each([
      ['blanks', ' '.repeat(SIZE)],
      ['line ends', '\n'.repeat(SIZE)],
      ['brackets', '<'.repeat(SIZE)],
      ['blanks between letters', 'x '.repeat(SIZE / 2)],
      ['tabs before an end', `${'\t'.repeat(SIZE)}x`],
      ['colons', ':'.repeat(SIZE)],
    ])('is imported in spite of a message of %s', async (_, text) => {
      history.commit([{ path: 'a.svg', content: icon(3) }], { message: `x${text}x` });
      expect(await history.import({ limits: ['commit-bytes=4MiB'] })).toMatchObject({ versions: 3, reconciled: true });
    });

    it('is imported in spite of names that are long and odd', async () => {
      const names = ['.'.repeat(200), '-_'.repeat(100), ' '.repeat(200), `a${'.b'.repeat(100)}`, '['.repeat(200)];
      const deep = `${'d/'.repeat(1_000)}e.svg`;
      history.commit([
        ...names.map((name) => ({ path: `${name}.svg`, content: icon(name) })),
        { path: deep, content: icon(4) },
      ]);
      history.tag(`${'v1-'.repeat(60)}x`, history.tip()!);
      history.tag('1'.repeat(200), history.tip()!);
      const include = ['**/*.svg', '**/d/**/d/**/*.svg'];
      expect(await history.import({ include })).toMatchObject({ reconciled: true });
    });

    it('is imported in spite of links that lead a long way', async () => {
      const links = Array.from({ length: 200 }, (_, at) => ({
        path: `l${at}`,
        link: `${'a/b/'.repeat(1_000)}l${at + 1}`,
      }));
      const chain = Array.from({ length: 200 }, (_, at) => ({ path: `c${at}`, link: `c${at + 1}` }));
      const round = [
        { path: 'x', link: 'y/../x/../y' },
        { path: 'y', link: `${'x/../'.repeat(500)}x` },
      ];
      history.commit([...links, ...chain, ...round]);
      const result = await history.import();
      expect(result).toMatchObject({ aliases: 1, reconciled: true });
      expect(result.leftOut.links.count).toBe(402);
    });
  });
});
