import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { directories, json, palimpsest } from './palimpsest';

jest.setTimeout(60_000);

const places = directories();
afterAll(places.remove);

describe('a data directory that is not there', () => {
  test.each([
    ['head', ['head']],
    ['events', ['events']],
    ['tables hash', ['tables', 'hash']],
    ['rebuild', ['rebuild']],
  ])('is said by %s, which makes none', async (name, words) => {
    const data = join(places.fresh(), 'nowhere');
    const { code, stdout, stderr } = await palimpsest([...words, '--data', data]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      `palimpsest ${name}: there is no data directory ${data}; name another with --data or PALIMPSEST_DATA\n`,
    );
    expect(existsSync(data)).toBe(false);
  });

  test('is not made by an import that is refused', async () => {
    const data = join(places.fresh(), 'nowhere');
    const { code, stderr } = await palimpsest(['import', 'git', places.fresh(), '--data', data]);
    expect(code).toBe(2);
    expect(stderr).toContain('is no git repository');
    expect(existsSync(data)).toBe(false);
  });

  test('is made by whoever writes, for its owner only, with everything in it', async () => {
    const data = join(places.fresh(), 'new');
    await json(['simulate', '--assets', '2', '--seed', '1', '--data', data]);
    await json(['tables', 'hash', '--data', data]);
    await json(['token', '--role', 'author', '--data', data]);
    const open = ['.', ...readdirSync(data, { recursive: true })]
      .map((name) => join(data, String(name)))
      .filter((path) => (statSync(path).mode & 0o077) !== 0);
    expect(open).toEqual([]);
  });
});
