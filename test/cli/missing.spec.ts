import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { directories, json, palimpsest } from './palimpsest';

jest.setTimeout(60_000);

const places = directories();
afterAll(places.remove);

describe('a missing data directory', () => {
  test.each([
    ['head', ['head']],
    ['events', ['events']],
    ['tables hash', ['tables', 'hash']],
    ['rebuild', ['rebuild']],
  ])('is reported by %s, which creates none', async (name, words) => {
    const data = join(places.fresh(), 'nowhere');
    const { code, stdout, stderr } = await palimpsest([...words, '--data', data]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      `palimpsest ${name}: there is no data directory ${data}; name another with --data or PALIMPSEST_DATA\n`,
    );
    expect(existsSync(data)).toBe(false);
  });

  test.each([
    ['a file', (path: string) => writeFileSync(path, '')],
    ['below a file', (path: string) => writeFileSync(join(path, '..'), '')],
    ['a link to itself', (path: string) => symlinkSync(path, path)],
    ['a named pipe', (path: string) => execFileSync('mkfifo', [path])],
  ])('or %s in its place is wrong usage', async (what, make) => {
    const data = join(places.fresh(), ...(what === 'below a file' ? ['file', 'nowhere'] : ['nowhere']));
    make(data);
    for (const words of [['doctor'], ['head'], ['events'], ['tables', 'hash'], ['rebuild'], ['serve']]) {
      const { code, stderr } = await palimpsest([...words, '--data', data]);
      expect({ words, code, stderr }).toEqual({
        words,
        code: 2,
        stderr: expect.stringContaining('is not a directory'),
      });
    }
  });

  test.each(['events.sqlite', 'tables.sqlite', 'events.sqlite-wal', 'people.json'])(
    'in which %s is a named pipe is refused by doctor, which does not block',
    async (name) => {
      const data = places.fresh();
      execFileSync('mkfifo', [join(data, name)]);
      const { code, stderr } = await palimpsest(['doctor', '--data', data]);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`${name} is a named pipe`) });
    },
  );

  test('for the events or the tables is a fault that doctor finds, since no server creates it', async () => {
    const file = join(places.fresh(), 'nowhere', 'x.sqlite');
    for (const name of ['PALIMPSEST_EVENTS', 'PALIMPSEST_TABLES']) {
      const { code, stdout } = await palimpsest(['doctor', '--data', places.fresh()], { [name]: `sqlite:${file}` });
      expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining(`${file} cannot be created`) });
    }
  });

  test('is not created by an import that is refused', async () => {
    const data = join(places.fresh(), 'nowhere');
    const { code, stderr } = await palimpsest(['import', 'git', places.fresh(), '--data', data]);
    expect(code).toBe(2);
    expect(stderr).toContain('is not a git repository');
    expect(existsSync(data)).toBe(false);
  });

  test('is created by the first writer, readable by its owner only', async () => {
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
