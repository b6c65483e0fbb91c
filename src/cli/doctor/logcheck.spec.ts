import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readiness } from '../../api/health';
import { createApp } from '../../app';
import { loadConfig } from '../../config/config';
import { checkProjections } from './logcheck';

const directory = mkdtempSync(join(tmpdir(), 'palimpsest-doctor-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A house with its own log and shared tables. */
const houseOf = (events: string) =>
  loadConfig(
    { data: directory },
    {
      PALIMPSEST_EVENTS: `sqlite:${join(directory, events)}`,
      PALIMPSEST_TABLES: `sqlite:${join(directory, 'tables.sqlite')}`,
    },
  );

describe('tables that were built from another log', () => {
  test('are found by doctor, and keep a serving process from becoming ready', async () => {
    const first = await createApp(houseOf('first.sqlite'));
    const actor = { id: 'p-1', kind: 'person' as const };
    await first.execute({
      command: {
        type: 'RegisterAsset',
        asset: '0190a0a0-0000-7000-8000-000000000001',
        kind: 'image',
        title: 'One',
      },
      actor,
      workspace: 'default',
      tool: 'test',
      toolVersion: '1',
      commandId: '0190a0a0-0000-7000-8000-000000000002',
    });
    await first.runtime.catchUp();
    expect((await checkProjections(first.config, Date.now())).every(({ ok }) => ok)).toBe(true);
    await first.close();

    const other = await createApp(houseOf('other.sqlite'));
    const checks = await checkProjections(other.config, Date.now());
    expect(checks[0]).toMatchObject({
      ok: false,
      detail: expect.stringContaining('built from another log'),
      advice: expect.stringContaining('PALIMPSEST_TABLES'),
    });
    expect(await readiness(other)).toMatchObject({
      ready: false,
      reasons: expect.arrayContaining([expect.stringContaining('built from another log')]),
    });
    await other.close();
  });
});
