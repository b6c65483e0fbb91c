import { end, launch, plan, SUMMER } from '../../../test/domain/commands';
import { World } from '../../../test/domain/world';

let world: World;
beforeEach(() => {
  world = new World();
});

it('plans, launches and ends a campaign', () => {
  const fields = { brand: 'Alma', markets: ['PT', 'ES'], startsOn: '2026-06-01', endsOn: '2026-08-31' };
  expect(world.events('ann', plan(fields))).toEqual([{ type: 'CampaignPlanned', data: { name: 'Summer', ...fields } }]);
  expect(world.types('ann', launch())).toEqual(['CampaignLaunched']);
  expect(world.standing('campaign', SUMMER)).toMatchObject({ status: 'launched' });
  expect(world.types('ann', end())).toEqual(['CampaignEnded']);
});

it('refuses each step taken twice', () => {
  world.events('ann', plan());
  expect(world.refusal('ann', plan())).toBe('CAMPAIGN_EXISTS');
  world.events('ann', launch());
  expect(world.refusal('ann', launch())).toBe('CAMPAIGN_ALREADY_OPEN');
  world.events('ann', end());
  expect(world.refusal('ann', end())).toBe('CAMPAIGN_ENDED');
});

it('never opens again what has ended', () => {
  world.events('ann', plan());
  world.events('ann', launch());
  world.events('ann', end());
  expect(world.refusal('ann', launch())).toBe('CAMPAIGN_ENDED');
});

it('lets a campaign be called off before its launch', () => {
  world.events('ann', plan());
  expect(world.types('ann', end())).toEqual(['CampaignEnded']);
  expect(world.refusal('ann', launch())).toBe('CAMPAIGN_ENDED');
});

describe('a campaign whose last day is over', () => {
  const launched = (endsOn: string | undefined, at: string, afterLastDay?: boolean) => {
    world.events('ann', plan({ endsOn }));
    world.now = at;
    return world.does('ann', launch(SUMMER, afterLastDay === undefined ? {} : { afterLastDay }));
  };

  it.each([
    ['on its last day, to the last millisecond', '2026-03-02', '2026-03-02T23:59:59.999Z'],
    ['long before', '2026-12-31', '2026-03-02T09:00:00.000Z'],
    ['which names no last day', undefined, '2026-03-02T09:00:00.000Z'],
  ])('is none %s: it is launched', (_when, endsOn, at) => {
    expect(launched(endsOn, at)).toEqual({ events: [{ type: 'CampaignLaunched', data: { note: undefined } }] });
  });

  it.each([
    ['from the next midnight on', '2026-03-02', '2026-03-03T00:00:00.000Z', undefined],
    ['years later', '2024-02-29', '2026-03-02T09:00:00.000Z', undefined],
    ['where the command says no to it', '2026-03-01', '2026-03-02T09:00:00.000Z', false],
  ])('is not launched %s', (_when, endsOn, at, said) => {
    expect(launched(endsOn, at, said)).toMatchObject({ refusal: { code: 'CAMPAIGN_OVER', path: ['afterLastDay'] } });
  });

  it('is launched where the command says that this is meant, and the event says so', () => {
    expect(launched('2026-03-01', '2026-03-02T09:00:00.000Z', true)).toMatchObject({
      events: [{ type: 'CampaignLaunched', data: { afterLastDay: true } }],
    });
  });

  it('says nothing of it in the event of a campaign that was launched in time', () => {
    expect(launched('2026-03-02', '2026-03-02T09:00:00.000Z', true)).toEqual({
      events: [{ type: 'CampaignLaunched', data: { note: undefined } }],
    });
  });
});

it('refuses a campaign that was never planned', () => {
  expect(world.refusal('ann', launch())).toBe('CAMPAIGN_NOT_FOUND');
  expect(world.refusal('ann', end())).toBe('CAMPAIGN_NOT_FOUND');
});

it.each([
  ['a day that is not in the calendar', { startsOn: '2026-02-29' }, ['startsOn']],
  ['an end before the start', { startsOn: '2026-06-01', endsOn: '2026-05-31' }, ['endsOn']],
  ['a market named twice', { markets: ['PT', 'PT'] }, ['markets', '1']],
  ['a blank name', { name: ' ' }, ['name']],
])('refuses %s', (_what, fields, path) => {
  expect(world.does('ann', plan(fields))).toMatchObject({ refusal: { code: 'INVALID_INPUT', path } });
});
