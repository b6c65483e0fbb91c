import { addVersion, content, register, retire } from '../../test/domain/commands';
import { Story } from '../../test/projections/story';
import { actorsById } from './queries';

let story: Story;
beforeEach(async () => {
  story = await Story.open();
});
afterEach(() => story.close());

const kindOf = async (id: string) => {
  const [row] = await actorsById(await story.reader('actors'), [id]);
  return row === undefined ? 'unknown' : row.kind;
};

it('knows of everybody who acted, who was acted for, and who contributed to a version', async () => {
  const desk = { id: 'desk', kind: 'service', onBehalfOf: 'cat' } as const;
  await story.does(desk, register({ content: { ...content('sun'), contributors: ['ben'] } }));
  expect([await kindOf('desk'), await kindOf('cat'), await kindOf('ben'), await kindOf('dan')]).toEqual([
    'service',
    null,
    null,
    'unknown',
  ]);
  await story.does('ben', addVersion('moon'));
  expect(await kindOf('ben')).toBe('person');
});

it('takes the kind of the latest act for the kind of an actor who acted as several', async () => {
  await story.does({ id: 'ann', kind: 'person' }, register());
  await story.does({ id: 'ann', kind: 'agent' }, addVersion('moon'));
  expect(await kindOf('ann')).toBe('agent');
  await story.does({ id: 'ann', kind: 'person' }, addVersion('stars'));
  expect(await kindOf('ann')).toBe('person');
});

it('takes an actor for an import only while nothing but imports told of it', async () => {
  await story.does({ id: 'ann', kind: 'import' }, register({ content: content('sun') }));
  expect(await kindOf('ann')).toBe('import');
  await story.does({ id: 'ann', kind: 'person' }, addVersion('moon'));
  await story.does({ id: 'ann', kind: 'import' }, retire());
  expect(await kindOf('ann')).toBe('person');
});

it('remembers the first event that names an actor', async () => {
  const [first] = await story.does('ann', register());
  await story.does('ann', addVersion('moon'));
  const [row] = await actorsById(await story.reader('actors'), ['ann']);
  expect(row?.since).toBe(first?.position);
});
