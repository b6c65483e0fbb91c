import { setImmediate as afterwards } from 'node:timers/promises';
import {
  accepted,
  content,
  everything,
  intent,
  NOW,
  register,
  retitle,
  store,
  storeWith,
  uuid,
} from '../../test/support/acting';
import type { Command } from '../domain/deciders';
import type { Store } from '../store/store';
import { createExecute } from './execute';
import type { Answer } from './intent';

const inOrder = (over: Store = store, random = () => 0) =>
  createExecute({ store: over, clock: () => NOW, random, ordered: true });

it('keeps the order of arrival in the log when asked to, whatever each decision had to read', async () => {
  const execute = inOrder();
  const campaign = uuid('campaign');
  await execute(intent({ type: 'PlanCampaign', campaign, name: 'Spring' }));
  const commands: Command[] = Array.from({ length: 40 }, (_, n) => ({
    type: 'RegisterAsset',
    asset: uuid(`asset ${n}`),
    kind: 'image',
    title: `Asset ${n}`,
    content: content(n),
  }));
  await Promise.all(commands.slice(0, 20).map((command) => execute(intent(command))));
  const mixed = commands
    .slice(20)
    .flatMap((command, n): Command[] => [
      { type: 'ObservePlacement', asset: uuid(`asset ${n}`), campaign, version: 1, channel: 'web' },
      command,
    ]);
  await Promise.all(mixed.map((command) => execute(intent(command))));
  const order = (await everything()).slice(-60).map(({ type, stream: name }) => `${type} ${name}`);
  const expected = Array.from({ length: 20 }, (_, n) => [
    `PlacementObserved asset-${uuid(`asset ${n}`)}`,
    `AssetRegistered asset-${uuid(`asset ${n + 20}`)}`,
    `VersionAdded asset-${uuid(`asset ${n + 20}`)}`,
  ]);
  expect(order).toEqual(expected.flat());
});

it('keeps the order of arrival on a stream where another process wrote first, for later acts too', async () => {
  const another = createExecute({ store, clock: () => NOW, random: () => 0 });
  accepted(await another(intent(register)));
  let [calls, written] = [0, () => {}];
  const other = new Promise<void>((resolve) => {
    written = resolve;
  });
  const late: Promise<Answer>[] = [];
  // Both appends are in flight when another process writes, and a third act arrives as soon as they have failed.
  const crossed = storeWith({
    append: async (...call) => {
      calls += 1;
      if (calls === 2) await another(intent(retitle('other'))).then(written);
      if (calls > 2) return store.append(...call);
      await other;
      return store.append(...call).catch((error) => {
        if (late.length === 0) late.push(afterwards().then(() => execute(intent(retitle('third')))));
        throw error;
      });
    },
  });
  const pauses = [1, 0];
  const execute = inOrder(crossed, () => pauses.shift() ?? 0);
  const acts = ['first', 'second'].map((title) => execute(intent(retitle(title))));
  for (const answer of await Promise.all(acts)) accepted(answer);
  for (const answer of await Promise.all(late)) accepted(answer);
  const titles = (await everything()).map(({ data }) => (data as { title: string }).title);
  expect(titles).toEqual(['Spring banner', 'other', 'first', 'second', 'third']);
});
