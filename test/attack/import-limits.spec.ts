import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { limitsOf } from '../../src/connectors/git/importlimits';
import { History, icon } from '../import/history';

/** A repository may be made to consume all the memory, disk or time of the machine that imports it. */
describe('a repository', () => {
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

  describe('with more of something than the limit', () => {
    it.each([
      ['references=1', /more branches and tags, more than the limit references=1; nothing was imported/],
      ['commits=1', /more commits, more than the limit commits=1.*Raise it with --limit commits=NUMBER/],
      ['commit-bytes=100', /commit [0-9a-f]{40} has \d+ bytes, more than the limit commit-bytes=100/],
      ['file-versions=2', /change more files, more than the limit file-versions=2/],
      ['file-bytes=300', /a.svg has \d+ bytes, more than the limit file-bytes=300.*--exclude/],
      ['total-bytes=500', /have \d+ bytes or more, more than the limit total-bytes=500/],
    ])('%s is refused before anything is written', async (limit, message) => {
      await refused(message, { limits: limitsOf([limit]) });
      expect(existsSync(join(history.dataDir, 'content'))).toBe(false);
    });

    it('is imported if the limit is raised or the file is excluded', async () => {
      expect(await history.import({ limits: limitsOf(['file-bytes=1GiB', 'commits=2']) })).toMatchObject({
        versions: 2,
      });
      const dataDir = join(history.directory, 'without');
      expect(await history.import({ dataDir, limits: limitsOf(['file-bytes=1']), exclude: ['a.svg'] })).toMatchObject({
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
      await refused(/change more files/, { limits: limitsOf(['file-versions=50']) });
    });

    it('of a few objects that expand to ten billion files', async () => {
      let entry = `100644 blob ${history.git(['-C', history.path, 'hash-object', '-w', '--stdin'], icon(3))}`;
      for (let depth = 0; depth < 10; depth += 1) {
        const rows = Array.from({ length: 10 }, (_, at) => `${entry}\t${at}${depth === 0 ? '.svg' : ''}\n`).join('');
        entry = `040000 tree ${history.git(['-C', history.path, 'mktree'], rows)}`;
      }
      const tree = entry.split(' ')[2]!;
      const inside = ['-C', history.path, '-c', 'user.name=Ada', '-c', 'user.email=ada@studio.example'];
      const commit = history.git([...inside, 'commit-tree', '-m', 'Bomb', '-p', history.tip()!, tree]);
      history.git(['-C', history.path, 'update-ref', 'refs/heads/main', commit]);
      await refused(/change more files/, { limits: limitsOf(['file-versions=20000']) });
    }, 60_000);

    it('of highly compressed bytes', async () => {
      history.commit([{ path: 'zeros.png', content: Buffer.alloc(20_000_000) }]);
      await refused(/zeros.png has 20000000 bytes/, { limits: limitsOf(['file-bytes=10MiB']) });
    });
  });

  describe('with texts that take long to parse', () => {
    const SIZE = 2_000_000;

    it.each([
      ['blanks', ' '.repeat(SIZE)],
      ['line ends', '\n'.repeat(SIZE)],
      ['brackets', '<'.repeat(SIZE)],
      ['blanks between letters', 'x '.repeat(SIZE / 2)],
      ['tabs before an end', `${'\t'.repeat(SIZE)}x`],
      ['colons', ':'.repeat(SIZE)],
    ])('is imported despite a message of %s', async (_, text) => {
      history.commit([{ path: 'a.svg', content: icon(3) }], { message: `x${text}x` });
      expect(await history.import({ limits: limitsOf(['commit-bytes=4MiB']) })).toMatchObject({
        versions: 3,
        reconciled: true,
      });
    });

    it('is imported despite long and odd names', async () => {
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

    it('is imported despite links with a long chain of targets', async () => {
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
