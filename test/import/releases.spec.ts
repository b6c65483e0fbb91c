import { BEN, History, icon } from './history';

describe('releases', () => {
  let history: History;
  beforeEach(() => {
    history = new History();
  });
  afterEach(() => history.dispose());

  const placed = (story: Awaited<ReturnType<History['imported']>>) => {
    const names = new Map(
      story.of('CampaignPlanned').map(({ stream, data }) => [stream.slice(9), (data as { name: string }).name]),
    );
    return story.events
      .filter(({ type }) => type.startsWith('Placement'))
      .map(({ type, stream, data }) => {
        const { campaign, version } = data as { campaign: string; version: number };
        return [type, names.get(campaign), stream, version];
      });
  };

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
    expect(placed(story)).toEqual([
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
      evidence: { kind: 'tag', tag: 'v1.0.0', commit: first },
      wouldRefuse: ['NOT_APPROVED'],
    });
    expect(story.result).toMatchObject({ tags: 3, reconciled: true });
  });

  it('counts a release of a side branch from where the branch left the line', async () => {
    const first = history.commit([{ path: 'a.svg', content: icon(1) }]);
    history.commit([{ path: 'a.svg', content: icon(2) }]);
    const fix = history.commit([{ path: 'code.c', content: 'fix' }], { branch: '1.x', from: first });
    history.tag('v1.0.1', fix);
    const story = await history.imported();
    expect(placed(story)).toEqual([['PlacementObserved', 'v1.0.1', story.asset('a.svg'), 1]]);
  });

  it('leaves out tags that name no release', async () => {
    const first = history.commit([{ path: 'a.svg', content: icon(1) }]);
    for (const name of ['nightly', 'before-cleanup', 'v3']) history.tag(name, first);
    const story = await history.imported();
    expect(story.result).toMatchObject({
      tags: 1,
      leftOut: { tags: { count: 2, examples: ['before-cleanup', 'nightly'] } },
    });
  });

  it('takes up a release that was tagged after its commit was imported', async () => {
    const first = history.commit([{ path: 'a.svg', content: icon(1) }]);
    history.commit([{ path: 'a.svg', content: icon(2) }]);
    await history.import();
    history.tag('v1.0.0', first);
    const story = await history.imported();
    expect(placed(story)).toEqual([['PlacementObserved', 'v1.0.0', story.asset('a.svg'), 1]]);
    expect((await history.import()).events).toBe(0);
  });

  it('names a release tagged behind a later one, and places nothing for it', async () => {
    const first = history.commit([{ path: 'a.svg', content: icon(1) }]);
    const second = history.commit([{ path: 'a.svg', content: icon(2) }]);
    history.tag('v2.0.0', second);
    await history.import();
    history.tag('v1.0.0', first);
    const story = await history.imported();
    expect(placed(story)).toHaveLength(1);
    expect(story.result).toMatchObject({ tags: 2, leftOut: { lateReleases: ['v1.0.0'] } });
  });
});
