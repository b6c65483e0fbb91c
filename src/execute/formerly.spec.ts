import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v5 as uuidv5 } from 'uuid';
import type { Command } from '../domain/deciders';
import { openSqliteStore } from '../store/sqlite/adapter';
import type { Store } from '../store/store';
import { createExecute } from './execute';
import type { Intent } from './intent';

const uuid = (name: string) => uuidv5(name, '7b0e3c52-5f0e-4f59-9a5e-0c5f4b7c9d12');
const asset = uuid('asset');

let directory: string;
let store: Store;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-formerly-'));
  store = await openSqliteStore(join(directory, 'events.sqlite'));
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

const intent = (command: Command, commandId: string): Intent => {
  const actor = { id: 'ana', kind: 'person' } as const;
  return { command, actor, workspace: 'default', tool: 'spec', commandId };
};

const content = (n: number) =>
  ({
    digest: `${n}`.padStart(64, '0'),
    bytes: 1,
    mediaType: 'image/png',
    madeWith: { tool: 'spec', ai: 'none' },
  }) as const;

/** What older programs wrote as the hash of a command: of its JSON with the names of every object in order. */
function hashOf(command: object): string {
  const text = JSON.stringify(command, (_name, member) =>
    typeof member === 'object' && member !== null
      ? Object.fromEntries(Object.entries(member).sort(([one], [two]) => (one < two ? -1 : 1)))
      : member,
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

it('knows a version again that an older program recorded, whose content stood in the command itself', async () => {
  const execute = createExecute({ store, clock: () => Date.parse('2026-06-01T12:00:00Z'), random: () => 0 });
  const registered = await execute(intent({ type: 'RegisterAsset', asset, kind: 'image', title: 'T' }, uuid('first')));
  if (!registered.ok) throw new Error(registered.refusal.code);
  const commandHash = hashOf({ type: 'AddVersion', asset, ...content(1) });
  const metadata = { ...registered.events[0]!.metadata, commandId: uuid('second'), commandHash };
  const data = { version: 1, ...content(1) };
  await store.append(registered.stream, 0, [{ id: uuid('event'), type: 'VersionAdded', data, metadata }]);
  const again = await execute(intent({ type: 'AddVersion', asset, content: content(1) }, uuid('second')));
  expect(again).toMatchObject({ ok: true, repeated: true, revision: 1 });
  const other = await execute(intent({ type: 'AddVersion', asset, content: content(2) }, uuid('second')));
  expect(other).toMatchObject({ ok: false, refusal: { code: 'IDEMPOTENCY_KEY_REUSED' } });
});
