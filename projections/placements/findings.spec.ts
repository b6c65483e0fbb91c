import {
  addVersion,
  decide,
  endPlacement,
  launch,
  observePlacement,
  POSTER,
  place,
  plan,
  register,
  requestReview,
} from '../../test/domain/commands';
import { amendLicence, attachLicence, examine, grantLicence, waive } from '../../test/domain/rights';
import { Story } from '../../test/projections/story';
import { findings } from './queries';

let story: Story;
beforeEach(async () => {
  story = await Story.open();
  for (const command of [register(), requestReview(), plan(), launch()]) await story.does('ann', command);
  await story.does('ben', decide());
  await story.does('lea', grantLicence());
  await story.does('lea', attachLicence());
});
afterEach(() => story.close());

const all = async (filter: object = {}, at?: { readonly position: string }) => {
  const { rows } = await findings.page(await story.reader('placements'), { filter, first: 10 }, at);
  return rows.map(({ finding, found, findingNote }) => [finding, found, findingNote]);
};
const started = async (fields: object = {}) =>
  (await story.event('PlacementStarted', 'ann', place({ market: 'DE', ...fields }))).data.placement;

it('has none of what the gate has nothing against', async () => {
  await started();
  expect(await all()).toEqual([]);
});

it('opens with a report that a gate would have refused, and closes when it is gone', async () => {
  const { data, position } = await story.event('PlacementObserved', 'bot', observePlacement({ channel: 'telegraph' }));
  expect(await all({ statusIn: ['open'], code: 'RIGHTS_CHANNEL' })).toEqual([['open', ['RIGHTS_CHANNEL'], null]]);
  await story.does('bot', { type: 'ObservePlacementEnd', asset: POSTER, placement: data.placement });
  expect(await all()).toEqual([['closed', ['RIGHTS_CHANNEL'], null]]);
  expect(await all({}, { position })).toEqual([['open', ['RIGHTS_CHANNEL'], null]]);
});

it('opens with what runs by an approval that lapses, and not with what is over', async () => {
  await story.does('ann', endPlacement(await started({ market: 'FR' })));
  await started();
  await story.does('ann', addVersion('second draft'));
  expect(await all()).toEqual([['open', ['NOT_APPROVED'], null]]);
});

it('follows what the gate says when it is asked again, and what somebody says of it', async () => {
  const placement = await started();
  await story.does('lea', amendLicence({ territories: ['PT'] }));
  await story.does('bot', examine(placement));
  expect(await all()).toEqual([['open', ['RIGHTS_TERRITORY'], null]]);
  await story.does('lea', { type: 'AcknowledgeFinding', asset: POSTER, placement, note: 'We renegotiate.' });
  expect(await all()).toEqual([['acknowledged', ['RIGHTS_TERRITORY'], 'We renegotiate.']]);
  await story.does('lea', amendLicence({ territories: ['PT', 'DE'] }));
  await story.does('bot', examine(placement));
  expect(await all({ statusIn: ['closed'] })).toHaveLength(1);
});

it('shows what runs by an exception as waived', async () => {
  await story.does('lea', amendLicence({ territories: ['PT'] }));
  await story.does('lea', waive(['rights.territory']));
  await started();
  expect(await all()).toEqual([['waived', ['RIGHTS_TERRITORY'], null]]);
});
