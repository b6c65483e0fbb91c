import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vkeyOf } from '../../src/ledger/note';
import { POSTER } from '../domain/commands';
import { Archive } from './packs';
import { missingForPython } from './verifying';

const archive = new Archive();
const missing = missingForPython();
let key: string;

beforeAll(async () => {
  await archive.live();
  const { keys } = await archive.sign();
  key = vkeyOf(keys.signers()[0]!);
  await archive.pack('good', { question: { asset: POSTER } });
  if (missing !== undefined) console.warn(`${missing} is not on this machine: verify.py is not run`);
}, 60_000);
afterAll(() => archive.close());

test('a verifier shows what a hostile pack says without a sign that a terminal would obey', async () => {
  const pack = await archive.copy('good', 'hostile');
  writeFileSync(join(pack, 'evil\u001b[2J\u202e'), '');
  const programs = [[process.execPath, 'verify.mjs'], ...(missing === undefined ? [['python3', 'verify.py']] : [])];
  for (const [program, file] of programs as [string, string][]) {
    const { status, stdout } = spawnSync(program, [join(archive.path('good'), file), pack, '--key', key], {
      encoding: 'utf8',
    });
    expect(status).toBe(10);
    expect(stdout).toContain('evil\\u{1b}[2J\\u{202e}');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
});
