import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v5 as uuidv5 } from 'uuid';
import { createExecute } from '../../execute/execute';
import type { Execute, Intent } from '../../execute/intent';
import { openSqliteStore } from '../../store/sqlite/adapter';
import type { Store } from '../../store/store';
import { AheadStore } from './aheadstore';

const NAMESPACE = '3f0b8a66-1f64-4e39-9a3f-0a6f4d6a7a10';
const idOf = (name: string) => uuidv5(name, NAMESPACE);

describe('a writer who does not wait for the disk', () => {
  let directory: string;
  let store: Store;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'palimpsest-ahead-'));
    store = openSqliteStore(join(directory, 'events.sqlite'), { synchronous: 'OFF' });
  });
  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });

  const intent = (command: Intent['command'], name: string): Intent => ({
    command,
    actor: { id: 'person-1', kind: 'import' },
    workspace: 'default',
    tool: 'git',
    commandId: idOf(name),
    occurredAt: '2020-01-01T00:00:00.000Z',
  });
  const register = (asset: string) =>
    intent({ type: 'RegisterAsset', asset: idOf(asset), kind: 'image', title: asset }, `register ${asset}`);
  const retitle = (asset: string, title: string) =>
    intent({ type: 'ChangeMetadata', asset: idOf(asset), title }, `retitle ${asset} ${title}`);

  /** Sends each command when the previous one is decided; returns the answers once all are written. */
  async function send(intents: readonly Intent[], most?: number) {
    let decided = () => {};
    const ahead = new AheadStore(store, () => decided(), most);
    const execute: Execute = createExecute({ store: ahead, clock: Date.now, random: () => 0, ordered: true });
    const answers = [];
    for (const next of intents) {
      const ready = new Promise<void>((resolve) => {
        decided = resolve;
      });
      const answer = execute(next);
      answers.push(answer);
      await Promise.race([ready, answer]);
    }
    return Promise.all(answers);
  }

  async function written(): Promise<readonly string[]> {
    const events = [];
    for await (const page of store.readAll()) events.push(...page);
    return events.map(({ type, data }) => `${type} ${(data as { title: string }).title}`);
  }

  it.each([
    ['everything in memory', undefined],
    ['nothing in memory', 0],
  ])('builds on earlier decisions, with %s', async (_what, most) => {
    const answers = await send(
      [register('a'), retitle('a', 'b'), register('c'), retitle('a', 'd'), retitle('c', 'e')],
      most,
    );
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
    const [a, b, c, d, e] = [
      'AssetRegistered a',
      'MetadataChanged b',
      'AssetRegistered c',
      'MetadataChanged d',
      'MetadataChanged e',
    ];
    expect(await written()).toEqual([a, b, c, d, e]);
  });

  it('decides again if another process wrote in between', async () => {
    await send([register('a')]);
    const ahead = new AheadStore(store, () => {});
    const mine = createExecute({ store: ahead, clock: Date.now, random: () => 0, ordered: true });
    const theirs = createExecute({ store, clock: Date.now, random: () => 0 });
    await mine(retitle('a', 'b'));
    await theirs(retitle('a', 'c'));
    expect(await mine(retitle('a', 'd'))).toMatchObject({ ok: true, revision: 3 });
    expect(await written()).toHaveLength(4);
  });
});
