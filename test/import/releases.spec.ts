import { ADA, BEN, History, icon } from './history';
import { expectTrees, fileIn, placedIn, releasesIn } from './released';

describe('releases', () => {
  let history: History;
  beforeEach(() => {
    history = new History();
  });
  afterEach(() => history.dispose());

  it('starts a placement with the release that first ships a version, and ends it with the one that ships another', async () => {
    const first = history.commit([
      { path: 'a.svg', content: icon(1) },
      { path: 'b.svg', content: icon('b') },
    ]);
    history.tag('v1.0.0', first, BEN);
    const second = history.commit([{ path: 'a.svg', content: icon(2) }]);
    history.tag('v1.1.0', second);
    const third = history.commit([{ remove: 'b.svg' }, { path: 'c.svg', content: 'drawn quite differently\n' }]);
    history.tag('v2.0.0', third);
    const story = await history.imported();
    const [a, b, c] = ['a.svg', 'b.svg', 'c.svg'].map((path) => story.asset(path));
    expect(placedIn(story)).toEqual([
      ['PlacementObserved', 'v1.0.0', a, 1],
      ['PlacementObserved', 'v1.0.0', b, 1],
      ['PlacementEndObserved', 'v1.0.0', a, 1],
      ['PlacementObserved', 'v1.1.0', a, 2],
      ['PlacementEndObserved', 'v1.0.0', b, 1],
      ['PlacementObserved', 'v2.0.0', c, 1],
    ]);
    expect(story.of('CampaignLaunched')).toHaveLength(3);
    expect(story.of('PlacementObserved')[0]!.data).toMatchObject({
      channel: 'release',
      path: 'a.svg',
      evidence: { kind: 'releaseTag', reference: `${first} v1.0.0` },
      wouldRefuse: ['NOT_APPROVED'],
    });
    expectTrees(history, story, ['v1.0.0', 'v1.1.0', 'v2.0.0']);
  });

  it('records what changed between releases, and nothing that did not', async () => {
    const many = Array.from({ length: 40 }, (_, at) => ({ path: `${at}.svg`, content: icon(at) }));
    history.tag('v1.0', history.commit(many));
    history.tag('v1.1', history.commit([{ path: '7.svg', content: icon('seven') }, { remove: '9.svg' }]));
    const story = await history.imported();
    const [, second] = story.data<{ base: string; put: readonly { path: string }[]; gone: readonly string[] }>(
      'CampaignContentsObserved',
    );
    expect(second!.base).toBe(story.of('CampaignPlanned')[0]!.stream.slice(9));
    const changes = story.data<{ put: readonly { path: string }[]; gone?: readonly string[] }>(
      'CampaignContentsObserved',
    );
    expect(changes.slice(1).flatMap(({ put }) => put.map(({ path }) => path))).toEqual(['7.svg']);
    expect(changes.slice(1).flatMap(({ gone = [] }) => gone)).toEqual(['9.svg']);
    expectTrees(history, story, ['v1.0', 'v1.1']);
  });

  it('records a release branch that merges main, and is never merged itself, as it is', async () => {
    const one = history.commit([{ path: 'a.svg', content: icon(1) }]);
    const two = history.commit([
      { path: 'a.svg', content: icon(2) },
      { path: 'b.svg', content: icon('b') },
    ]);
    const both = [
      { path: 'a.svg', content: icon(2) },
      { path: 'b.svg', content: icon('b') },
    ];
    history.tag('v1.0', history.commit(both, { branch: 'release', from: one, merge: two }), ADA);
    history.tag('v1.0.1', history.commit([{ path: 'a.svg', content: icon(9) }], { branch: 'release' }), ADA);
    const three = history.commit([{ path: 'a.svg', content: icon(3) }, { remove: 'b.svg' }]);
    const last = [{ path: 'a.svg', content: icon(3) }, { remove: 'b.svg' }] as const;
    history.tag('v1.1', history.commit(last, { branch: 'release', merge: three }), ADA);
    const story = await history.imported();
    const [a, b] = [story.asset('a.svg'), story.asset('b.svg')];
    expectTrees(history, story, ['v1.0', 'v1.0.1', 'v1.1']);
    expect(fileIn(story, 'v1.0', 'a.svg')).toMatchObject({ asset: a.slice(6), version: 2 });
    expect(fileIn(story, 'v1.0', 'b.svg')).toMatchObject({ asset: b.slice(6), version: 1 });
    expect(fileIn(story, 'v1.0.1', 'a.svg')).toMatchObject({ asset: a.slice(6) });
    expect(fileIn(story, 'v1.0.1', 'a.svg')).not.toHaveProperty('version');
    expect(fileIn(story, 'v1.1', 'a.svg')).toMatchObject({ asset: a.slice(6), version: 3 });
    expect(placedIn(story)).toEqual([
      ['PlacementObserved', 'v1.0', a, 2],
      ['PlacementObserved', 'v1.0', b, 1],
      ['PlacementEndObserved', 'v1.0', a, 2],
      ['PlacementObserved', 'v1.0.1', a, undefined],
      ['PlacementEndObserved', 'v1.0.1', a, undefined],
      ['PlacementEndObserved', 'v1.0', b, 1],
      ['PlacementObserved', 'v1.1', a, 3],
    ]);
    expect(story.of('PlacementObserved')[2]!.data).toMatchObject({
      wouldRefuse: ['VERSION_NOT_FOUND', 'NOT_APPROVED'],
    });
    expect(story.result.releases).toMatchObject({ files: 5, offRecord: 1 });
    // The asset itself has the state of main.
    expect(story.data('VersionAdded')).toHaveLength(4);
  });

  it('records a release whose history never met main, with files that no asset of main had', async () => {
    history.commit([{ path: 'a.svg', content: icon(1) }]);
    history.git(['-C', history.path, 'symbolic-ref', 'HEAD', 'refs/heads/main']);
    history.tag('v0.9', history.commit([{ path: 'a.svg', content: icon(1) }], { branch: 'elsewhere' }));
    const fix = [{ path: 'only-here.svg', content: icon('x') }];
    history.tag('v1.0', history.commit(fix, { branch: 'release', from: history.tip()! }));
    const story = await history.imported();
    expectTrees(history, story, ['v0.9', 'v1.0']);
    expect(fileIn(story, 'v0.9', 'a.svg')).toMatchObject({ version: 1 });
    expect(fileIn(story, 'v1.0', 'only-here.svg')).not.toHaveProperty('asset');
    expect(fileIn(story, 'v1.0', 'a.svg')).toMatchObject({ version: 1 });
    expect(story.result.releases).toMatchObject({ files: 3, offRecord: 1 });
  });

  it('waits for bytes that reach main later, so that they are known as the version they become', async () => {
    const old = history.commit([{ path: 'a.svg', content: icon(1) }]);
    const fixed = [
      { path: 'a.svg', content: icon(9) },
      { path: 'new.svg', content: 'a drawing that the release had first\n' },
    ];
    history.tag('v1.0', history.commit(fixed, { branch: 'release', from: old }));
    history.tag('v2.0', history.commit([{ path: 'a.svg', content: icon(2) }]));
    history.commit([{ path: 'b.svg', content: 'quite another drawing\n' }]);
    history.commit(fixed, { merge: history.tip('release')! });
    history.tag('v1.0.1', history.commit([{ path: 'a.svg', content: icon(10) }], { branch: 'release' }));
    const story = await history.imported();
    expectTrees(history, story, ['v1.0', 'v1.0.1', 'v2.0']);
    expect(fileIn(story, 'v1.0', 'a.svg')).toMatchObject({ asset: story.asset('a.svg').slice(6), version: 3 });
    expect(fileIn(story, 'v1.0', 'new.svg')).toMatchObject({ asset: story.asset('new.svg').slice(6), version: 1 });
    expect(fileIn(story, 'v1.0.1', 'a.svg')).not.toHaveProperty('version');
    expect(story.result.releases).toMatchObject({ files: 5, offRecord: 1 });
    expect((await history.import()).events).toBe(0);
  });

  it('treats tags on commits beside main as successors of each other', async () => {
    for (const round of [1, 2, 3]) {
      const drawn = history.commit([{ path: 'a.svg', content: icon(round) }]);
      const bump = history.commit([{ path: 'package.json', content: `${round}` }], {
        branch: `b${round}`,
        from: drawn,
      });
      history.tag(`v1.${round}`, bump);
    }
    const story = await history.imported();
    expectTrees(history, story, ['v1.1', 'v1.2', 'v1.3']);
    const a = story.asset('a.svg');
    expect(placedIn(story)).toEqual([
      ['PlacementObserved', 'v1.1', a, 1],
      ['PlacementEndObserved', 'v1.1', a, 1],
      ['PlacementObserved', 'v1.2', a, 2],
      ['PlacementEndObserved', 'v1.2', a, 2],
      ['PlacementObserved', 'v1.3', a, 3],
    ]);
  });

  it('keeps two branches apart: a fix of an old release ends nothing that a newer one ships', async () => {
    const old = history.commit([{ path: 'a.svg', content: icon(1) }]);
    history.tag('v1.0', old);
    history.tag('v2.0', history.commit([{ path: 'a.svg', content: icon(2) }]));
    history.tag('v1.0.1', history.commit([{ path: 'a.svg', content: icon(9) }], { branch: '1.x', from: old }));
    history.tag('v2.1', history.commit([{ path: 'b.svg', content: 'another drawing, quite different\n' }]));
    const story = await history.imported();
    expectTrees(history, story, ['v1.0', 'v1.0.1', 'v2.0', 'v2.1']);
    const a = story.asset('a.svg');
    expect(placedIn(story).filter(([, , stream]) => stream === a)).toEqual([
      ['PlacementObserved', 'v1.0', a, 1],
      ['PlacementEndObserved', 'v1.0', a, 1],
      ['PlacementObserved', 'v2.0', a, 2],
      ['PlacementObserved', 'v1.0.1', a, undefined],
    ]);
  });

  it('shows paths as they were in the release, through renames, returns and swaps', async () => {
    const other = 'something else entirely, drawn by hand and never like the other\n'.repeat(9);
    history.tag(
      'v1.0',
      history.commit([
        { path: 'a.svg', content: icon(1) },
        { path: 'b.svg', content: other },
      ]),
    );
    const swap = [
      { rename: 'a.svg', to: 'c.svg' },
      { rename: 'b.svg', to: 'a.svg' },
      { rename: 'c.svg', to: 'b.svg' },
    ];
    history.tag('v1.1', history.commit(swap));
    history.tag('v1.2', history.commit([{ rename: 'a.svg', to: 'new/a.svg' }, { remove: 'b.svg' }]));
    history.tag('v1.3', history.commit([{ path: 'b.svg', content: icon(1) }]));
    const story = await history.imported();
    expectTrees(history, story, ['v1.0', 'v1.1', 'v1.2', 'v1.3']);
    expect(fileIn(story, 'v1.2', 'new/a.svg')?.asset).toBe(fileIn(story, 'v1.1', 'a.svg')?.asset);
  });

  it('leaves links and submodules of a release out and reports their number', async () => {
    const drawn = history.commit([
      { path: 'a.svg', content: icon(1) },
      { path: 'l.svg', link: 'a.svg' },
      { path: 'sub', gitlink: '1'.repeat(40) },
    ]);
    history.tag('v1.0', drawn);
    history.commit([{ remove: 'l.svg' }, { remove: 'sub' }]);
    const story = await history.imported();
    expectTrees(history, story, ['v1.0']);
    const listed = { releaseLinks: { count: 1, examples: ['v1.0: l.svg'] }, submodules: ['sub'] };
    expect(story.result.leftOut).toMatchObject(listed);
    expect((await history.import()).leftOut).toMatchObject(listed);
  });

  it('contains only paths that match the patterns', async () => {
    history.tag(
      'v1.0',
      history.commit([
        { path: 'in/a.svg', content: icon(1) },
        { path: 'b.svg', content: icon(2) },
      ]),
    );
    const story = await history.imported({ include: ['in/**'] });
    expect([...releasesIn(story.events)[0]!.files.keys()]).toEqual(['in/a.svg']);
    expect(story.result.reconciled).toBe(true);
  });

  it('names the content that a Git LFS pointer stands for', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'c'.repeat(64)}\nsize 52428800\n`;
    history.tag('v1.0', history.commit([{ path: 'hero.psd', content: pointer }]));
    const story = await history.imported();
    expect(fileIn(story, 'v1.0', 'hero.psd')).toMatchObject({ digest: 'c'.repeat(64), bytes: 52_428_800, version: 1 });
    expect(story.result.reconciled).toBe(true);
  });

  it('reports a release of many files in several events', async () => {
    const many = Array.from({ length: 1_203 }, (_, at) => ({ path: `i/${at}.svg`, content: icon(at % 10) }));
    history.tag('v1.0', history.commit(many));
    const story = await history.imported();
    expect(story.data('CampaignContentsObserved').length).toBeGreaterThan(1);
    expectTrees(history, story, ['v1.0']);
  });
});
