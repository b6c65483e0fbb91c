import { ADA, FIRST, History, icon } from './history';
import { expectTrees, placedIn } from './released';

const DAY = 86_400;

describe('tags that are late, moved or deleted', () => {
  let history: History;
  beforeEach(() => {
    history = new History();
  });
  afterEach(() => history.dispose());

  it('records a release that was tagged after its commit was imported', async () => {
    const first = history.commit([{ path: 'a.svg', content: icon(1) }]);
    history.commit([{ path: 'a.svg', content: icon(2) }]);
    await history.import();
    history.tag('v1.0.0', first);
    const story = await history.imported();
    expect(placedIn(story)).toEqual([['PlacementObserved', 'v1.0.0', story.asset('a.svg'), 1]]);
    expectTrees(history, story, ['v1.0.0']);
    expect((await history.import()).events).toBe(0);
  });

  it('records a late tag of an older release before a newer one that is already recorded', async () => {
    const first = history.commit([{ path: 'a.svg', content: icon(1) }]);
    history.tag('v2.0.0', history.commit([{ path: 'a.svg', content: icon(2) }]));
    await history.import();
    history.tag('v1.0.0', first);
    const story = await history.imported();
    const a = story.asset('a.svg');
    expect(placedIn(story)).toEqual([
      ['PlacementObserved', 'v2.0.0', a, 2],
      ['PlacementObserved', 'v1.0.0', a, 1],
      ['PlacementEndObserved', 'v1.0.0', a, 1],
    ]);
    expectTrees(history, story, ['v1.0.0', 'v2.0.0']);
    expect((await history.import()).events).toBe(0);
  });

  it('records a release that was tagged late after everything dated before it', async () => {
    const first = history.commit([{ path: 'a.svg', content: icon(1) }], { at: FIRST });
    history.commit(
      [
        { path: 'a.svg', content: icon(2) },
        { path: 'b.svg', content: icon('b') },
      ],
      { at: FIRST + DAY },
    );
    history.commit([{ remove: 'b.svg' }], { at: FIRST + 2 * DAY });
    history.commit([{ path: 'a.svg', content: icon(4) }], { at: FIRST + 3 * DAY });
    history.tag('v1.0', first, ADA, FIRST + 700 * DAY);
    const story = await history.imported();
    expectTrees(history, story, ['v1.0']);
    expect(story.life('a.svg')).toEqual([
      'AssetRegistered',
      'VersionAdded',
      'VersionAdded',
      'VersionAdded',
      'PlacementObserved',
    ]);
    const times = story.events.filter(({ stream }) => stream === story.asset('a.svg')).map((event) => event.metadata);
    expect(times.map(({ occurredAt }) => occurredAt)).toEqual(times.map(({ occurredAt }) => occurredAt).sort());
  });

  it('records a moved tag as a change of its release’s contents, and reports it', async () => {
    const first = history.commit([{ path: 'a.svg', content: icon(1) }]);
    const second = history.commit([{ path: 'a.svg', content: icon(2) }]);
    history.tag('v1.0', first);
    await history.import();
    history.tag('v1.0', second);
    const story = await history.imported();
    expectTrees(history, story, ['v1.0']);
    expect(story.result.releases.moved).toEqual([{ tag: 'v1.0', from: first, to: second }]);
    history.tag('v1.0', first);
    expectTrees(history, await history.imported(), ['v1.0']);
    expect(await history.import()).toMatchObject({ events: 0, reconciled: true, releases: { moved: [] } });
  });

  it('keeps the contents of a release whose tag is gone, and reports it', async () => {
    history.tag('v1.0', history.commit([{ path: 'a.svg', content: icon(1) }]));
    await history.import();
    history.git(['-C', history.path, 'update-ref', '-d', 'refs/tags/v1.0']);
    expect(await history.import()).toMatchObject({
      events: 0,
      reconciled: true,
      tags: 1,
      releases: { count: 0, gone: ['v1.0'] },
    });
  });
});
