import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openContentDirectory } from '../content/directory';
import { type Arrived, writeSession } from './session';
import { type UploadOptions, Uploads } from './uploads';

const HOUR = 3_600_000;
let top: string;
let now: number;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'palimpsest-uploads-'));
  now = Date.parse('2026-03-02T09:00:00.000Z');
});
afterEach(() => rmSync(top, { recursive: true }));

const content = () => openContentDirectory(join(top, 'content'));
const directory = () => join(top, 'uploads');
const open = (more: Partial<UploadOptions> = {}) =>
  new Uploads({
    directory: directory(),
    content: content(),
    limits: { bytes: 10_000_000, bytesPerDay: 10_000_000, kinds: ['*/*'], lifetime: 24 * HOUR },
    clock: () => now,
    ...more,
  });
async function* of(...chunks: readonly Uint8Array[]) {
  yield* chunks;
}
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

it('goes on after a restart, and in another process, with the digest of all its bytes', async () => {
  const bytes = randomBytes(3_000_000);
  const begun = await open().begin({ owner: 'ana', bytes: bytes.length });
  expect(await open().append(begun, of(bytes.subarray(0, 1_500_000)))).toBe(1_500_000);
  const [one, other] = [open(), open()];
  expect(await one.append(begun, of(bytes.subarray(1_500_000, 2_000_000)))).toBe(2_000_000);
  expect(await other.append(begun, of(bytes.subarray(2_000_000)))).toBe(3_000_000);
  // The first one's memory of the hash is older than the file.
  const { state, arrived } = await one.finish(begun);
  expect([state, arrived?.digest]).toEqual(['finished', digestOf(bytes)]);
  expect(await content().size(digestOf(bytes))).toBe(3_000_000);
  expect(readdirSync(directory())).toEqual([`${begun.id}.json`]);
});

it('keeps what came before the line broke', async () => {
  const uploads = open();
  const begun = await uploads.begin({ owner: 'ana', bytes: 10 });
  async function* broken() {
    yield Buffer.from('bytes');
    throw new Error('the line is dead');
  }
  expect(await uploads.append(begun, broken())).toBe(5);
  await uploads.append(begun, of(Buffer.from('later')));
  expect((await uploads.finish(begun)).arrived?.digest).toBe(digestOf(Buffer.from('byteslater')));
});

it('is not finished before all bytes are there', async () => {
  const uploads = open();
  const begun = await uploads.begin({ owner: 'ana', bytes: 10 });
  await uploads.append(begun, of(Buffer.from('bytes')));
  await expect(uploads.finish(begun)).rejects.toThrow('the upload has 5 of 10 bytes');
});

it('is finished once, whatever was done when the process was killed', async () => {
  const bytes = Buffer.from('bytes');
  const uploads = open();
  const begun = await uploads.begin({ owner: 'ana', bytes: 5 });
  await uploads.append(begun, of(bytes));
  const arrived: Arrived = { digest: digestOf(bytes), bytes: 5, mediaType: 'application/octet-stream' };
  // Killed before the content was taken, then after.
  await writeSession(directory(), { ...begun, state: 'whole', arrived });
  expect(await open().finish(begun)).toMatchObject({ state: 'finished', arrived });
  await writeSession(directory(), { ...begun, state: 'whole', arrived });
  expect(await open().finish(begun)).toMatchObject({ state: 'finished', arrived });
  const both = await Promise.all([open().finish(begun), open().finish(begun)]);
  expect(both.map(({ state }) => state)).toEqual(['finished', 'finished']);
});

it('is removed when it is abandoned, and remembered for a week when it is finished', async () => {
  const uploads = open();
  const left = await uploads.begin({ owner: 'ana', bytes: 5 });
  const done = await uploads.begin({ owner: 'ana', bytes: 0 });
  await uploads.finish(done);
  now += 24 * HOUR + 1;
  expect(await uploads.find(left.id, 'ana')).toBeUndefined();
  expect(await uploads.sweep()).toBe(1);
  expect(existsSync(join(directory(), left.id))).toBe(false);
  expect(await uploads.find(done.id, 'ana')).toMatchObject({ state: 'finished' });
  now += 7 * 24 * HOUR;
  expect(await uploads.sweep()).toBe(1);
  expect(readdirSync(directory())).toEqual([]);
});

it('counts the bytes of a day by actor, and forgets them after it', async () => {
  const uploads = open();
  await uploads.begin({ owner: 'ana', bytes: 6_000_000 });
  await expect(uploads.begin({ owner: 'ana', bytes: 5_000_000 })).rejects.toMatchObject({ why: 'dayUsedUp' });
  await uploads.begin({ owner: 'ben', bytes: 5_000_000 });
  now += 24 * HOUR;
  await uploads.begin({ owner: 'ana', bytes: 5_000_000 });
});

it('says that the disk is full, and goes on when there is room', async () => {
  const uploads = open();
  const begun = await uploads.begin({ owner: 'ana', bytes: 5 });
  const path = join(directory(), begun.id);
  rmSync(path);
  // Every write to this device fails as on a full disk.
  symlinkSync('/dev/full', path);
  await expect(uploads.append(begun, of(Buffer.from('bytes')))).rejects.toMatchObject({
    name: 'ContentUnavailable',
    trouble: 'full',
  });
  rmSync(path);
  writeFileSync(path, '');
  expect(await uploads.append(begun, of(Buffer.from('bytes')))).toBe(5);
  expect((await uploads.finish(begun)).arrived?.digest).toBe(digestOf(Buffer.from('bytes')));
});

it('tells of a scan before anybody can use the bytes, and puts aside what is infected', async () => {
  const told: unknown[] = [];
  const scanned = { verdict: 'infected', engine: 'ClamAV', finding: 'Eicar-Signature' } as const;
  const onScanned = async (arrived: Arrived) => void told.push([arrived.scanned, await content().size(arrived.digest)]);
  const uploads = open({ scan: async () => scanned, onScanned });
  const begun = await uploads.begin({ owner: 'ana', bytes: 5 });
  await uploads.append(begun, of(Buffer.from('bytes')));
  const { state, aside } = await uploads.finish(begun);
  expect([state, aside]).toEqual(['quarantined', { why: 'infected', message: 'ClamAV found Eicar-Signature' }]);
  expect(told).toEqual([[scanned, undefined]]);
  expect(await content().size(digestOf(Buffer.from('bytes')))).toBeUndefined();
  expect((await uploads.putAsides()).map(({ id }) => id)).toEqual([begun.id]);
});

it('stays open where the scanner cannot tell, and can be finished later', async () => {
  const begun = await open().begin({ owner: 'ana', bytes: 5 });
  await open().append(begun, of(Buffer.from('bytes')));
  const failing = async () => Promise.reject(new Error('no scanner'));
  await expect(open({ scan: failing }).finish(begun)).rejects.toThrow('no scanner');
  expect(await open().find(begun.id, 'ana')).toMatchObject({ state: 'open' });
  expect(await open().finish(begun)).toMatchObject({ state: 'finished' });
});

it('is locked for one process at a time, and free again when its holder was killed', async () => {
  const begun = await open().begin({ owner: 'ana', bytes: 5 });
  const release = await open().lock(begun.id);
  const waiting = open().lock(begun.id);
  await release();
  await (await waiting)();
  // The holder's process id belongs to nobody.
  writeFileSync(join(directory(), `${begun.id}.json.lock`), `${require('node:os').hostname()} 4194305 x`);
  await (await open().lock(begun.id))();
});
