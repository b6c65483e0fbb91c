import { defineWorkflow, LAUNCHING, revise, threeStages } from '../../../test/domain/commands';
import { World } from '../../../test/domain/world';
import { reasonsOf } from '../refusal';
import type { StageDeadline, WorkflowDefinition, WorkflowPath } from './parts';

let world: World;
beforeEach(() => {
  world = new World();
});

it('numbers the versions of a workflow and keeps each of them', () => {
  expect(world.first<'WorkflowDefined'>('ann', defineWorkflow()).version).toBe(1);
  const renamed = { ...threeStages, name: 'Brand and legal' };
  expect(world.first<'WorkflowDefined'>('ann', defineWorkflow(renamed)).version).toBe(2);
  const versions = world.standing('workflow', LAUNCHING)?.versions ?? [];
  expect(versions.map(({ definition }) => definition.name)).toEqual([threeStages.name, renamed.name]);
  expect(versions[0]?.hash).not.toBe(versions[1]?.hash);
});

it('takes the same definition for the same, in whatever order it was written', () => {
  world.events('ann', defineWorkflow());
  const { name, ...rest } = threeStages;
  expect(world.events('ann', defineWorkflow({ ...rest, name }))).toEqual([]);
});

it('lets only the editors of the rulebook define workflows, once it names some', () => {
  world.events('ann', defineWorkflow());
  world.events('ann', revise({ editors: ['Ann'] }));
  const again = defineWorkflow({ ...threeStages, name: 'Other' });
  expect(world.refusal('ben', again)).toBe('RULEBOOK_NOT_YOURS');
  expect(world.refusal({ id: 'desk', kind: 'service', onBehalfOf: 'ann' }, again)).toBe('RULEBOOK_NOT_YOURS');
  expect(world.refusal('ann', again)).toBe('accepted');
});

const people = (...names: string[]) => ({ people: names });
const path = (fields: Partial<WorkflowPath> = {}): WorkflowPath => ({
  id: 'p',
  candidates: people('ben'),
  quorum: 1,
  ...fields,
});
const stage = (paths: readonly WorkflowPath[], deadline?: StageDeadline): WorkflowDefinition => ({
  name: 'W',
  stages: [{ id: 's', paths, deadline }],
});

it.each<[string, string, WorkflowDefinition]>([
  ['without stages', 'stages', { name: 'W', stages: [] }],
  ['without paths in a stage', 'stages.0.paths', stage([])],
  [
    'two stages of one id',
    'stages.1.id',
    { name: 'W', stages: [...stage([path()]).stages, ...stage([path()]).stages] },
  ],
  ['two paths of one id', 'stages.0.paths.1.id', stage([path(), path()])],
  ['a stage that waits for nobody', 'stages.0.paths', stage([path({ optional: true })])],
  ['a path without candidates', 'stages.0.paths.0.candidates', stage([path({ candidates: {} })])],
  ['more people than candidates', 'stages.0.paths.0.quorum', stage([path({ quorum: 2 })])],
  [
    'more people than candidates, one of whom is named twice',
    'stages.0.paths.0.quorum',
    stage([path({ candidates: people('ben', 'Ben'), quorum: 2 })]),
  ],
  ['a deadline without a length', 'stages.0.deadline.hours', stage([path()], { onSilence: 'remind' })],
  [
    'a deadline of two lengths',
    'stages.0.deadline.hours',
    { ...stage([path()], { hours: 1, workingDays: 1, onSilence: 'remind' }), calendar: threeStages.calendar },
  ],
  [
    'working days without a calendar',
    'stages.0.deadline.workingDays',
    stage([path()], { workingDays: 1, onSilence: 'remind' }),
  ],
  [
    'working hours without a calendar',
    'stages.0.deadline.workingHours',
    stage([path()], { workingHours: 1, onSilence: 'remind' }),
  ],
  [
    'an escalation to nobody',
    'stages.0.deadline.escalateTo',
    stage([path()], { hours: 1, onSilence: 'escalate', escalateTo: {} }),
  ],
  [
    'an escalation that names nobody',
    'stages.0.deadline.escalateTo',
    stage([path()], { hours: 1, onSilence: 'escalate' }),
  ],
  [
    'people for an escalation that never comes',
    'stages.0.deadline.escalateTo',
    stage([path()], { hours: 1, onSilence: 'lapse', escalateTo: people('ben') }),
  ],
  [
    'work that ends before it begins',
    'calendar.to',
    { ...threeStages, calendar: { ...threeStages.calendar!, from: '17:00', to: '09:00' } },
  ],
  ['no day of work', 'calendar.weekdays', { ...threeStages, calendar: { ...threeStages.calendar!, weekdays: [] } }],
  [
    'a time zone that does not exist',
    'calendar.timeZone',
    { ...threeStages, calendar: { ...threeStages.calendar!, timeZone: 'Europe/Atlantis' } },
  ],
  ['a crop of any size', 'carryOver.0.atMost', { ...threeStages, carryOver: [{ id: 'crop', kind: 'crop' }] }],
  [
    'a crop of everything',
    'carryOver.0.atMost',
    { ...threeStages, carryOver: [{ id: 'crop', kind: 'crop', atMost: 100 }] },
  ],
  [
    'a size where nothing is measured',
    'carryOver.0.atMost',
    { ...threeStages, carryOver: [{ id: 'same', kind: 'notMaterial', atMost: 5 }] },
  ],
  [
    'two rules of one id',
    'carryOver.1.id',
    {
      ...threeStages,
      carryOver: [
        { id: 'same', kind: 'notMaterial' },
        { id: 'same', kind: 'notMaterial' },
      ],
    },
  ],
])('refuses a workflow %s, and names the place', (_what, place, definition) => {
  const outcome = world.does('ann', defineWorkflow(definition));
  const reasons = 'refusal' in outcome ? reasonsOf(outcome.refusal) : [];
  expect(reasons.map(({ code, path: at }) => [code, at?.join('.')])).toEqual([
    ['INVALID_INPUT', `definition.${place}`],
  ]);
});
