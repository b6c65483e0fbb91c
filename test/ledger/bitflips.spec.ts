import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../src/connectors/simulation/random';
import { fsck } from '../../src/ledger/fsck';
import { vkeyOf } from '../../src/ledger/note';
import { fromHex, type Host } from '../../src/ledger/verifier/bytes';
import { verify } from '../../src/ledger/verifier/checks';
import { content, POSTER } from '../domain/commands';
import { Archive, filesIn } from './packs';

/** Bits that are changed, one at a time; BIT_FLIPS asks for more. */
const FLIPS = Number(process.env.BIT_FLIPS ?? 120);
jest.setTimeout(60_000 + FLIPS * 500);

const SPKI = fromHex('302a300506032b6570032100');
const host: Host = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  signed: (key, message, signature) => {
    const der = Buffer.concat([SPKI, key]);
    return verifySignature(null, message, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature);
  },
};

const archive = new Archive();
let key: string;

beforeAll(async () => {
  await archive.live();
  const { keys, text } = await archive.sign();
  key = vkeyOf(keys.signers()[0]!);
  const contentOf = async (digest: string) => (digest === content().digest ? Buffer.from('first draft') : undefined);
  await archive.pack('pack', { question: { asset: POSTER }, since: text, contentOf });
}, 60_000);
afterAll(() => archive.close());

/** A file below a directory, with one bit of it changed; a byte of a small file is as likely as one of a large one. */
function flipped(
  root: string,
  random: Random,
): { readonly name: string; readonly place: number; readonly restore: () => void } {
  const names = filesIn(root).filter((name) => readFileSync(join(root, name)).length > 0);
  const name = names[random.whole(0, names.length - 1)]!;
  const bytes = readFileSync(join(root, name));
  const place = random.whole(0, bytes.length * 8 - 1);
  const changed = Buffer.from(bytes);
  changed[Math.floor(place / 8)]! ^= 1 << (place % 8);
  writeFileSync(join(root, name), changed);
  return { name, place, restore: () => writeFileSync(join(root, name), bytes) };
}

function packFrom(root: string): Parameters<typeof verify>[0] {
  return { files: new Map(filesIn(root).map((name) => [name, readFileSync(join(root, name))])), strange: [] };
}

test('one changed bit in any file of a pack is found, and clean packs raise no alarm', () => {
  const root = archive.path('pack');
  const random = new Random(11, 0);
  const missed: unknown[] = [];
  for (let n = 0; n < FLIPS; n += 1) {
    const { name, place, restore } = flipped(root, random);
    const failed = verify(packFrom(root), { keys: [key] }, host).filter(({ ok }) => !ok);
    if (failed.length === 0 || !failed.every(({ detail }) => detail.length > 5)) missed.push([name, place]);
    restore();
  }
  expect(missed).toEqual([]);
  expect(verify(packFrom(root), { keys: [key] }, host).filter(({ ok }) => !ok)).toEqual([]);
});

test('one changed bit in any tile, entry, checkpoint or position of a ledger is found', async () => {
  const random = new Random(12, 0);
  const look = () => fsck({ store: archive.log.store, ledger: archive.log.ledger });
  const missed: unknown[] = [];
  for (let n = 0; n < FLIPS; n += 1) {
    // The keys are secrets and no evidence; the lock holds nothing.
    const roots = [join(archive.log.ledger, 'log'), join(archive.log.ledger, 'log'), archive.log.ledger];
    const root = roots[random.whole(0, roots.length - 1)]!;
    const { name, place, restore } = flipped(root, random);
    const found = await look().then(
      (result) => result?.findings.map(({ code, detail }) => `${code}: ${detail}`) ?? [],
      (error: Error) => [error.message],
    );
    if (found.length === 0 && !/^(keys\.json|lock|heads)$/.test(name)) missed.push([name, place]);
    restore();
  }
  expect(missed).toEqual([]);
  expect(readdirSync(archive.log.ledger)).toContain('positions');
  expect(await look()).toMatchObject({ ok: true, findings: [] });
});
