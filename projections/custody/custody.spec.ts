import { reportFixity, reportScan } from '../../test/domain/commands';
import { sha256 } from '../../test/domain/world';
import { Story } from '../../test/projections/story';
import { custodiesOf, faultyContents } from './queries';

let story: Story;
beforeEach(async () => {
  story = await Story.open();
});
afterEach(() => story.close());

it('has the last word of the scanner and of the check, and when the bytes were last good', async () => {
  await story.does('eve', reportScan('sun', { definitions: '27300' }));
  await story.does('eve', reportFixity('sun'));
  story.now = '2026-03-05T09:00:00.000Z';
  await story.does('eve', reportFixity('sun', { outcome: 'damaged', found: sha256('rain') }));
  const [sun, moon] = await custodiesOf(await story.reader('custody'), [sha256('sun'), sha256('moon')]);
  expect(sun).toMatchObject({
    verdict: 'clean',
    definitions: '27300',
    fixity: 'damaged',
    found: sha256('rain'),
    checkedAt: '2026-03-05T09:00:00.000Z',
    goodAt: '2026-03-02T09:00:00.000Z',
  });
  expect(moon).toBeUndefined();
});

it('lists what is missing or damaged, until it is good again', async () => {
  for (const text of ['sun', 'moon', 'stars']) await story.does('eve', reportFixity(text, { outcome: 'missing' }));
  await story.does('eve', reportFixity('moon'));
  const reader = await story.reader('custody');
  const faulty = await faultyContents(reader, 10);
  expect(faulty.map(({ digest }) => digest).sort()).toEqual([sha256('sun'), sha256('stars')].sort());
  expect(await faultyContents(reader, 1)).toHaveLength(1);
});
