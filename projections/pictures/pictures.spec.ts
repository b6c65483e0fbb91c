import { reportFacts, reportRendition, reportRenditionFailure } from '../../test/domain/commands';
import { sha256 } from '../../test/domain/world';
import { Story } from '../../test/projections/story';
import { factsOf, renditionsOf } from './queries';

let story: Story;
beforeEach(async () => {
  story = await Story.open();
});
afterEach(() => story.close());

it('has what the last analyser read', async () => {
  await story.does('eve', reportFacts('sun', { creator: 'Ana' }));
  await story.does('eve', reportFacts('sun', { analyserVersion: '2', creator: 'Ana Rossi', pages: 3 }));
  const [sun, moon] = await factsOf(await story.reader('pictures'), [sha256('sun'), sha256('moon')]);
  expect(sun).toMatchObject({ analyserVersion: '2', said: { creator: 'Ana Rossi', pages: 3, c2pa: false } });
  expect(moon).toBeUndefined();
});

it('has the last report about each rendition', async () => {
  await story.does('eve', reportRendition('sun'));
  await story.does('eve', reportRenditionFailure('sun', { profile: 'print' }));
  const read = async () => renditionsOf(await story.reader('pictures'), sha256('sun'), ['email', 'print', 'web']);
  const [email, print, web] = await read();
  expect(email).toMatchObject({ rendition: sha256('sun for email'), bytes: 48_000, width: 600, failure: null });
  expect([print, web]).toMatchObject([{ rendition: null, failure: 'tooManyBytes' }, undefined]);
  await story.does('eve', reportRendition('sun', { profile: 'print', profileVersion: 2 }));
  expect((await read())[1]).toMatchObject({ profileVersion: 2, failure: null });
});
