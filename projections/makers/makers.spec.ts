import { addVersion, content, POSTER, register } from '../../test/domain/commands';
import { uuidOf } from '../../test/domain/world';
import { Story } from '../../test/projections/story';
import { isMaker } from './queries';
import { maker } from './tables';

const BANNER = uuidOf('banner');
let story: Story;
beforeEach(async () => {
  story = await Story.open();
});
afterEach(() => story.close());

it('has everybody who made bytes, by canonical id, once, with where the log says so first', async () => {
  await story.does('Ann', register({ content: { ...content('sun'), contributors: ['BEN', 'ann'] } }));
  const desk = { id: 'desk', kind: 'service', onBehalfOf: 'cat' } as const;
  await story.does(desk, register({ asset: BANNER, content: content('sun') }));
  await story.does('ben', addVersion('moon', { asset: POSTER }));
  await story.does('ben', addVersion('sun', { asset: POSTER }));
  const reader = await story.reader('makers');
  const rows = await reader.select(maker, { limit: 100, where: { digest: { eq: content('sun').digest } } });
  const seen = rows.map((row) => [row.maker, Number(row.position)]).sort();
  expect(seen).toEqual([
    ['ann', 2],
    ['ben', 2],
    ['cat', 4],
    ['desk', 4],
  ]);
});

it('answers for any of several ids, and only of these bytes', async () => {
  await story.does('ann', register({ content: content('sun') }));
  await story.does('ben', addVersion('moon'));
  const reader = await story.reader('makers');
  const ask = (bytes: string, ...ids: string[]) => isMaker(reader, content(bytes).digest, ids);
  expect(await ask('sun', 'ann')).toBe(true);
  expect(await ask('sun', 'nobody', 'ann')).toBe(true);
  expect(await ask('sun', 'ben')).toBe(false);
  expect(await ask('moon', 'ben')).toBe(true);
  expect(await ask('stars', 'ann', 'ben')).toBe(false);
});
