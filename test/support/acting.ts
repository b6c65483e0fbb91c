import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v5 as uuidv5 } from 'uuid';
import type { Command, CommandNamed } from '../../src/domain/deciders';
import type { RecordedEvent } from '../../src/domain/event';
import type { Answer, Intent } from '../../src/execute/intent';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import type { Store } from '../../src/store/store';

/** Shared by the specs of the write side: acts on one asset, and a new store for each test. */
export const NOW = Date.parse('2026-06-01T12:00:00.000Z');

export const uuid = (name: string): string => uuidv5(name, '7b0e3c52-5f0e-4f59-9a5e-0c5f4b7c9d11');
export const asset = uuid('asset');

export function intent(command: Command, rest: Partial<Intent> = {}): Intent {
  return {
    command,
    actor: { id: 'person-ana', kind: 'person' },
    workspace: 'default',
    tool: 'spec',
    commandId: uuid(JSON.stringify(command)),
    ...rest,
  };
}

export const register: CommandNamed<'RegisterAsset'> = {
  type: 'RegisterAsset',
  asset,
  kind: 'image',
  title: 'Spring banner',
};
export const retitle = (title: string): Command => ({ type: 'ChangeMetadata', asset, title });
export const content = (n: number) =>
  ({
    digest: `${n}`.padStart(64, '0'),
    bytes: 1,
    mediaType: 'image/png',
    madeWith: { tool: 'spec', ai: 'none' },
  }) as const;

export function accepted(answer: Answer): Extract<Answer, { ok: true }> {
  if (!answer.ok) throw new Error(`refused: ${answer.refusal.code} ${answer.refusal.message}`);
  return answer;
}

let directory: string;
/** The store of the current test. */
export let store: Store;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-acting-'));
  store = await openSqliteStore(join(directory, 'events.sqlite'));
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

/** The store with some of its methods replaced. */
export const storeWith = (ways: Partial<Store>): Store => Object.assign(Object.create(store) as Store, ways);

export async function everything(): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for await (const page of store.readAll()) all.push(...page);
  return all;
}
