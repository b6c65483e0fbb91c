import { POSTER, register } from '../../test/domain/commands';
import { waive } from '../../test/domain/rights';
import { Story } from '../../test/projections/story';
import { waivers, waiversById } from './queries';

let story: Story;
beforeEach(async () => {
  story = await Story.open();
  await story.does('ann', register());
});
afterEach(() => story.close());

it('tells who answers for which exception, until when, and that it was taken back', async () => {
  const { data, position } = await story.event('RulesWaived', 'lea', waive(['rights.window', 'credit']));
  const { waiver } = data;
  const reader = await story.reader('waivers');
  expect(await waiversById(reader, [waiver])).toMatchObject([
    { by: 'lea', rules: ['rights.window', 'credit'], until: '2026-04-01T00:00:00.000Z', endedAt: null },
  ]);
  await story.does('lea', { type: 'EndWaiver', asset: POSTER, waiver, reason: 'the contract came' });
  const later = await story.reader('waivers');
  expect(await waiversById(later, [waiver])).toMatchObject([{ endedBy: 'lea', endReason: 'the contract came' }]);
  expect(await waiversById(later, [waiver], { position })).toMatchObject([{ endedBy: null }]);
});

it('finds them by asset, by rule, by their end, and those that stand', async () => {
  await story.does('lea', waive(['credit']));
  const reader = await story.reader('waivers');
  const count = (filter: object) => waivers.count(reader, filter);
  expect(await count({ assetId: POSTER, rulesAny: ['credit'], standing: true })).toBe(1);
  expect(await count({ rulesAny: ['another'] })).toBe(0);
  expect(await count({ until: { to: '2026-04-01T00:00:00.000Z' } })).toBe(0);
  expect(await count({ standing: false })).toBe(0);
});
