import { ADA, BEN, FIRST, History, icon } from './history';
import { releasesIn } from './released';

describe('the tags of a repository', () => {
  let history: History;
  let first: string;
  beforeEach(() => {
    history = new History();
    first = history.commit([{ path: 'a.svg', content: icon(1) }]);
  });
  afterEach(() => history.dispose());

  type Options = Parameters<History['imported']>[0];
  const releases = async (options?: Options) =>
    releasesIn((await history.imported(options)).events).map(({ tag, files }) => [tag, ...files.keys()]);
  const ref = (name: string) => history.git(['-C', history.path, 'rev-parse', `refs/tags/${name}`]);
  /** A tag that marks an object other than a commit. */
  const tagOf = (name: string, object: string, type: string) => {
    const text = `object ${object}\ntype ${type}\ntag ${name}\ntagger ${BEN} ${FIRST + 7200} +0000\n\n${name}\n`;
    const made = history.git(['-C', history.path, 'mktag'], text);
    history.git(['-C', history.path, 'update-ref', `refs/tags/${name}`, made]);
  };

  it('are peeled to the end, however deeply nested, and the outermost one dates the release', async () => {
    history.tag('build', first, ADA);
    tagOf('candidate', ref('build'), 'tag');
    tagOf('v1.0', ref('candidate'), 'tag');
    const story = await history.imported();
    expect(story.result).toMatchObject({ reconciled: true, tags: 1, releases: { count: 1, files: 1 } });
    expect(releasesIn(story.events)[0]!.files.get('a.svg')).toMatchObject({ version: 1 });
    const [planned] = story.of('CampaignPlanned');
    expect(planned!.metadata.occurredAt).toBe(new Date((FIRST + 7200) * 1000).toISOString());
  });

  it('on trees and files are left out, also nested ones, each with the reason', async () => {
    const tree = history.git(['-C', history.path, 'rev-parse', `${first}^{tree}`]);
    const blob = history.git(['-C', history.path, 'rev-parse', `${first}:a.svg`]);
    history.tag('v1.0-tree', tree);
    history.tag('v1.0-file', blob);
    tagOf('v1.0-inner', tree, 'tree');
    tagOf('v1.0-outer', ref('v1.0-inner'), 'tag');
    history.tag('nightly', first);
    const { result } = await history.imported();
    expect(result).toMatchObject({ tags: 0, reconciled: true });
    expect(result.leftOut.tags.reasons).toEqual([
      { tag: 'nightly', reason: 'its name holds no version or date; --releases names tags that are releases' },
      { tag: 'v1.0-file', reason: 'it marks a blob' },
      { tag: 'v1.0-inner', reason: 'it marks a tree' },
      { tag: 'v1.0-outer', reason: 'it marks a tree' },
      { tag: 'v1.0-tree', reason: 'it marks a tree' },
    ]);
  });

  it('may have names in bytes that are not UTF-8, and with invisible characters', async () => {
    const names = ['v1.0-\xe9', 'v1.0-\xe8', 'v1.0-\xc3\xa9', 'v1.0\xe2\x80\xae', 'v1.0%E9', 'nightly-\xff'];
    const rows = names.map((name) => `create refs/tags/${name} ${first}\n`).join('');
    history.git(['-C', history.path, 'update-ref', '--stdin'], Buffer.from(rows, 'latin1'));
    const story = await history.imported();
    expect(story.result).toMatchObject({ reconciled: true, releases: { count: 5, files: 5, gone: [] } });
    expect(
      releasesIn(story.events)
        .map(({ tag }) => tag)
        .sort(),
    ).toEqual(['v1.0%25E9', 'v1.0%E2%80%AE', 'v1.0-%E8', 'v1.0-%E9', 'v1.0-é']);
    expect(story.result.leftOut.tags.examples).toEqual(['nightly-%FF']);
    expect(await history.import()).toMatchObject({ events: 0, reconciled: true, releases: { gone: [] } });
  });

  it('may be dates', async () => {
    history.tag('20200101', first);
    const second = history.commit([{ path: 'b.svg', content: icon(2) }]);
    history.tag('release-2020-02-01', second);
    expect(await releases()).toEqual([
      ['20200101', 'a.svg'],
      ['release-2020-02-01', 'a.svg', 'b.svg'],
    ]);
  });

  it('are releases if a pattern selects them, which may be given later', async () => {
    for (const name of ['drop/winter', 'drop/spring', 'v1.0', 'nightly']) history.tag(name, first);
    expect((await releases()).map(([tag]) => tag)).toEqual(['v1.0']);
    expect((await releases({ releases: ['drop*'] })).map(([tag]) => tag)).toEqual([
      'v1.0',
      'drop/spring',
      'drop/winter',
    ]);
    const { result } = await history.imported({ releases: ['drop*'] });
    expect(result).toMatchObject({ events: 0, reconciled: true, releases: { count: 3 } });
    expect(result.leftOut.tags.reasons).toEqual([
      { tag: 'nightly', reason: 'its name matches none of --releases drop*' },
    ]);
    // A recorded release stays one.
    expect((await history.imported()).result).toMatchObject({ events: 0, reconciled: true, releases: { count: 3 } });
  });

  it('may have the name of a branch', async () => {
    history.commit([{ path: 'a.svg', content: icon(9) }], { branch: 'v1.0', from: first });
    history.tag('v1.0', first);
    const story = await history.imported();
    expect(releasesIn(story.events)[0]!.files.get('a.svg')).toMatchObject({ version: 1 });
    expect(story.result.reconciled).toBe(true);
  });
});
