import { randomUUID } from 'node:crypto';
import { createExecute } from '../../src/execute/execute';
import type { Intent } from '../../src/execute/intent';
import { openEventStoreDb } from '../../src/store/eventstoredb/adapter';
import { type Store, Unavailable, UnknownOutcome } from '../../src/store/store';
import { emptyAt, far } from '../store/eventstoredb';
import { whole } from '../store/given';
import { Line } from '../support/line';

let server: Awaited<ReturnType<typeof far>>;
let line: Line;
let store: Store;
beforeEach(async () => {
  server = await far();
  line = await Line.to(server.url);
  store = await openEventStoreDb(emptyAt(line.url));
});
afterEach(async () => {
  await store.close();
  await line.close();
  await server.stop();
});

const asset = randomUUID();
const intent = (command: Intent['command'], more: Partial<Intent> = {}): Intent => ({
  command,
  actor: { id: 'person-ana', kind: 'person' },
  workspace: 'default',
  tool: 'spec',
  commandId: randomUUID(),
  ...more,
});
const execution = (actMs?: number) =>
  createExecute({ store, clock: Date.now, random: () => 0, ...(actMs && { actMs }) });

describe('a server that stalls in the middle of an act', () => {
  test('answers every act in time, and every answer is true', async () => {
    const patient = execution();
    await patient(intent({ type: 'RegisterAsset', asset, kind: 'image', title: 'A' }));
    line.hold();
    const commands = Array.from({ length: 6 }, (_, n) =>
      intent({ type: 'RegisterAsset', asset: randomUUID(), kind: 'image', title: `${n}` }),
    );
    // One that reads before it decides: nothing of it is ever sent.
    const reading = intent({ type: 'ChangeMetadata', asset, title: 'B' }, { expectedRevision: 0 });
    const hasty = execution(400);
    const ended = await Promise.allSettled([...commands, reading].map((each) => hasty(each)));
    const told = ended.map((each) => (each as PromiseRejectedResult).reason as Error);
    expect(told[0]).toBeInstanceOf(UnknownOutcome);
    for (const error of told.slice(1)) expect(error).toBeInstanceOf(Unavailable);
    line.release();
    // Repeating the first act confirms its reported outcome; the others were never sent.
    const streams = () => whole(store.readAll()).then((log) => log.map(({ stream }) => stream));
    for (const one of [commands[0]!, reading]) expect(await execution()(one)).toMatchObject({ ok: true });
    expect((await streams()).sort()).toEqual(
      [`asset-${asset}`, `asset-${asset}`, `asset-${(commands[0]!.command as { asset: string }).asset}`].sort(),
    );
  });
});
