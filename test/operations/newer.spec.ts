import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v5 as uuidv5 } from 'uuid';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import { directories, palimpsest, type Server, serve } from '../cli/palimpsest';

jest.setTimeout(60_000);

const id = (name: string): string => uuidv5(name, uuidv5.URL);
const asset = id('poster');
const data = mkdtempSync(join(tmpdir(), 'palimpsest-newer-'));
const places = directories();
let server: Server;

const RETITLE = `mutation ($asset: ID!) {
  assetChangeMetadata(input: { act: { idempotencyKey: "k" }, assetId: $asset, title: "New" }) { position userErrors { code } }
}`;

/** A log whose last event was written by next year's program. */
beforeAll(async () => {
  const store = openSqliteStore(join(data, 'events.sqlite'));
  const metadata = {
    schemaVersion: '1',
    workspace: 'default',
    actorId: 'ana',
    actorKind: 'person',
    tool: 'spec',
    occurredAt: '2026-01-01T00:00:00.000Z',
    commandId: id('command'),
    commandType: 'RegisterAsset',
    commandHash: '0123456789abcdef',
    $correlationId: id('command'),
    $causationId: id('command'),
  } as const;
  const registered = {
    id: id('first'),
    type: 'AssetRegistered',
    data: { kind: 'image', title: 'Poster', tags: [] },
    metadata,
  };
  const newer = { id: id('second'), type: 'AssetPutIntoOrbit', data: { height: 400 }, metadata };
  await store.append(`asset-${asset}`, 'none', [registered, newer]);
  await store.close();
  server = await serve(data);
});

afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
  places.remove();
});

describe('a log with an event of a newer version of the program', () => {
  test('refuses acts on its stream with a code that says what is needed', async () => {
    const { errors } = await server.ask('author', RETITLE, { asset });
    expect(errors).toMatchObject([
      { extensions: { code: 'NEWER_PROGRAM_NEEDED' }, message: expect.stringContaining('AssetPutIntoOrbit') },
    ]);
  });

  test('is live and not ready, and names the event that stopped each projection', async () => {
    const ready = await fetch(new URL('/health/ready', server.url));
    const { reasons } = (await ready.json()) as { reasons: readonly string[] };
    expect(ready.status).toBe(503);
    expect(reasons).toContainEqual(
      expect.stringMatching(/^projection library stopped at AssetPutIntoOrbit at 0+2: .*newer version/),
    );
    expect((await fetch(new URL('/health/live', server.url))).status).toBe(200);
  });

  test('is a fault for `tables hash`, which names every projection that stopped', async () => {
    const { code, stdout, stderr } = await palimpsest(['tables', 'hash', '--json', '--data', data]);
    expect(code).toBe(1);
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual(['position', 'projections']);
    expect(stderr).toContain('library stopped at AssetPutIntoOrbit');
    expect(stderr).toContain('campaigns stopped at AssetPutIntoOrbit');
  });
});
