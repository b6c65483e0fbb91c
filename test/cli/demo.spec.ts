import { createInterface } from 'node:readline';
import { directories, type Ended, json, palimpsest, start } from './palimpsest';

const DAY = 86_400_000;
const places = directories();
afterAll(() => places.remove());

interface Demo {
  readonly said: string;
  readonly url: string;
  ask<T>(query: string): Promise<T>;
  stop(): Promise<Ended>;
}

/** Starts the demo in a directory and waits until it serves. */
async function demo(data: string): Promise<Demo> {
  const { child, ended } = start(['demo', '--data', data, '--port', '0', '--json']);
  let said = '';
  child.stderr!.on('data', (text: string) => {
    said += text;
  });
  for await (const line of createInterface({ input: child.stdout! })) {
    const { url, tokens } = JSON.parse(line) as { url: string; tokens: Record<string, string> };
    const ask = async <T>(query: string): Promise<T> => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokens.analyst}` };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
      return ((await response.json()) as { data: T }).data;
    };
    const stop = () => {
      child.kill('SIGTERM');
      return ended;
    };
    return { said, url, ask, stop };
  }
  throw new Error((await ended).stderr);
}

describe('the demo', () => {
  const data = places.fresh();
  let running: Demo;
  beforeAll(async () => {
    running = await demo(data);
    const { head } = await running.ask<{ head: { position: string } }>('{ head { position } }');
    await running.ask(`{ head(waitFor: "${head.position}") { position } }`);
  }, 60_000);
  afterAll(() => running.stop());

  test('prints what it serves, and where', () => {
    expect(running.said).toContain(data);
    expect(running.said).toMatch(/\d+ events, a year from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d/);
  });

  test('has pictures to look at, each of its own', async () => {
    const { assets } = await running.ask<{
      assets: {
        nodes: { currentVersion: { digest: string; mediaType: string; content: { thumbnail: { url: string } } } }[];
      };
    }>(
      '{ assets(filter: { kindIn: [IMAGE], currentVersion: {} }, first: 100) { nodes { currentVersion { digest mediaType content { thumbnail(width: 96) { url } } } } } }',
    );
    const versions = assets.nodes.map(({ currentVersion }) => currentVersion).filter((version) => version !== null);
    expect(versions.length).toBeGreaterThan(50);
    expect(new Set(versions.map(({ digest }) => digest)).size).toBe(versions.length);
    expect(new Set(versions.map(({ mediaType }) => mediaType))).toEqual(new Set(['image/svg+xml']));
    const picture = await fetch(new URL(versions[0]!.content.thumbnail.url, running.url));
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/webp']);
  });

  test('has some twenty reviews that have waited for different times', async () => {
    const { assets } = await running.ask<{ assets: { nodes: { changedAt: string }[] } }>(
      '{ assets(filter: { statusIn: [IN_REVIEW] }, first: 100) { nodes { changedAt } } }',
    );
    const days = assets.nodes.map(({ changedAt }) => Math.floor((Date.now() - Date.parse(changedAt)) / DAY));
    expect(days.length).toBeGreaterThanOrEqual(12);
    expect(days.length).toBeLessThanOrEqual(35);
    expect(new Set(days).size).toBeGreaterThan(5);
    expect(Math.max(...days)).toBeGreaterThan(14);
  });

  test('has open campaigns, and placements that still run although their approval lapsed', async () => {
    type Answer = {
      campaigns: { nodes: { status: string }[] };
      placements: { nodes: { approval: { live: boolean } | null }[] };
    };
    const { campaigns, placements } = await running.ask<Answer>(
      '{ campaigns(first: 50) { nodes { status } } placements(filter: { running: true }, first: 100) { nodes { approval { live } } } }',
    );
    expect(campaigns.nodes.filter(({ status }) => status === 'LAUNCHED').length).toBeGreaterThan(3);
    expect(placements.nodes.some(({ approval }) => approval?.live === false)).toBe(true);
    expect(placements.nodes.some(({ approval }) => approval?.live === true)).toBe(true);
  });

  test('names its people', async () => {
    const { history } = await running.ask<{ history: { nodes: { actor: { name: string | null } }[] } }>(
      '{ history(first: 100) { nodes { actor { name } } } }',
    );
    const names = history.nodes.map(({ actor }) => actor.name).filter((name) => name !== null);
    expect(names.length).toBeGreaterThan(80);
    expect(new Set(names).size).toBeGreaterThan(5);
  });

  test('has events recorded throughout the year, each when it occurred', async () => {
    type Answer = { history: { nodes: { occurredAt: string; recordedAt: string }[] } };
    const { history } = await running.ask<Answer>('{ history(first: 100) { nodes { occurredAt recordedAt } } }');
    for (const { occurredAt, recordedAt } of history.nodes)
      expect(Math.abs(Date.parse(recordedAt) - Date.parse(occurredAt))).toBeLessThan(1000);
    expect(Date.parse(history.nodes[0]!.recordedAt)).toBeLessThan(Date.now() - 300 * DAY);
  });
});

/** Ids of the events of the year. What the serving process then reads in its pictures is added beside them. */
async function yearIn(data: string): Promise<readonly string[]> {
  const { stdout } = await palimpsest(['events', '--data', data]);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; type: string });
  return events.filter(({ type }) => type !== 'ContentAnalysed').map(({ id }) => id);
}

test('a demo that is started again serves the same year', async () => {
  const data = places.fresh();
  const first = await demo(data);
  await first.stop();
  const before = await yearIn(data);
  expect(before.length).toBeGreaterThan(3000);
  const again = await demo(data);
  expect((await again.stop()).code).toBe(0);
  expect(await yearIn(data)).toEqual(before);
}, 60_000);

test('a demo does not touch a log that it did not write', async () => {
  const data = places.fresh();
  await json(['simulate', '--assets', '2', '--seed', '9', '--data', data]);
  const before = await json<{ position: string }>(['head', '--data', data]);
  const { code, stderr } = await start(['demo', '--data', data, '--port', '0']).ended;
  expect([code, stderr]).toEqual([2, expect.stringContaining('holds a log that the demo did not write')]);
  expect(await json(['head', '--data', data])).toEqual(before);
});
