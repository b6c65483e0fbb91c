import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Command } from '../../src/domain/deciders';
import type { RecordedEvent } from '../../src/domain/event';
import { createExecute } from '../../src/execute/execute';
import { openContentDirectory } from '../../src/store/content/directory';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import { uuidOf } from '../domain/world';

const profile = (name: string, fields: string) => `  - { name: ${name}, version: 1, ${fields} }\n`;
export const PROFILES = `profiles:\n${[
  profile('large', 'width: 320, format: webp'),
  profile('square', 'width: 120, height: 120, fit: cover, format: jpeg'),
  profile('tiny', 'width: 32, format: png, quality: 100'),
  profile('email', 'width: 200, format: jpeg, maxBytes: 20000'),
  profile('wide', 'width: 300, height: 100, fit: contain, format: webp'),
].join('')}`;
export const PROFILE_COUNT = 5;

/** A drawing of its own for each number. */
const drawing = (nth: number): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="400" height="300" fill="hsl(${(nth * 47) % 360},60%,70%)"/><circle cx="${40 + ((nth * 31) % 320)}" cy="150" r="${30 + (nth % 70)}" fill="#224"/><!-- ${nth} --></svg>`,
  );

/** Registers, reviews and approves so many assets, each with stored bytes of its own. Gives their digests. */
export async function approve(dataDir: string, from: number, to: number): Promise<readonly string[]> {
  const content = openContentDirectory(join(dataDir, 'content'));
  const store = await openSqliteStore(join(dataDir, 'events.sqlite'));
  const execute = createExecute({ store, clock: Date.now, random: Math.random });
  const digests: string[] = [];
  const act = async (id: string, name: string, command: Command): Promise<void> => {
    const common = { workspace: 'default', tool: 'spec', commandId: uuidOf(`${name} ${command.type}`) };
    const answer = await execute({ command, actor: { id, kind: 'person' }, ...common });
    if (!answer.ok) throw new Error(answer.refusal.message);
  };
  for (let nth = from; nth < to; nth += 1) {
    const bytes = drawing(nth);
    const { digest } = await content.put(Readable.from([bytes]));
    const asset = uuidOf(`asset ${nth}`);
    const made = {
      digest,
      bytes: bytes.length,
      mediaType: 'image/svg+xml',
      madeWith: { tool: 'spec', ai: 'none' },
    } as const;
    const name = `${nth}`;
    await act('ana', name, { type: 'RegisterAsset', asset, kind: 'image', title: `Poster ${nth}`, content: made });
    await act('ana', name, { type: 'RequestReview', asset });
    await act('ben', name, { type: 'RecordDecision', asset, version: 1, digest, decision: 'approve', role: 'brand' });
    digests.push(digest);
  }
  await store.close();
  return digests;
}

/** Every event of the log. */
export async function eventsIn(dataDir: string): Promise<readonly RecordedEvent[]> {
  const store = await openSqliteStore(join(dataDir, 'events.sqlite'));
  const events: RecordedEvent[] = [];
  for await (const page of store.readAll()) events.push(...page);
  await store.close();
  return events;
}
