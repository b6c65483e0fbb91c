import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createProgram } from '../../src/cli/program';
import { directories, palimpsest } from './palimpsest';

const places = directories();
afterAll(places.remove);

/** Every command as it is typed; those of a group with its name in front. */
const COMMANDS = createProgram().commands.flatMap((command) =>
  command.commands.length === 0 ? [[command.name()]] : command.commands.map((part) => [command.name(), part.name()]),
);

describe('help', () => {
  test.each(COMMANDS)('%s %s includes examples', async (...words) => {
    const { code, stdout } = await palimpsest([...words.filter((word) => word !== undefined), '--help']);
    expect(code).toBe(0);
    for (const part of ['Usage: npm run -s palimpsest -- ', '--data <dir>', '--json', 'Examples:\n  $ '])
      expect(stdout).toContain(part);
    // Each example can be pasted: it has no other command, and no setting in place of a palimpsest command.
    expect(stdout).not.toMatch(/\$ npm run -s palimpsest -- (\w+=|curl)/);
  });

  test('names every command and every exit code', async () => {
    const { code, stdout } = await palimpsest(['--help']);
    expect(code).toBe(0);
    for (const [word] of COMMANDS) expect(stdout).toContain(`  ${word} `);
    expect(stdout).toMatch(/0 done; 1 .*; 2 .*;\n3 .*; 130 /);
  });
});

describe('wrong usage ends with 2 and a message that says what is wrong', () => {
  test.each([
    ['no command', [], 'Usage: npm run -s palimpsest -- '],
    ['an unknown command', ['hed'], 'Did you mean head?'],
    ['an unknown command of a group', ['tables', 'hsh'], 'Did you mean hash?'],
    ['an unknown option', ['head', '--jsn'], 'Did you mean --json?'],
    ['an argument too many', ['head', 'north'], 'too many arguments'],
    ['a missing option', ['token'], '--role'],
    ['an unknown role', ['token', '--role', 'owner'], 'author, approver, analyst, auditor'],
    ['an actor with a line break', ['token', '--role', 'author', '--actor', 'a\nb'], '--actor'],
    ['a position that is none', ['events', '--after', 'yesterday'], '--after must be a position'],
    ['a limit that is none', ['events', '--limit', 'many'], '--limit must be a whole number'],
    ['an unknown projection', ['tables', 'hash', '--projection', 'libary'], 'there are history, library, '],
    ['an unknown projection to rebuild', ['rebuild', '--projection', 'libary'], 'there are history, library, '],
    ['a path that is no repository', ['import', 'git', join(__dirname, 'nowhere')], 'nowhere'],
    ['a number of assets that is none', ['simulate', '--assets', 'few', '--seed', '1'], '--assets'],
    ['a copy to nowhere', ['copy'], '--to'],
    ['a store of an unknown kind', ['copy', '--to', 'mysql://localhost'], '--to must be'],
    ['a source that is not there', ['copy', '--from', 'sqlite:nowhere.sqlite', '--to', 'sqlite:x'], 'nowhere.sqlite'],
    ['a port that is none', ['serve', '--port', 'http'], '--port must be a whole number'],
    ['a host that is none', ['serve', '--host', 'a b'], '--host must be an IP address'],
    ['more assets than a year takes', ['simulate', '--assets', '9999999999', '--seed', '1'], 'from 1 to 999999999'],
  ])('%s', async (_what, args, message) => {
    const { code, stdout, stderr } = await palimpsest([
      ...args,
      ...(args.length > 1 ? ['--data', places.fresh()] : []),
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test.each([
    [
      'a store it does not know',
      { PALIMPSEST_EVENTS: 'mysql://localhost' },
      'PALIMPSEST_EVENTS must be sqlite:<path>, esdb://',
    ],
    ['development tokens for others', { HOST: '0.0.0.0' }, 'HOST is 0.0.0.0'],
    ['half an identity provider', { PALIMPSEST_AUTH: 'oidc' }, 'OIDC_ISSUER is needed'],
  ])('%s in the environment', async (_what, environment, message) => {
    const { code, stderr } = await palimpsest(['serve', '--data', places.fresh()], environment);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('a data directory that cannot be created', async () => {
    const data = '/proc/palimpsest/nowhere';
    const { code, stderr } = await palimpsest(['serve', '--port', '0', '--data', data]);
    expect(code).toBe(3);
    expect(stderr).toContain(`the data directory ${data} cannot be used`);
  });

  test('a data directory that is a file', async () => {
    const file = join(places.fresh(), 'file');
    writeFileSync(file, '');
    const other = 'name another with --data or PALIMPSEST_DATA';
    for (const data of [file, join(file, 'below')]) {
      const { code, stderr } = await palimpsest(['head', '--data', data]);
      expect({ code, stderr }).toEqual({ code: 2, stderr: `palimpsest head: ${data} is not a directory; ${other}\n` });
    }
  });
});

describe('an unavailable resource ends with 3 and a message that names it', () => {
  test('a port in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const { code, stderr } = await palimpsest(['serve', '--port', String(port), '--data', places.fresh()]);
    other.close();
    expect(code).toBe(3);
    expect(stderr).toContain(`the port is in use: 127.0.0.1:${port}`);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('an event file that is a directory', async () => {
    const data = places.fresh();
    mkdirSync(join(data, 'events.sqlite'));
    const { code, stderr } = await palimpsest(['head', '--data', data]);
    expect(code).toBe(3);
    expect(stderr).toContain(join(data, 'events.sqlite'));
  });
});

describe('a fault in the data ends with 1 and a message that names it', () => {
  test.each(['head', 'events', 'serve', 'rebuild', 'doctor'])('a damaged event file: %s', async (command) => {
    const data = places.fresh();
    writeFileSync(join(data, 'events.sqlite'), 'this is no database, '.repeat(1000));
    const { code, stdout, stderr } = await palimpsest([command, '--data', data]);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain(`${join(data, 'events.sqlite')} is not a SQLite database`);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
