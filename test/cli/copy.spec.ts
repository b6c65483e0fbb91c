import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CopyResult } from '../../src/store/copying/copying';
import { bundle, type Program } from '../support/bundle';
import { startFarEnd } from '../support/eventstoredb/server';
import { emptyDatabase } from '../support/postgres';
import { directories, json, palimpsest } from './palimpsest';

const places = directories();
let program: Program;
let old: string;
let made: { readonly events: number };

beforeAll(async () => {
  program = await bundle(join(__dirname, '..', 'copy', 'copying-program.ts'));
  old = places.fresh();
  made = await json(['simulate', '--assets', '600', '--seed', '3', '--data', old]);
}, 60_000);
afterAll(() => {
  program.remove();
  places.remove();
});

const eventsIn = (data: string) => join(data, 'events.sqlite');
async function hashOf(data: string, environment?: Readonly<Record<string, string>>): Promise<unknown> {
  const { code, stdout, stderr } = await palimpsest(['tables', 'hash', '--json', '--data', data], environment);
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { projections: unknown }).projections;
}

describe('copy', () => {
  test('moves a whole house, and its tables are equal', async () => {
    const fresh = join(places.fresh(), 'new', 'house');
    const result = await json<CopyResult>(['copy', '--data', old, '--to', `sqlite:${eventsIn(fresh)}`]);
    expect(result).toMatchObject({ copied: made.events, same: true, differences: [], since: 0 });
    expect(result.source).toEqual(result.target);
    expect(result.source.events).toBe(made.events);
    expect(await hashOf(fresh)).toEqual(await hashOf(old));
  }, 60_000);

  test('moves a house to a server and back, and its tables are equal everywhere', async () => {
    const [small, back] = [places.fresh(), places.fresh()];
    const { events } = await json<{ events: number }>(['simulate', '--assets', '40', '--seed', '5', '--data', small]);
    const server = await startFarEnd();
    const far = `${server.url}&streamPrefix=moved`;
    const moved = await json<CopyResult>(['copy', '--data', small, '--to', far]);
    expect(moved).toMatchObject({ copied: events, same: true, target: moved.source });
    const before = await hashOf(small);
    // The tables in the data directory belong to the old store: this is detected, and they are rebuilt.
    expect(await hashOf(small, { PALIMPSEST_EVENTS: far })).toEqual(before);
    expect(await hashOf(back, { PALIMPSEST_EVENTS: far, PALIMPSEST_TABLES: await emptyDatabase() })).toEqual(before);
    const returned = await json<CopyResult>(['copy', '--from', far, '--to', `sqlite:${eventsIn(back)}`]);
    expect(returned).toMatchObject({ copied: events, same: true, target: moved.source });
    expect(await hashOf(back)).toEqual(before);
    expect(await hashOf(small)).toEqual(before);
    await server.stop();
  }, 60_000);

  test('resumes after it was killed in the middle of writing', async () => {
    const fresh = places.fresh();
    for (const appends of [40, 15]) {
      const child = program.run(eventsIn(old), eventsIn(fresh));
      let left = appends;
      for await (const _line of createInterface({ input: child.stdout! })) {
        left -= 1;
        if (left === 0) child.kill('SIGKILL');
      }
      expect(left).toBeLessThanOrEqual(0);
      expect(child.signalCode ?? (await once(child, 'exit'))[1]).toBe('SIGKILL');
    }
    const args = ['copy', '--from', `sqlite:${eventsIn(old)}`, '--to', `sqlite:${eventsIn(fresh)}`];
    const result = await json<CopyResult>(args);
    expect(result.same).toBe(true);
    expect(result.copied).toBeGreaterThan(0);
    expect(result.copied).toBeLessThan(made.events);
    expect(await json<CopyResult>(args)).toMatchObject({ copied: 0, same: true, target: result.target });
    const { code, stdout } = await palimpsest(args);
    expect(code).toBe(0);
    expect(stdout).toContain('both stores are equal');
  }, 60_000);

  test('refuses a target in use, with advice', async () => {
    const theirs = places.fresh();
    await json(['simulate', '--assets', '2', '--seed', '9', '--data', theirs]);
    const { code, stderr } = await palimpsest(['copy', '--data', old, '--to', `sqlite:${eventsIn(theirs)}`]);
    expect(code).toBe(2);
    expect(stderr).toContain('the target holds other events than the source, event 1 (');
    expect(stderr).toContain('A copy needs an empty store');
  });

  test('refuses to copy a house onto itself', async () => {
    const another = join(places.fresh(), 'link.sqlite');
    symlinkSync(eventsIn(old), another);
    for (const name of [eventsIn(old), another]) {
      const { code, stderr } = await palimpsest(['copy', '--data', old, '--to', `sqlite:${name}`]);
      expect([code, stderr]).toEqual([2, 'palimpsest copy: --from and --to name the same store\n']);
    }
  });
});
