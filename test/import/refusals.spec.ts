import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../src/config/config';
import { History, icon } from './history';

describe('what cannot be imported is refused before anything is written', () => {
  let history: History;
  beforeEach(() => {
    history = new History();
  });
  afterEach(() => history.dispose());

  const refused = async (exitCode: number, message: RegExp, options: Parameters<History['import']>[0] = {}) => {
    expect(await history.refusal(options)).toMatchObject({ exitCode, message: expect.stringMatching(message) });
    expect(await history.events(options.dataDir)).toEqual([]);
  };

  it('a path that does not exist', () =>
    refused(2, /nowhere is not a directory/, { path: join(history.directory, 'nowhere') }));

  it('a directory that is not a repository', async () => {
    const path = mkdtempSync(join(tmpdir(), 'palimpsest-plain-'));
    await refused(2, /is not a git repository/, { path });
    rmSync(path, { recursive: true });
  });

  it('a directory inside a clone, since the whole clone would be imported', async () => {
    history.commit([{ path: 'icons/a.svg', content: icon(1) }]);
    const clone = join(history.directory, 'clone');
    history.git(['clone', '--quiet', history.path, clone]);
    await refused(2, /lies inside the repository .*clone; name that/, { path: join(clone, 'icons') });
  });

  it('a repository without commits', () => refused(2, /is empty/));

  it('a branch that does not exist, naming those that do', async () => {
    history.commit([{ path: 'a.svg', content: icon(1) }]);
    await refused(2, /has no branch develop; it has main/, { branch: 'develop' });
  });

  it('a shallow clone, unless asked for', async () => {
    history.commit([{ path: 'a.svg', content: icon(1) }]);
    history.commit([{ path: 'a.svg', content: icon(2) }]);
    const path = join(history.directory, 'shallow');
    history.git(['clone', '--quiet', '--depth=1', `file://${history.path}`, path]);
    await refused(2, /shallow clone.*--allow-shallow/, { path });
    expect(await history.import({ path, allowShallow: true })).toMatchObject({
      assets: 1,
      versions: 1,
      reconciled: true,
    });
  });

  it('a commit dated in the future, naming it and its date', async () => {
    history.commit([{ path: 'a.svg', content: icon(1) }]);
    const commit = history.commit([{ path: 'b.svg', content: icon(2) }], { at: 4_102_444_800 });
    await refused(2, new RegExp(`${commit}.*author date in the future: 2100-01-01`));
  });

  it('a commit from before 1970', async () => {
    const tree = history.git(['-C', history.path, 'hash-object', '-t', 'tree', '-w', '--stdin'], '');
    const who = 'Ada <ada@studio.example>';
    const text = `tree ${tree}\nauthor ${who} -86400 +0000\ncommitter ${who} 1556668800 +0000\n\nOld\n`;
    const commit = history.git(
      ['-C', history.path, 'hash-object', '-t', 'commit', '-w', '--stdin', '--literally'],
      text,
    );
    history.git(['-C', history.path, 'update-ref', 'refs/heads/main', commit]);
    await refused(2, new RegExp(`${commit} has an author date before 1970`));
  });

  it('a release tag dated in the future', async () => {
    const commit = history.commit([{ path: 'a.svg', content: icon(1) }]);
    history.tag('v1.0.0', commit, 'Ada <ada@studio.example>', 4_102_444_800);
    await refused(2, /tag v1.0.0 has a date in the future/);
  });

  it('a machine without git', async () => {
    history.commit([{ path: 'a.svg', content: icon(1) }]);
    await refused(3, /git command line was not found/, {
      environment: { ...childEnvironment(), PATH: history.directory },
    });
  });

  it('a history that was rewritten since the last import', async () => {
    history.commit([{ path: 'a.svg', content: icon(1) }]);
    const root = history.tip()!;
    history.commit([{ path: 'a.svg', content: icon(2) }]);
    await history.import();
    history.commit([{ path: 'a.svg', content: icon(3) }], { from: root });
    expect(await history.refusal()).toMatchObject({ exitCode: 2, message: expect.stringMatching(/rewritten/) });
  });

  it('a repository with a missing object, naming the object', async () => {
    const inside = ['-C', history.path, '-c', 'user.name=Ada', '-c', 'user.email=ada@studio.example'];
    const blob = history.git([...inside, 'hash-object', '-w', '--stdin'], icon(1));
    const tree = history.git([...inside, 'mktree'], `100644 blob ${blob}\ta.svg\n`);
    history.git([
      ...inside,
      'update-ref',
      'refs/heads/main',
      history.git([...inside, 'commit-tree', '-m', 'Draw', tree]),
    ]);
    rmSync(join(history.path, 'objects', blob.slice(0, 2), blob.slice(2)));
    await refused(1, new RegExp(`object ${blob} cannot be read`));
  });

  it('a place for content that is not writable', async () => {
    history.commit([{ path: 'a.svg', content: icon(1) }]);
    mkdirSync(history.dataDir, { recursive: true });
    writeFileSync(join(history.dataDir, 'content'), 'a file where a directory should be');
    await refused(3, /content.*/);
  });
});
