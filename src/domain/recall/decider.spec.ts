import { endPlacement, evidence, observePlacement, POSTER, register } from '../../../test/domain/commands';
import { addComponent, answerRecall, closeRecall, joinRecall, openRecall, RECALL } from '../../../test/domain/rights';
import { uuidOf, World } from '../../../test/domain/world';

const [COLLAGE, CHILD, OTHER] = ['collage', 'child', 'other'].map(uuidOf) as [string, string, string];
const ofPoster = { asset: POSTER, version: 1 };

let world: World;
beforeEach(() => {
  world = new World();
  world.events('ann', register());
  world.events('ann', register({ asset: CHILD, derivedFrom: [ofPoster] }));
  world.events('ann', register({ asset: COLLAGE }));
  world.events('ann', register({ asset: OTHER }));
  world.events('ann', addComponent({ asset: CHILD, version: 1 }, COLLAGE));
});

const run = (asset: string, market: string) =>
  world.first<'PlacementObserved'>('bot', observePlacement({ asset, market })).placement;

it('is about everything that runs of the asset, of what was made from it and of what holds it', () => {
  const [poster, child, collage] = [run(POSTER, 'DE'), run(CHILD, 'PT'), run(COLLAGE, 'FR')];
  run(OTHER, 'DE');
  const { placements } = world.first<'RecallOpened'>('lea', openRecall());
  expect(placements.map(({ placement }) => placement).sort()).toEqual([poster, child, collage].sort());
  expect(placements).toContainEqual(expect.objectContaining({ asset: COLLAGE, channel: 'release', market: 'FR' }));
});

it('is not about what is over already', () => {
  world.events('bot', { type: 'ObservePlacementEnd', asset: POSTER, placement: run(POSTER, 'DE') });
  expect(world.first<'RecallOpened'>('lea', openRecall()).placements).toEqual([]);
});

it('is closed only when each placement is taken down or refused with a reason', () => {
  const [poster, child] = [run(POSTER, 'DE'), run(CHILD, 'PT')];
  world.events('lea', openRecall());
  expect(world.does('lea', closeRecall())).toMatchObject({
    refusal: { code: 'RECALL_UNRESOLVED', message: expect.stringContaining('Of 2 placements, 2') },
  });
  world.events('ann', answerRecall(poster, { answer: 'acknowledged' }));
  expect(world.refusal('lea', closeRecall())).toBe('RECALL_UNRESOLVED');
  expect(world.does('ann', answerRecall(child, { answer: 'refused' }))).toMatchObject({
    refusal: { code: 'INVALID_INPUT', path: ['reason'] },
  });
  world.events('ann', answerRecall(child, { answer: 'refused', reason: 'It is printed.' }));
  expect(world.refusal('lea', closeRecall())).toBe('RECALL_UNRESOLVED');
  world.events('ann', answerRecall(poster));
  expect(world.types('lea', closeRecall())).toEqual(['RecallClosed']);
  expect(world.standing('recall', RECALL)).toEqual({ asset: POSTER, open: false });
  expect(world.refusal('ann', answerRecall(poster))).toBe('RECALL_CLOSED');
});

it('keeps the proof that something is gone, and hears nothing else of it afterwards', () => {
  const poster = run(POSTER, 'DE');
  world.events('lea', openRecall());
  world.events('ann', answerRecall(poster));
  expect(world.events('ann', answerRecall(poster))).toEqual([]);
  expect(world.events('ann', answerRecall(poster, { answer: 'acknowledged' }))).toEqual([]);
  expect(world.first<'RecallAnswered'>('ann', answerRecall(poster, { evidence })).evidence).toEqual(evidence);
  expect(world.events('ann', answerRecall(poster, { evidence }))).toEqual([]);
});

describe('a placement that comes later', () => {
  it('joins, and holds the recall open', () => {
    world.events('lea', openRecall());
    const collage = run(COLLAGE, 'FR');
    expect(world.events('bot', joinRecall(collage, COLLAGE))).toMatchObject([
      { type: 'RecallJoined', data: { asset: COLLAGE, market: 'FR' } },
    ]);
    expect(world.events('bot', joinRecall(collage, COLLAGE))).toEqual([]);
    expect(world.refusal('lea', closeRecall())).toBe('RECALL_UNRESOLVED');
  });

  it('does not where it is of something else, or does not run', () => {
    world.events('lea', openRecall());
    expect(world.refusal('bot', joinRecall(run(OTHER, 'DE'), OTHER))).toBe('RECALL_UNRELATED');
    const over = run(POSTER, 'DE');
    world.events('bot', { type: 'ObservePlacementEnd', asset: POSTER, placement: over });
    expect(world.refusal('bot', joinRecall(over))).toBe('PLACEMENT_NOT_FOUND');
    expect(world.refusal('ann', endPlacement(over))).toBe('PLACEMENT_ENDED');
  });
});

it('names its end, which lies ahead, and an asset that exists', () => {
  world.now = '2026-03-10T00:00:00.000Z';
  expect(world.does('lea', openRecall())).toMatchObject({ refusal: { code: 'INVALID_INPUT', path: ['dueBy'] } });
  expect(world.refusal('lea', openRecall(uuidOf('nothing')))).toBe('ASSET_NOT_FOUND');
});
