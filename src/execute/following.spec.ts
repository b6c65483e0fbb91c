import { decide, defineWorkflow, register, requestReview, revise } from '../../test/domain/commands';
import { uuidOf } from '../../test/domain/world';
import { everything, store } from '../../test/support/acting';
import type { Command } from '../domain/deciders';
import { deadlines, type Step } from '../policies/deadlines';
import { Unavailable } from '../store/store';
import { createExecute } from './execute';
import { type FollowingOptions, FollowingPolicies, type Watched, watched } from './following';

let now: string;
let faults: unknown[];
const clock = () => Date.parse(now);
let count = 0;

beforeEach(() => {
  now = '2026-03-02T09:00:00.000Z';
  faults = [];
});

const execute = () => createExecute({ store, clock, random: () => 0 });

async function does(actor: string, command: Command): Promise<void> {
  count += 1;
  const by = { actor: { id: actor, kind: 'person' as const }, workspace: 'default', tool: 'spec' };
  const answer = await execute()({ command, ...by, commandId: uuidOf(`following ${count}`) });
  if (!answer.ok) throw new Error(answer.refusal.message);
}

/** A review that is due on 4 March at 16:00, with a reminder a day before. */
async function asked(): Promise<{ readonly review: string; readonly asset: string }> {
  const asset = uuidOf(`asset of ${count}`);
  await does('ann', defineWorkflow());
  await does('ann', revise());
  await does('ann', register({ asset }));
  await does('ann', requestReview({ asset }));
  const event = (await everything()).findLast(({ type }) => type === 'ReviewRequested')!;
  return { review: (event.data as { review: string }).review, asset };
}

const steps = (review: string, asset: string, ...at: string[]): Step[] =>
  at.map((each) => ({ asset, review, round: 1, stage: 'brand', at: each }));

const following = (policies: readonly Watched[], more: Partial<FollowingOptions> = {}) =>
  new FollowingPolicies({
    policies,
    execute: execute(),
    clock,
    mayRun: () => true,
    onFault: (fault) => faults.push(fault),
    ...more,
  });

const kept = async (asset: string) =>
  (await everything()).filter(
    ({ stream, metadata }) => stream === `asset-${asset}` && metadata.actorId === 'palimpsest',
  );

const facts = (found: readonly Step[]) => async () => found.map((fact) => ({ fact, since: fact.at }));

it('lets follow what is due, once however often it looks, with an id from the cause', async () => {
  const { review, asset } = await asked();
  const due = steps(review, asset, '2026-03-03T16:00:00.000Z');
  const policies = following([watched(deadlines, facts(due))]);
  await policies.tick();
  expect(await kept(asset)).toEqual([]);
  now = '2026-03-03T16:00:30.000Z';
  await policies.tick();
  await policies.tick();
  await following([watched(deadlines, facts(due))]).tick();
  const events = await kept(asset);
  expect(events.map(({ type }) => type)).toEqual(['ReviewReminded']);
  expect(events[0]!.metadata).toMatchObject({ actorKind: 'service', source: 'policy deadlines', occurredAt: now });
  expect(policies.standing()).toEqual([{ name: 'deadlines', status: 'running', behindMs: 30_000 }]);
});

it('takes a refusal for an answer: somebody was faster', async () => {
  const { review, asset } = await asked();
  const rejected = { asset, digest: (register() as { content: { digest: string } }).content.digest };
  await does('ben', decide('reject', rejected));
  now = '2026-03-05T09:00:00.000Z';
  const policies = following([watched(deadlines, facts(steps(review, asset, '2026-03-04T16:00:00.000Z')))]);
  await policies.tick();
  expect(policies.standing()).toMatchObject([{ status: 'running' }]);
  expect(await kept(asset)).toEqual([]);
});

it('does nothing in a process that does not project', async () => {
  const { review, asset } = await asked();
  now = '2026-03-05T09:00:00.000Z';
  const due = watched(deadlines, facts(steps(review, asset, '2026-03-04T16:00:00.000Z')));
  await following([due], { mayRun: () => false }).tick();
  expect(await kept(asset)).toEqual([]);
});

it('stops alone and visibly if it fails in itself, and the others go on', async () => {
  const { review, asset } = await asked();
  now = '2026-03-05T09:00:00.000Z';
  const broken = watched<Step>(
    {
      name: 'broken',
      follows: () => {
        throw new Error('no such thing');
      },
    },
    facts(steps(review, asset, '2026-03-04T16:00:00.000Z')),
  );
  const policies = following([broken, watched(deadlines, facts(steps(review, asset, '2026-03-04T16:00:00.000Z')))]);
  await policies.tick();
  await policies.tick();
  expect(policies.standing()).toMatchObject([
    { name: 'broken', status: 'stopped', fault: 'no such thing' },
    { name: 'deadlines', status: 'running' },
  ]);
  expect(faults.map(String)).toEqual(['Error: policy broken stopped: no such thing']);
  expect((await kept(asset)).map(({ type }) => type)).toEqual(['ReviewEscalated']);
});

it('tries again what passes by itself', async () => {
  const { review, asset } = await asked();
  now = '2026-03-05T09:00:00.000Z';
  let answers = false;
  const policies = following([
    watched(deadlines, async () => {
      if (!answers) throw new Unavailable('no tables');
      return facts(steps(review, asset, '2026-03-04T16:00:00.000Z'))();
    }),
  ]);
  await policies.tick();
  expect(policies.standing()).toMatchObject([{ status: 'retrying', fault: 'no tables' }]);
  answers = true;
  await policies.tick();
  expect(policies.standing()).toMatchObject([{ status: 'running' }]);
  expect((await kept(asset)).length).toBe(1);
});

it('looks by itself while it runs, and ends when it is closed', async () => {
  const { review, asset } = await asked();
  now = '2026-03-05T09:00:00.000Z';
  let look: () => void = () => undefined;
  const looked = new Promise<void>((resolve) => {
    look = resolve;
  });
  const found = facts(steps(review, asset, '2026-03-04T16:00:00.000Z'));
  const policies = following(
    [
      watched(deadlines, async () => {
        look();
        return found();
      }),
    ],
    { tickMs: 1 },
  );
  policies.start();
  await looked;
  await policies.close();
  expect((await kept(asset)).length).toBe(1);
});
