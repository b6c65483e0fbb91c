import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ended, palimpsest } from '../cli/palimpsest';
import { given, sha256 } from './given';
import { openUploadHouse, type UploadHouse } from './uploading';

const ANA = 'author:ana';
const SHOWN = `query ($id: ID!) { asset(id: $id) { title currentVersion { digest content { available url fixity { outcome found } } } } }`;

let house: UploadHouse;
let elsewhere: string;
beforeAll(async () => {
  house = await openUploadHouse({});
  elsewhere = mkdtempSync(join(tmpdir(), 'palimpsest-backup-'));
});
afterAll(async () => {
  await house.close();
  rmSync(elsewhere, { recursive: true });
});

async function assetOf(bytes: Buffer): Promise<string> {
  const uploadId = await house.upload(ANA, bytes);
  const content = { uploadId, madeWith: { tool: 'Figma' } };
  const { asset } = await house.act(ANA, 'assetRegister', { kind: 'IMAGE', title: 'Summer poster', content });
  return asset.id;
}
/** As of the end of the log. */
async function shown(id: string) {
  const { position } = (await house.ask('auditor', '{ head { position } }')).data.head;
  await house.ask('auditor', `{ head(waitFor: "${position}") { position } }`);
  return (await house.ask('auditor', SHOWN, { id })).data.asset.currentVersion.content;
}
const fileOf = (digest: string, dataDir = house.dataDir) =>
  join(dataDir, 'content', 'sha256', digest.slice(0, 2), digest.slice(2));
const run = (...args: readonly string[]) => palimpsest([...args, '--data', house.dataDir, '--json']);
const said = ({ code, stdout, stderr }: Ended) => {
  if (stdout === '') throw new Error(`${code}: ${stderr}`);
  return { code, ...JSON.parse(stdout) };
};

test('a changed byte and a lost file are found, told to everybody, and made whole by the same bytes', async () => {
  const [rots, goes, stays] = [given(50_000).bytes, given(60_000).bytes, given(70_000).bytes];
  const ids = [await assetOf(rots), await assetOf(goes), await assetOf(stays)];
  expect(said(await run('content', 'check'))).toMatchObject({
    code: 0,
    good: 3,
    damaged: [],
    missing: [],
    bytes: 180_000,
  });
  const changed = Buffer.from(rots);
  changed[20_000]! ^= 1;
  writeFileSync(fileOf(sha256(rots)), changed);
  rmSync(fileOf(sha256(goes)));
  expect(said(await run('content', 'check'))).toMatchObject({
    code: 1,
    good: 1,
    damaged: [sha256(rots)],
    missing: [sha256(goes)],
  });
  expect((await shown(ids[0]!)).fixity).toEqual({ outcome: 'DAMAGED', found: sha256(changed) });
  expect(await shown(ids[1]!)).toMatchObject({ available: false, url: null, fixity: { outcome: 'MISSING' } });
  expect((await shown(ids[2]!)).fixity).toEqual({ outcome: 'GOOD', found: null });
  const doctor = said(await run('doctor'));
  expect([doctor.code, doctor.checks.find(({ name }: { name: string }) => name === 'fixity')]).toMatchObject([
    1,
    { ok: false, detail: expect.stringContaining(sha256(rots)) },
  ]);
  await house.upload(ANA, rots);
  await house.upload(ANA, goes);
  expect((await shown(ids[0]!)).fixity).toEqual({ outcome: 'GOOD', found: null });
  expect(readFileSync(fileOf(sha256(rots))).equals(rots)).toBe(true);
  expect(said(await run('content', 'check'))).toMatchObject({ code: 0, good: 3 });
  expect(said(await run('content', 'check', '--sample', '2'))).toMatchObject({ code: 0, good: 2 });
  expect(said(await run('doctor')).checks.find(({ name }: { name: string }) => name === 'fixity').ok).toBe(true);
}, 60_000);

test('bytes that nothing refers to are listed, and deleted only when told to and old enough', async () => {
  const [used, unused] = [given(1000).bytes, given(2000).bytes];
  await assetOf(used);
  await house.upload(ANA, unused);
  expect(said(await run('content', 'unused', '--delete'))).toMatchObject({ unused: [], waiting: 1 });
  const old = new Date(Date.now() - 40 * 86_400_000);
  for (const digest of [sha256(used), sha256(unused)]) utimesSync(fileOf(digest), old, old);
  const entry = { digest: sha256(unused), bytes: 2000 };
  expect(said(await run('content', 'unused'))).toMatchObject({ unused: [entry], bytes: 2000, deleted: false });
  expect(said(await run('content', 'unused', '--older-than', '50', '--delete'))).toMatchObject({
    unused: [],
    waiting: 1,
  });
  expect(existsSync(fileOf(sha256(unused)))).toBe(true);
  expect(said(await run('content', 'unused', '--delete'))).toMatchObject({ unused: [entry], deleted: true });
  expect([existsSync(fileOf(sha256(unused))), existsSync(fileOf(sha256(used)))]).toEqual([false, true]);
}, 60_000);

test('a backup taken while the server works is whole, and is restored as it was', async () => {
  const bytes = given(80_000).bytes;
  const id = await assetOf(bytes);
  const backup = join(elsewhere, 'backup');
  // The server goes on meanwhile.
  const working = Promise.all(Array.from({ length: 20 }, () => assetOf(given(5000).bytes)));
  const taken = said(await run('backup', backup));
  await working;
  expect(taken).toMatchObject({ code: 0, lacking: [] });
  expect(said(await run('backup', backup)).events).toBeGreaterThan(taken.events);
  await assetOf(given(10).bytes);
  const restored = join(elsewhere, 'restored');
  const back = said(await palimpsest(['restore', backup, '--data', restored, '--json']));
  expect(back).toMatchObject({ code: 0, damaged: [] });
  expect(readFileSync(fileOf(sha256(bytes), restored)).equals(bytes)).toBe(true);
  const head = said(await palimpsest(['head', '--data', restored, '--json']));
  expect(head).toMatchObject({ events: back.events, position: back.position });
  const [event] = (await palimpsest(['events', '--data', restored, '--stream', id])).stdout.trim().split('\n');
  expect(JSON.parse(event!)).toEqual(
    JSON.parse((await palimpsest(['events', '--data', house.dataDir, '--stream', id])).stdout.trim().split('\n')[0]!),
  );
  expect(
    said(await palimpsest(['doctor', '--content', '--data', restored, '--json'])).checks.filter(
      ({ ok }: { ok: boolean }) => !ok,
    ),
  ).toEqual([]);
  const again = await palimpsest(['restore', backup, '--data', restored]);
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('exists; restore into an empty directory')]);
}, 120_000);

test('a backup that is not whole, or was changed, is not restored', async () => {
  const backup = join(elsewhere, 'changed');
  await run('backup', backup);
  const events = readFileSync(join(backup, 'events.sqlite'));
  events[events.length - 100]! ^= 1;
  writeFileSync(join(backup, 'events.sqlite'), events);
  const into = join(elsewhere, 'never');
  const changed = await palimpsest(['restore', backup, '--data', into]);
  expect([changed.code, changed.stderr]).toEqual([1, expect.stringContaining('has the SHA-256')]);
  rmSync(join(backup, 'backup.json'));
  const half = await palimpsest(['restore', backup, '--data', into]);
  expect([half.code, half.stderr]).toEqual([1, expect.stringContaining('holds no whole backup')]);
  expect(existsSync(join(into, 'events.sqlite'))).toBe(false);
}, 60_000);
