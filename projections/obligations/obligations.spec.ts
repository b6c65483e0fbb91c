import { observePlacement, POSTER, register } from '../../test/domain/commands';
import { amendLicence, closeRecall, endLicence, grantLicence, openRecall, waive } from '../../test/domain/rights';
import { Story } from '../../test/projections/story';
import { obligations } from './queries';

let story: Story;
beforeEach(async () => {
  story = await Story.open();
  await story.does('ann', register());
});
afterEach(() => story.close());

const due = async (filter: object = {}, at?: { readonly position: string }) => {
  const { rows } = await obligations.page(await story.reader('obligations'), { filter, first: 20 }, at);
  return rows.map(({ kind, due: when }) => [kind, when.slice(0, 10)]);
};

it('tells when rights and embargoes end, as the terms are now', async () => {
  const until = '2026-12-01T00:00:00.000Z';
  const [granted] = await story.does('lea', grantLicence({ until, embargoUntil: '2026-05-01T00:00:00.000Z' }));
  const all = [
    ['embargoEnd', '2026-05-01'],
    ['rightsEnd', '2026-12-01'],
  ];
  expect(await due()).toEqual(all);
  await story.does('lea', amendLicence({ until }));
  await story.does('lea', endLicence('2026-08-01T00:00:00.000Z'));
  expect(await due()).toEqual([['rightsEnd', '2026-08-01']]);
  expect(await due({}, { position: granted!.position })).toEqual(all);
});

it('tells when exceptions, placements and recalls are due, and forgets what is done', async () => {
  await story.does('lea', openRecall());
  const runsUntil = '2026-03-20T00:00:00.000Z';
  const { data } = await story.event('PlacementObserved', 'bot', observePlacement({ runsUntil }));
  const { waiver } = (await story.event('RulesWaived', 'lea', waive(['credit']))).data;
  expect(await due({ assetId: POSTER })).toEqual([
    ['recallDue', '2026-03-09'],
    ['placementEnd', '2026-03-20'],
    ['waiverEnd', '2026-04-01'],
  ]);
  expect(await due({ kindIn: ['recallDue'], due: { to: '2026-03-09T09:00:00.001Z' } })).toHaveLength(1);
  await story.does('lea', closeRecall());
  await story.does('bot', { type: 'ObservePlacementEnd', asset: POSTER, placement: data.placement });
  await story.does('lea', { type: 'EndWaiver', asset: POSTER, waiver });
  expect(await due()).toEqual([]);
});
