import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/store/sqlite/driver';
import { palimpsest } from './palimpsest';

let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-ledger-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const run = (...words: string[]) => palimpsest([...words, '--data', directory]);

/** As the owner of the file could do: drops triggers, deletes the event, and renumbers everything. */
function intrude(): void {
  const db = openDatabase(join(directory, 'events.sqlite'));
  const triggers = db.prepareArrays<[string]>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
  const sql = db.prepareArrays<[string]>("SELECT sql FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const [name] of triggers) db.exec(`DROP TRIGGER ${name}`);
  const [position] = db.prepareArrays<[number]>('SELECT max(position) FROM event').get()!;
  db.exec(`DELETE FROM event WHERE position = ${position}`);
  for (const [text] of sql) db.exec(text);
  db.close();
}

describe('the ledger on the command line', () => {
  let kept: string;

  test('begins with a key with its own name, readable by its owner only', async () => {
    await run('simulate', '--assets', '30', '--seed', '5');
    const made = await run('ledger', 'key', '--create', '--origin', 'example.com/log', '--json');
    expect(made.code).toBe(0);
    expect(JSON.parse(made.stdout)).toMatchObject({
      origin: 'example.com/log',
      keys: [{ created: expect.any(String) }],
    });
    expect(statSync(join(directory, 'ledger', 'keys.json')).mode & 0o077).toBe(0);
    expect(await run('ledger', 'key', '--create')).toMatchObject({ code: 2 });
    expect((await run('ledger', 'key')).stdout).toMatch(/^example\.com\/log\+[0-9a-f]{8}\+/);
  });

  test('signs the log, and finds it as it was signed', async () => {
    expect((await run('ledger', 'status')).stdout).toContain('nothing was signed yet');
    expect(await run('ledger', 'fsck')).toMatchObject({ code: 2 });
    const signed = JSON.parse((await run('ledger', 'checkpoint', '--json')).stdout);
    kept = join(directory, 'kept.checkpoint');
    writeFileSync(kept, signed.checkpoint);
    const { events } = JSON.parse((await run('head', '--json')).stdout);
    expect(signed).toMatchObject({ origin: 'example.com/log', events });
    expect((await run('ledger', 'status')).stdout).toContain(`${events} events`);
    expect(JSON.parse((await run('ledger', 'fsck', '--kept', kept, '--json')).stdout)).toMatchObject({
      ok: true,
      events,
    });
  });

  test('refuses what it cannot read, and names it', async () => {
    expect(await run('ledger', 'fsck', '--kept', join(directory, 'absent'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('absent cannot be read: ENOENT'),
    });
    expect(await run('ledger', 'key', '--rotate', '--retire')).toMatchObject({ code: 2 });
    expect(await run('ledger', 'key', '--origin', 'x')).toMatchObject({ code: 2 });
  });

  test('writes a pack that verifies in an empty directory with nothing but Node and the key', async () => {
    const out = join(directory, 'pack');
    const elsewhere = mkdtempSync(join(tmpdir(), 'auditor-'));
    const asked = ['--window', '2000-01-01T00:00:00Z/2100-01-01T00:00:00Z', '--since', kept];
    expect(await run('evidence', ...asked, '--out', out)).toMatchObject({ code: 0 });
    writeFileSync(join(elsewhere, 'log.vkey'), (await run('ledger', 'key')).stdout);
    cpSync(out, join(elsewhere, 'pack'), { recursive: true });
    const verify = () =>
      spawnSync(process.execPath, ['pack/verify.mjs', '--key', 'log.vkey', '--earlier', kept], {
        cwd: elsewhere,
        encoding: 'utf8',
      });
    expect(verify()).toMatchObject({ status: 0, stdout: expect.stringContaining('Every check passed.') });
    const report = join(elsewhere, 'pack', 'report.html');
    writeFileSync(report, readFileSync(report, 'utf8').replace('approved', 'rejected'));
    expect(verify()).toMatchObject({ status: 11, stdout: expect.stringContaining('changed: report.html') });
    rmSync(elsewhere, { recursive: true });
    expect(await run('evidence', ...asked, '--out', out)).toMatchObject({ code: 2 });
    expect(await run('evidence', '--asset', 'x', '--out', `${out}2`)).toMatchObject({ code: 2 });
    expect(await run('evidence', '--window', 'x', '--out', `${out}2`)).toMatchObject({ code: 2 });
    expect(await run('evidence', '--out', `${out}2`)).toMatchObject({ code: 2 });
  });

  test('detects an event that the owner of the file removed: in fsck, in doctor, and at the next signature', async () => {
    intrude();
    const found = await run('ledger', 'fsck', '--kept', kept);
    expect(found).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/LOG_ENDS_EARLY.*the first that is missing is/),
    });
    const doctor = JSON.parse((await run('doctor', '--json')).stdout) as {
      checks: { name: string; ok: boolean; detail: string }[];
    };
    const check = doctor.checks.find(({ name }) => name === 'ledger')!;
    expect(check).toMatchObject({ ok: false, detail: expect.stringContaining('LOG_ENDS_EARLY') });
    expect(await run('ledger', 'checkpoint')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('older backup'),
    });
  });
});
