import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FarEnd, startFarEnd } from '../support/eventstoredb/server';
import { palimpsest } from './palimpsest';

jest.setTimeout(60_000);

let far: FarEnd;
let data: string;
beforeAll(async () => {
  far = await startFarEnd({ secure: true });
  data = mkdtempSync(join(tmpdir(), 'palimpsest-store-init-'));
});
afterAll(async () => {
  await far.stop();
  rmSync(data, { recursive: true, force: true });
});

const init = (writerPassword: string, ...more: readonly string[]) =>
  palimpsest(['store', 'init', '--data', data, ...more], {
    PALIMPSEST_EVENTS: far.url,
    PALIMPSEST_ADMIN_PASSWORD: 'changeit',
    PALIMPSEST_WRITER_PASSWORD: writerPassword,
    PALIMPSEST_READER_PASSWORD: 'reads-1',
  });

describe('store init', () => {
  it('reports what it changed, and that it changed nothing', async () => {
    const first = await init('writes-1');
    expect(first.stdout.trim().split('\n')).toEqual([
      'made the user palimpsest-writer',
      'made the user palimpsest-reader',
      'set the default rights of the server: palimpsest-writer appends, palimpsest-writer and palimpsest-readers read, $admins alone delete',
      'let palimpsest-writer and palimpsest-readers read $all',
    ]);
    expect((await init('writes-1')).stdout.trim()).toBe('nothing was changed');
    expect((await init('writes-2')).stdout.trim()).toBe('set the password of palimpsest-writer');
    const others = await init('writes-2', '--writer', 'other-writer');
    expect(others.code).toBe(1);
    expect(others.stdout).toMatch(/^made the user other-writer\n[\s\S]*left unchanged: default rights/);
  });
});

describe('doctor', () => {
  it('recommends store init if the server does not know the user', async () => {
    const { code, stdout } = await palimpsest(['doctor', '--json', '--data', data], {
      PALIMPSEST_EVENTS: far.urlOf('nobody-known', 'secret'),
    });
    expect(code).toBe(1);
    const { checks } = JSON.parse(stdout) as { checks: { name: string; ok: boolean; advice: string }[] };
    expect(checks.find(({ name }) => name === 'event store')).toMatchObject({
      ok: false,
      advice: expect.stringContaining('palimpsest store init'),
    });
  });
});
