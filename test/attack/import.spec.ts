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
import { childEnvironment } from '../../src/config/config';
import { palimpsest } from '../cli/palimpsest';
import { History, icon } from '../import/history';

/** A repository comes from a stranger, and everything in it may be made to harm the machine that imports it. */
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
    expect(await history.refusal(options)).toMatchObject({ exitCode, message: expect.stringMatching(message) });
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

    /** Every setting by which git starts a program, each pointing to ours. */
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

    it('that git runs because of its settings', () => {
      appendFileSync(join(gitDir, 'config'), hostile());
      spawnSync('git', ['-C', clone, 'diff', 'HEAD~1', '--', 'a.svg'], { env: everywhere() });
      expect(existsSync(ran)).toBe(true);
    });

    it.each(['config', 'config.worktree', 'an included file', 'the environment alone'])('from %s', async (where) => {
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

    it('by lacking a content although it claims to be complete', async () => {
      const apart = join(history.directory, 'apart.git');
      history.git(['clone', '--quiet', '--mirror', '--no-hardlinks', history.path, apart]);
      for (const pack of readdirSync(join(apart, 'objects', 'pack'))) rmSync(join(apart, 'objects', 'pack', pack));
      const setting = `[remote "origin"]\n\tpromisor = false\n\turl = ext::${program}\n`;
      appendFileSync(join(apart, 'config'), setting);
      rmSync(join(apart, 'objects'), { recursive: true });
      mkdirSync(join(apart, 'objects'));
      expect(await history.refusal({ path: apart, environment: everywhere() })).toMatchObject({ exitCode: 1 });
      expect(existsSync(ran)).toBe(false);
    });
  });

  describe('with a named pipe or a device in place of a file', () => {
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

    it('as a file that the settings include, or in a borrowed object directory, is refused', async () => {
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

    it('as the import state, or elsewhere in the data directory, is refused', async () => {
      await history.import();
      const [state = ''] = readdirSync(join(history.dataDir, 'import'));
      pipe(join(history.dataDir, 'import', state));
      expect(await history.refusal()).toMatchObject({
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
});
