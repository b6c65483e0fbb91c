import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventIdOf } from '../../src/execute/eventid';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import { directories, json, palimpsest } from './palimpsest';

jest.setTimeout(60_000);

interface Event {
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly recordedAt: string;
  readonly metadata: { readonly actorId: string; readonly occurredAt: string };
}

interface Hash {
  readonly position: string;
  readonly projections: Readonly<Record<string, { version: number; rows: number; sha256: string }>>;
}

const places = directories();
const data = places.fresh();
let made: { events: number; assets: number; campaigns: number; seconds: number };

beforeAll(async () => {
  made = await json(['simulate', '--assets', '60', '--seed', '3', '--data', data]);
});
afterAll(places.remove);

async function events(...args: string[]): Promise<readonly Event[]> {
  const { code, stdout } = await palimpsest(['events', '--data', data, ...args]);
  expect(code).toBe(0);
  return stdout === ''
    ? []
    : stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Event);
}

describe('simulate', () => {
  test('reports what it made', async () => {
    expect(made).toMatchObject({ assets: 60, events: expect.any(Number), campaigns: expect.any(Number) });
    expect(made.events).toBeGreaterThan(60);
  });

  test('reports that it wrote nothing if the whole year exists', async () => {
    const { code, stdout } = await palimpsest(['simulate', '--assets', '60', '--seed', '3', '--data', data]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Nothing was written')]);
  });

  test('records events when they occurred, in a log of its own', async () => {
    for (const { recordedAt, metadata } of await events())
      expect(Date.parse(recordedAt) - Date.parse(metadata.occurredAt)).toBe(250);
  });

  test('records events when they are written, in a log with other events', async () => {
    const shared = places.fresh();
    const begun = new Date().toISOString();
    await json(['simulate', '--assets', '2', '--seed', '8', '--data', shared]);
    await json(['simulate', '--assets', '2', '--seed', '9', '--data', shared]);
    const { stdout } = await palimpsest(['events', '--data', shared]);
    const last = JSON.parse(stdout.trim().split('\n').at(-1)!) as { recordedAt: string };
    expect(last.recordedAt >= begun).toBe(true);
  });

  test('makes the same world from the same seed, and a different one from another', async () => {
    const hashes: string[] = [];
    for (const seed of ['3', '4']) {
      const other = places.fresh();
      await json(['simulate', '--assets', '60', '--seed', seed, '--data', other]);
      hashes.push((await json<Hash>(['tables', 'hash', '--data', other])).projections.library!.sha256);
    }
    const { projections } = await json<Hash>(['tables', 'hash', '--data', data]);
    expect(projections.library!.sha256).toBe(hashes[0]);
    expect(projections.library!.sha256).not.toBe(hashes[1]);
  });
});

describe('events', () => {
  test('prints the whole log, one event per line, envelope included', async () => {
    const all = await events();
    expect(all).toHaveLength(made.events);
    expect(all.map(({ position }) => position)).toEqual([...all.map(({ position }) => position)].sort());
    for (const { metadata } of all) expect(metadata.actorId).not.toBe('');
  });

  test('agrees with head', async () => {
    const all = await events();
    const head = {
      position: all.at(-1)!.position,
      events: all.length,
      streams: new Set(all.map((e) => e.stream)).size,
    };
    expect(await json(['head', '--data', data])).toEqual(head);
  });

  test('prints the events after one position and up to another', async () => {
    const all = await events();
    const [from, to] = [all[9]!.position, all[19]!.position];
    expect(await events('--after', from, '--until', to)).toEqual(all.slice(10, 20));
    expect(await events('--after', String(Number(from)), '--limit', '3')).toEqual(all.slice(10, 13));
    expect(await events('--limit', '0')).toEqual([]);
  });

  test('prints one stream, one type, or one type of one stream', async () => {
    const all = await events();
    const { stream } = all.find(({ type }) => type === 'ReviewRequested')!;
    const ofStream = all.filter((event) => event.stream === stream);
    expect(await events('--stream', stream)).toEqual(ofStream);
    expect(await events('--type', 'ApprovalGranted')).toEqual(all.filter(({ type }) => type === 'ApprovalGranted'));
    expect(await events('--stream', stream, '--type', 'ReviewRequested', '--limit', '1')).toEqual(
      ofStream.filter(({ type }) => type === 'ReviewRequested').slice(0, 1),
    );
  });

  test('prints nothing for an unknown stream, and says so for an event type that no version writes', async () => {
    expect(await events('--stream', 'asset-nowhere')).toEqual([]);
    const { stdout, stderr } = await palimpsest(['events', '--type', 'AssetBurnt', '--data', data]);
    expect([stdout, stderr]).toEqual(['', expect.stringContaining('no event type AssetBurnt')]);
  });

  test('ends quietly when its reader has seen enough', () => {
    const launcher = join(__dirname, '..', '..', 'run.cjs');
    const line = `"${process.execPath}" "${launcher}" events --data "${data}" | head -n 1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
    expect(JSON.parse(stdout)).toMatchObject({ revision: 0 });
    expect(stderr).toBe('');
  });
});

describe('tables hash', () => {
  test('is the same live, rebuilt, and built from scratch', async () => {
    const live = await json<Hash>(['tables', 'hash', '--data', data]);
    expect(live.position).toBe((await json<{ position: string }>(['head', '--data', data])).position);
    const { events: folded, switched } = await json<{ events: number; switched: string[] }>([
      'rebuild',
      '--data',
      data,
    ]);
    expect(folded).toBe(made.events);
    expect(switched).toEqual(Object.keys(live.projections));
    expect(await json(['tables', 'hash', '--data', data])).toEqual(live);
    for (const ending of ['', '-wal', '-shm']) rmSync(join(data, `tables.sqlite${ending}`), { force: true });
    expect(await json(['tables', 'hash', '--data', data])).toEqual(live);
  });

  test('covers a single projection on request', async () => {
    const all = await json<Hash>(['tables', 'hash', '--data', data]);
    const one = await json<Hash>(['tables', 'hash', '--projection', 'archive', '--data', data]);
    expect(one).toEqual({ position: all.position, projections: { archive: all.projections.archive } });
  });
});

describe('doctor', () => {
  interface Report {
    readonly ok: boolean;
    readonly checks: readonly { name: string; ok: boolean; detail: string; advice: string }[];
  }

  async function failing(directory: string): Promise<{ code: number | null; failed: Report['checks'] }> {
    const { code, stdout } = await palimpsest(['doctor', '--json', '--data', directory]);
    const { checks } = JSON.parse(stdout) as Report;
    return { code, failed: checks.filter(({ ok }) => !ok) };
  }

  test('finds nothing wrong with a healthy house', async () => {
    await json(['tables', 'hash', '--data', data]);
    const { ok, checks } = await json<Report>(['doctor', '--data', data]);
    expect(ok).toBe(true);
    const names = ['data directory', 'event store', 'tables', 'clock', 'disk', 'keys'];
    expect(checks.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    expect(checks.filter(({ name }) => name.startsWith('projection ')).every(({ advice }) => advice === '')).toBe(true);
  });

  test('reports a missing data directory as wrong usage, and creates none', async () => {
    const missing = join(places.fresh(), 'not', 'there');
    const { code, stdout, stderr } = await palimpsest(['doctor', '--json', '--data', missing]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      `palimpsest doctor: there is no data directory ${missing}; name another with --data or PALIMPSEST_DATA\n`,
    );
    expect(existsSync(missing)).toBe(false);
  });

  test('finds nothing wrong with a house without events, and creates nothing in it', async () => {
    const empty = places.fresh();
    expect((await json<Report>(['doctor', '--data', empty])).ok).toBe(true);
    expect(readdirSync(empty)).toEqual([]);
  });

  test('refuses a data directory that is a file, or below one, as wrong usage', async () => {
    const file = join(places.fresh(), 'file');
    writeFileSync(file, '');
    for (const data of [file, join(file, 'below')]) {
      const { code, stdout, stderr } = await palimpsest(['doctor', '--json', '--data', data]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(`${data} is not a directory; name another with --data or PALIMPSEST_DATA`);
    }
  });

  test('distinguishes a damaged table file from damaged events, with advice for each', async () => {
    const damaged = places.fresh();
    await json(['simulate', '--assets', '2', '--seed', '1', '--data', damaged]);
    writeFileSync(join(damaged, 'tables.sqlite'), 'this is no database, '.repeat(1000));
    const tables = await failing(damaged);
    expect(tables.code).toBe(1);
    expect(tables.failed[0]).toMatchObject({ name: 'tables', advice: expect.stringContaining('delete tables.sqlite') });
    writeFileSync(join(damaged, 'events.sqlite'), 'this is no database, '.repeat(1000));
    const both = await failing(damaged);
    expect(both.failed[0]).toMatchObject({ name: 'event store', advice: expect.stringContaining('backup') });
  });

  test('finds events that have waited long for a projector, and says how long', async () => {
    const left = places.fresh();
    const hour = Date.now() - 3_600_000 * 3;
    const store = openSqliteStore(join(left, 'events.sqlite'), { clock: () => hour });
    const id = '5f0e4f59-9a5e-4c5f-8b7c-9d117b0e3c52';
    const metadata = {
      schemaVersion: '1',
      workspace: 'default',
      actorId: 'ana',
      actorKind: 'person',
      tool: 'spec',
      occurredAt: new Date(hour).toISOString(),
      commandId: id,
      commandType: 'RegisterAsset',
      commandHash: '0123456789abcdef',
      $correlationId: id,
      $causationId: id,
    } as const;
    const data = { kind: 'image', title: 'Poster', tags: [] };
    const registered = { type: 'AssetRegistered', data, metadata };
    const stream = `asset-${id}`;
    await store.append(stream, 'none', [{ ...registered, id: eventIdOf(stream, 0, registered) }]);
    await store.close();
    const { code, failed } = await failing(left);
    expect(code).toBe(1);
    expect(failed.find(({ name }) => name === 'projection library')).toMatchObject({
      detail: expect.stringContaining('the oldest unfolded event is 3 h old'),
      advice: expect.stringContaining('palimpsest project'),
    });
    await json(['tables', 'hash', '--data', left]);
    expect((await json<Report>(['doctor', '--data', left])).ok).toBe(true);
  });

  test('finds a key that others can read', async () => {
    const open = places.fresh();
    await json(['token', '--role', 'author', '--data', open]);
    chmodSync(join(open, 'keys', 'development.jwk'), 0o644);
    expect(await failing(open)).toMatchObject({
      code: 1,
      failed: [{ name: 'keys', advice: expect.stringContaining('chmod') }],
    });
  });
});
