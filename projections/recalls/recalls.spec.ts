import { observePlacement, POSTER, register } from '../../test/domain/commands';
import { answerRecall, closeRecall, joinRecall, openRecall, RECALL } from '../../test/domain/rights';
import { Story } from '../../test/projections/story';
import { recallItems, recalls, recallsById } from './queries';

let story: Story;
beforeEach(async () => {
  story = await Story.open();
  await story.does('ann', register());
});
afterEach(() => story.close());

const seen = async (market: string) =>
  (await story.event('PlacementObserved', 'bot', observePlacement({ market }))).data.placement;

it('counts what is left of a recall, and tells how it stands with each placement', async () => {
  await story.does('lea', openRecall());
  const [german, french] = [await seen('DE'), await seen('FR')];
  await story.does('bot', joinRecall(german));
  const [joined] = await story.does('bot', joinRecall(french));
  await story.does('ann', answerRecall(german, { answer: 'acknowledged' }));
  await story.does('ann', answerRecall(german));
  await story.does('ann', answerRecall(french, { answer: 'refused', reason: 'It is printed.' }));
  await story.does('lea', closeRecall());
  const reader = await story.reader('recalls');
  expect(await recallsById(reader, [RECALL])).toMatchObject([{ status: 'closed', total: 2, unresolved: 0 }]);
  const at = { position: joined!.position };
  expect(await recallsById(reader, [RECALL], at)).toMatchObject([{ status: 'open', total: 2, unresolved: 2 }]);
  const items = async (filter: object) => (await recallItems.page(reader, { filter, first: 5 })).rows;
  expect(await items({ recallId: RECALL })).toMatchObject([
    { placement: german, answer: 'takenDown', joinedLater: true },
    { placement: french, answer: 'refused', reason: 'It is printed.' },
  ]);
  expect(await items({ recallId: RECALL, answerIn: ['refused'] })).toHaveLength(1);
  expect(await items({ recallId: RECALL, market: 'DE' })).toHaveLength(1);
});

it('finds recalls of an asset, about one of its placements, and by state', async () => {
  await story.does('lea', openRecall());
  const reader = await story.reader('recalls');
  expect(await recalls.count(reader, { assetId: POSTER, statusIn: ['open'] })).toBe(1);
  expect(await recalls.count(reader, { touchesAssetId: POSTER })).toBe(0);
  await story.does('bot', joinRecall(await seen('DE')));
  expect(await recalls.count(await story.reader('recalls'), { touchesAssetId: POSTER })).toBe(1);
});
