import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { childEnvironment } from '../../src/config/config';
import { BEN, History, icon } from './history';

/** Settings that change git's view of a history, each with a value other than its default. */
const SETTINGS: readonly (readonly [name: string, value: string])[] = [
  ['core.quotePath', 'true'],
  ['core.abbrev', '4'],
  ['core.precomposeUnicode', 'true'],
  ['core.ignoreCase', 'true'],
  ['core.autocrlf', 'true'],
  ['core.attributesFile', 'attributes'],
  ['core.commentChar', 'R'],
  ['core.bigFileThreshold', '1'],
  ['core.commitGraph', 'true'],
  ['core.worktree', '/'],
  ['core.logAllRefUpdates', 'false'],
  ['core.notesRef', 'refs/notes/x'],
  ['color.ui', 'always'],
  ['color.diff', 'always'],
  ['column.ui', 'always'],
  ['diff.algorithm', 'patience'],
  ['diff.external', 'false'],
  ['diff.ignoreSubmodules', 'all'],
  ['diff.mnemonicPrefix', 'true'],
  ['diff.noPrefix', 'true'],
  ['diff.orderFile', 'order'],
  ['diff.relative', 'true'],
  ['diff.renameLimit', '1'],
  ['diff.renames', 'false'],
  ['diff.renames', 'copies'],
  ['diff.submodule', 'log'],
  ['diff.suppressBlankEmpty', 'true'],
  ['diff.interHunkContext', '5'],
  ['diff.drawing.binary', 'true'],
  ['feature.experimental', 'true'],
  ['format.pretty', 'oneline'],
  ['format.notes', 'true'],
  ['i18n.commitEncoding', 'UTF-16'],
  ['i18n.logOutputEncoding', 'ISO-8859-1'],
  ['log.abbrevCommit', 'true'],
  ['log.date', 'relative'],
  ['log.decorate', 'full'],
  ['log.diffMerges', 'combined'],
  ['log.excludeDecoration', 'refs/tags/*'],
  ['log.follow', 'true'],
  ['log.mailmap', 'false'],
  ['log.showRoot', 'false'],
  ['log.showSignature', 'true'],
  ['mailmap.file', 'mailmap'],
  ['notes.displayRef', '*'],
  ['submodule.recurse', 'true'],
  ['tag.sort', '-version:refname'],
  ['transfer.hideRefs', 'refs/tags'],
  ['trailer.separators', '='],
  ['trailer.reviewed.key', 'Approved-by'],
  ['trailer.reviewed.command', 'false'],
  ['versionsort.suffix', '-rc'],
];

/** Environment variables that point git somewhere else, or change its output. */
const VARIABLES = {
  GIT_DIR: '/nowhere',
  GIT_WORK_TREE: '/',
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'diff.renames',
  GIT_CONFIG_VALUE_0: 'false',
  GIT_DIFF_OPTS: '-u0',
  GIT_OBJECT_DIRECTORY: '/nowhere',
  GIT_NAMESPACE: 'x',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_ICASE_PATHSPECS: '1',
  GIT_REPLACE_REF_BASE: 'refs/heads/',
  GIT_DEFAULT_HASH: 'sha256',
  LC_ALL: 'tr_TR.UTF-8',
  LANGUAGE: 'de',
  TZ: 'Pacific/Kiritimati',
};

describe('the record of an import', () => {
  let history: History;
  let undisturbed: readonly object[];
  let runs = 0;

  beforeAll(async () => {
    history = new History();
    const lines = 'a line of a drawing\r\nanother line\r\n'.repeat(20);
    history.commit([
      { path: 'Über/a.svg', content: icon(1) },
      { path: 'b.svg', content: lines },
      { path: 'link.svg', link: 'b.svg' },
      { path: '.gitattributes', content: '*.svg binary diff=drawing\n' },
      { path: '.mailmap', content: 'Somebody <somebody@studio.example> <ben@studio.example>\n' },
    ]);
    const root = history.commit([{ path: 'Über/a.svg', content: icon(2) }], {
      message: 'Redraw Über\n\nReviewed-by: Cia <cia@studio.example>\nReviewed-by: Ben <ben@studio.example>\n',
    });
    history.commit([{ remove: 'b.svg' }, { path: 'c.svg', content: lines.replaceAll('\r\n', '\n') }]);
    const topic = history.commit([{ path: 'd.svg', content: icon('d') }], { branch: 'topic', from: root, author: BEN });
    const tip = history.commit([{ path: 'd.svg', content: icon('d') }], { merge: topic });
    history.tag('v1.0', tip, BEN);
    await history.import();
    undisturbed = await told(history.dataDir);
  }, 60_000);
  afterAll(() => history.dispose());

  async function told(dataDir: string): Promise<readonly object[]> {
    return (await history.events(dataDir)).map(({ recordedAt: _, ...event }) => event);
  }

  /** A clone with settings, in the files where git looks for them. */
  function configured(settings: typeof SETTINGS, where: string) {
    runs += 1;
    const home = join(history.directory, `home-${runs}`);
    const path = join(history.directory, `clone-${runs}`);
    mkdirSync(home);
    history.git(['clone', '--quiet', '--mirror', history.path, join(path, '.git')]);
    history.git(['-C', join(path, '.git'), 'config', 'core.bare', 'false']);
    const text = settings
      .map(([name, value]) => {
        const [section, last] = [name.slice(0, name.lastIndexOf('.')), name.slice(name.lastIndexOf('.') + 1)];
        const [first = '', ...rest] = section.split('.');
        const title = rest.length === 0 ? `[${first}]` : `[${first} "${rest.join('.')}"]`;
        return `${title}\n\t${last} = ${value}\n`;
      })
      .join('');
    const files: Record<string, string> = {
      repository: join(path, '.git', 'config'),
      worktree: join(path, '.git', 'config.worktree'),
      included: join(home, 'included'),
      user: join(home, '.gitconfig'),
      system: join(home, 'system'),
    };
    if (where === 'included') appendFileSync(files.repository!, `[include]\n\tpath = ${files.included}\n`);
    if (where === 'worktree') history.git(['-C', path, 'config', 'extensions.worktreeConfig', 'true']);
    appendFileSync(files[where]!, text);
    for (const directory of [join(path, '.git', 'info'), join(home, '.config', 'git')]) {
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, 'attributes'), '*.svg -diff\n');
    }
    // A graft gives the last commit no parents, and a replacement gives it another content.
    writeFileSync(join(path, '.git', 'info', 'grafts'), `${history.tip()}\n`);
    history.git(['-C', path, 'replace', history.tip()!, history.tip('topic')!]);
    const environment = { ...childEnvironment(), ...VARIABLES, HOME: home, GIT_CONFIG_SYSTEM: files.system };
    return { path, environment, dataDir: join(home, 'data') };
  }

  it('is the same, and reconciles, whatever the settings of the repository, the user or the system', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.subarray([...SETTINGS], { minLength: 5 }),
        fc.constantFrom('repository', 'worktree', 'included', 'user', 'system'),
        async (settings, where) => {
          const options = configured(settings, where);
          expect(await history.import(options)).toMatchObject({ reconciled: true, differences: [] });
          expect(await told(options.dataDir)).toEqual(undisturbed);
        },
      ),
      { numRuns: 8, examples: [[[...SETTINGS], 'repository']] },
    );
  }, 180_000);
});
