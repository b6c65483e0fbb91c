import { defineWorkflow, LAUNCHING, nameSubstitute, revise } from '../../../test/domain/commands';
import { uuidOf, World } from '../../../test/domain/world';
import { reasonsOf } from '../refusal';
import { mostSpecific, RULEBOOK, type Scope } from '../scope';
import type { RulebookEntry } from './parts';

let world: World;
beforeEach(() => {
  world = new World();
  world.events('ann', defineWorkflow());
});

const entry = (scope: Scope, workflow = LAUNCHING): RulebookEntry => ({ scope, workflow });
const refusedAt = (entries: readonly RulebookEntry[]) => {
  const outcome = world.does('ann', revise({ entries }));
  return 'refusal' in outcome ? reasonsOf(outcome.refusal).map(({ code, path }) => `${code} ${path?.join('.')}`) : [];
};

it('is laid down whole each time, and numbered', () => {
  expect(world.first<'RulebookRevised'>('ann', revise()).number).toBe(1);
  expect(world.events('ann', revise())).toEqual([]);
  expect(world.first<'RulebookRevised'>('ann', revise({ groups: undefined })).number).toBe(2);
  expect(world.standing('rulebook', RULEBOOK)).toMatchObject({ number: 2, groups: [], entries: revise().entries });
});

it('lets the most specific entry win', () => {
  const entries = [entry({}), entry({ kind: 'image' }), entry({ kind: 'image', brand: 'Alma' }, uuidOf('x'))];
  expect(mostSpecific(entries, { kind: 'image', brand: 'Alma', market: 'PT' })).toBe(entries[2]);
  expect(mostSpecific(entries, { kind: 'image', brand: 'Sol' })).toBe(entries[1]);
  expect(mostSpecific(entries, { kind: 'video' })).toBe(entries[0]);
  expect(mostSpecific(entries.slice(1), { kind: 'video' })).toBeUndefined();
});

it('refuses the second of two entries that are equally specific and can hold one asset both', () => {
  expect(refusedAt([entry({ kind: 'image' }), entry({ brand: 'Alma' })])).toEqual(['INVALID_INPUT entries.1.scope']);
  expect(refusedAt([entry({ kind: 'image', brand: 'Alma' }), entry({ brand: 'Alma', market: 'PT' })])).toEqual([
    'INVALID_INPUT entries.1.scope',
  ]);
  expect(refusedAt([entry({ brand: 'Alma' }), entry({}), entry({ brand: 'Alma' })])).toEqual([
    'INVALID_INPUT entries.2.scope',
  ]);
});

it('takes entries that are equally specific and never meet', () => {
  expect(refusedAt([entry({ brand: 'Alma', kind: 'image' }), entry({ brand: 'Sol', market: 'PT' })])).toEqual([]);
});

it('refuses an entry that says nothing, and one that names a version of no workflow', () => {
  expect(refusedAt([{ scope: {} }])).toEqual(['INVALID_INPUT entries.0']);
  expect(refusedAt([{ scope: {}, workflowVersion: 1 }])).toEqual(['INVALID_INPUT entries.0.workflowVersion']);
});

it('refuses a workflow that does not exist, or not in this version', () => {
  expect(refusedAt([entry({}, uuidOf('nowhere')), { ...entry({ kind: 'image' }), workflowVersion: 2 }])).toEqual([
    'WORKFLOW_NOT_FOUND entries.0.workflow',
    'WORKFLOW_NOT_FOUND entries.1.workflowVersion',
  ]);
});

it('is the only one', () => {
  expect(world.refusal('ann', revise({ rulebook: uuidOf('another') }))).toBe('INVALID_INPUT');
});

it('belongs to its editors once it names some, in person', () => {
  world.events('ann', revise({ editors: ['ben'] }));
  expect(world.refusal('ann', revise({ entries: [] }))).toBe('RULEBOOK_NOT_YOURS');
  expect(world.refusal({ id: 'cat', kind: 'person', onBehalfOf: 'ben' }, revise({ entries: [] }))).toBe(
    'RULEBOOK_NOT_YOURS',
  );
  expect(world.refusal('Ben ', revise({ entries: [] }))).toBe('accepted');
});

describe('substitutes', () => {
  it('are named by the person themself, once however often they are told', () => {
    expect(world.first<'SubstituteNamed'>('ben', nameSubstitute('cat'))).toMatchObject({
      person: 'ben',
      substitute: 'cat',
    });
    expect(world.events('ben', nameSubstitute('cat'))).toEqual([]);
  });

  it('are named for others only by the editors of the rulebook', () => {
    world.events('ann', revise());
    expect(world.refusal('ann', nameSubstitute('cat', { person: 'ben' }))).toBe('RULEBOOK_NOT_YOURS');
    world.events('ann', revise({ editors: ['ann'] }));
    expect(world.refusal('ann', nameSubstitute('cat', { person: 'ben' }))).toBe('accepted');
    const desk = { id: 'desk', kind: 'service', onBehalfOf: 'dan' } as const;
    expect(world.refusal(desk, nameSubstitute('cat', { person: 'dan' }))).toBe('RULEBOOK_NOT_YOURS');
  });

  it('never stand in for themselves, or for each other at one time', () => {
    expect(world.refusal('ben', nameSubstitute('BEN'))).toBe('SUBSTITUTE_CIRCULAR');
    world.events('ben', nameSubstitute('cat'));
    expect(world.refusal('cat', nameSubstitute('ben'))).toBe('SUBSTITUTE_CIRCULAR');
    const later = { from: '2026-03-08T00:00:00.000Z', until: '2026-03-09T00:00:00.000Z' };
    expect(world.refusal('cat', nameSubstitute('ben', later))).toBe('accepted');
  });

  it('are one at a time', () => {
    world.events('ben', nameSubstitute('cat'));
    expect(world.refusal('ben', nameSubstitute('dan', { from: '2026-03-07T00:00:00.000Z' }))).toBe(
      'SUBSTITUTE_OVERLAPS',
    );
  });

  it('need a time that begins before it ends', () => {
    expect(world.does('ben', nameSubstitute('cat', { until: '2026-03-01T00:00:00.000Z' }))).toMatchObject({
      refusal: { code: 'INVALID_INPUT', path: ['until'] },
    });
  });

  it('cannot be named for a time that is over', () => {
    world.now = '2026-03-08T00:00:00.000Z';
    expect(world.does('ben', nameSubstitute('cat'))).toMatchObject({
      refusal: { code: 'INVALID_INPUT', path: ['until'] },
    });
  });

  it('end before their time if the person or an editor says so', () => {
    const { substitution } = world.first<'SubstituteNamed'>('ben', nameSubstitute('cat'));
    const end = { type: 'EndSubstitution', rulebook: RULEBOOK, substitution } as const;
    expect(world.refusal('dan', end)).toBe('RULEBOOK_NOT_YOURS');
    expect(world.types('ben', end)).toEqual(['SubstitutionEnded']);
    expect(world.standing('rulebook', RULEBOOK)?.substitutions).toEqual([]);
    expect(world.refusal('ben', end)).toBe('SUBSTITUTION_NOT_FOUND');
  });
});
