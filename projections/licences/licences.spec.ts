import { POSTER, register } from '../../test/domain/commands';
import { amendLicence, attachLicence, endLicence, grantLicence, LICENCE } from '../../test/domain/rights';
import { Story } from '../../test/projections/story';
import { covered, licences, licencesById } from './queries';

let story: Story;
beforeEach(async () => {
  story = await Story.open();
  await story.does('lea', grantLicence({ until: '2026-12-01T00:00:00.000Z' }));
  await story.does('ann', register());
});
afterEach(() => story.close());

it('tells what a licence permits, until when, and what it permitted before', async () => {
  const [before] = await story.does('lea', amendLicence({ territories: ['DE'], until: '2026-10-01T00:00:00.000Z' }));
  await story.does('lea', endLicence('2026-06-01T00:00:00.000Z'));
  const reader = await story.reader('licences');
  const [now] = await licencesById(reader, [LICENCE]);
  expect(now).toMatchObject({ ends: '2026-06-01T00:00:00.000Z', endedEarly: true, revision: 2 });
  expect(now!.terms).toMatchObject({ territories: ['DE'] });
  const [then] = await licencesById(reader, [LICENCE], { position: before!.position });
  expect(then).toMatchObject({ ends: '2026-10-01T00:00:00.000Z', endedEarly: false });
});

it('lists the licences of an asset and the assets of a licence', async () => {
  await story.does('lea', attachLicence());
  const reader = await story.reader('licences');
  expect((await licences.page(reader, { filter: { assetId: POSTER }, first: 5 })).rows).toMatchObject([
    { licence: LICENCE, holder: 'Studio Nord' },
  ]);
  expect((await covered.page(reader, { filter: { licenceId: LICENCE }, first: 5 })).rows).toMatchObject([
    { asset: POSTER, by: 'lea' },
  ]);
  await story.does('lea', { type: 'DetachLicence', asset: POSTER, licence: LICENCE, reason: 'a mistake' });
  const later = await story.reader('licences');
  expect(await licences.count(later, { assetId: POSTER })).toBe(0);
  expect(await covered.count(later, { licenceId: LICENCE })).toBe(0);
});

it('finds the licences that end in a window', async () => {
  const reader = await story.reader('licences');
  const within = (from: string, to: string) => licences.count(reader, { ends: { from, to } });
  expect(await within('2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z')).toBe(0);
  expect(await within('2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z')).toBe(1);
});
