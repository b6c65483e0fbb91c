import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readiness } from '../../src/api/health';
import { type App, createApp } from '../../src/app';
import { loadConfig } from '../../src/config/config';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import { event, newStream } from '../store/given';

const MINUTE = 60_000;

let directory: string;
let app: App;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-behind-'));
  app = await createApp(loadConfig({ data: directory }, {}));
});
afterAll(async () => {
  await app.close();
  rmSync(directory, { recursive: true, force: true });
});

/** An event that another process recorded this long ago. */
async function recorded(ago: number): Promise<string> {
  const store = openSqliteStore(join(directory, 'events.sqlite'), { clock: () => Date.now() - ago });
  const { position } = await store.append(newStream(), 'none', [
    event({ type: 'AssetRegistered', data: { kind: 'image', title: 'Poster', tags: [] } }),
  ]);
  await store.close();
  return position;
}

test('without a projector a server is not ready once an event has waited, however few there are', async () => {
  const read = await recorded(2 * MINUTE);
  await app.runtime.catchUp();
  expect(await readiness(app)).toMatchObject({ ready: true, reads: true, position: read, reasons: [] });
  await recorded(MINUTE);
  const behind = await readiness(app);
  expect(behind).toMatchObject({ ready: false, reads: true });
  expect(behind.reasons).toContainEqual(
    expect.stringMatching(/^projection library is behind \(catchingUp\): an event of 6\d s ago waits for it$/),
  );
});

test('its position is that of the tables, and not the end of the log', async () => {
  const { position } = await readiness(app);
  expect(position).toBe(await app.runtime.reader('library').position());
  expect(position! < (await app.store.head())).toBe(true);
});

test('a new event makes no server unready', async () => {
  await app.runtime.catchUp();
  await recorded(0);
  expect(await readiness(app)).toMatchObject({ ready: true, reasons: [] });
});
