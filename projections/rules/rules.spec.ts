import { RULEBOOK } from '../../src/domain/scope';
import { defineWorkflow, LAUNCHING, nameSubstitute, revise, threeStages } from '../../test/domain/commands';
import { Story } from '../../test/projections/story';
import { rulebooksById, theRulebook, workflows, workflowsById } from './queries';

let story: Story;
beforeEach(async () => {
  story = await Story.open();
});
afterEach(() => story.close());

const reader = () => story.reader('rules');

it('shows the newest version of a workflow, and each one as it stood', async () => {
  await story.does('ann', defineWorkflow());
  const { position } = (await story.log()).at(-1)!;
  story.now = '2026-03-03T09:00:00.000Z';
  await story.does('ben', defineWorkflow({ ...threeStages, name: 'Brand and legal' }));
  const [now] = await workflowsById(await reader(), [LAUNCHING]);
  expect(now).toMatchObject({
    version: 2,
    name: 'Brand and legal',
    definedBy: 'ben',
    definedAt: story.now,
    revision: 1,
  });
  expect(now?.definition).toMatchObject({ stages: [{ id: 'brand' }, { id: 'legal' }] });
  expect(await workflowsById(await reader(), [LAUNCHING], { position })).toMatchObject([
    { version: 1, name: threeStages.name },
  ]);
});

it('finds workflows by words of their names, in their order', async () => {
  const named = async (filter: object) =>
    (await workflows.page(await reader(), { filter, first: 10 })).rows.map(({ name }) => name);
  await story.does(
    'ann',
    defineWorkflow({ ...threeStages, name: 'Packaging' }, '00000000-0000-4000-8000-000000000001'),
  );
  await story.does('ann', defineWorkflow({ ...threeStages, name: 'Brand' }, '00000000-0000-4000-8000-000000000002'));
  expect(await named({})).toEqual(['Brand', 'Packaging']);
  expect(await named({ nameMatches: 'pack' })).toEqual(['Packaging']);
});

it('shows the rulebook as it was laid down last, with the substitutes that are named', async () => {
  expect(await theRulebook(await reader())).toBeUndefined();
  await story.does('ben', nameSubstitute('cat'));
  expect(await theRulebook(await reader())).toMatchObject({ number: 0, entries: [], revision: 0 });
  await story.does('ann', defineWorkflow());
  await story.does('ann', revise({ editors: ['ann'] }));
  const { entries, roles, groups } = revise();
  const now = await theRulebook(await reader());
  expect(now).toMatchObject({ rulebook: RULEBOOK, number: 1, entries, roles, groups, editors: ['ann'] });
  const [named] = now!.substitutions as readonly { readonly substitution: string }[];
  expect(named).toMatchObject({ person: 'ben', substitute: 'cat' });
  const { substitution } = named!;
  await story.does('ben', { type: 'EndSubstitution', rulebook: RULEBOOK, substitution });
  expect(await rulebooksById(await reader(), [RULEBOOK])).toMatchObject([{ number: 1, substitutions: [] }]);
});
