import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { directories, json, palimpsest, start } from './palimpsest';

jest.setTimeout(60_000);

const places = directories();
afterAll(() => places.remove());

const GARBAGE = 'this is no database, '.repeat(1000);
const below = (data: string, ...path: readonly string[]): string => {
  const file = join(data, ...path);
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  return file;
};
const write =
  (text: string, ...path: readonly string[]) =>
  (data: string) =>
    writeFileSync(below(data, ...path), text, { mode: 0o600 });
const folder =
  (...path: readonly string[]) =>
  (data: string) =>
    mkdirSync(below(data, ...path), { recursive: true });
const jwk = ['keys', 'development.jwk'] as const;

interface Broken {
  readonly what: string;
  readonly spoil?: (data: string) => void;
  readonly environment?: Readonly<Record<string, string>>;
  readonly code: number;
  readonly said: RegExp;
}

const OIDC = {
  PALIMPSEST_AUTH: 'oidc',
  OIDC_ISSUER: 'http://127.0.0.1:9/',
  OIDC_AUDIENCE: 'palimpsest',
  OIDC_JWKS_URI: 'http://127.0.0.1:9/jwks',
};

const BROKEN: readonly Broken[] = [
  {
    what: 'events that are no database',
    spoil: write(GARBAGE, 'events.sqlite'),
    code: 1,
    said: /not a SQLite database/,
  },
  {
    what: 'events that are a folder',
    spoil: folder('events.sqlite'),
    code: 3,
    said: /events\.sqlite cannot be opened/,
  },
  { what: 'tables that are no database', spoil: write(GARBAGE, 'tables.sqlite'), code: 1, said: /delete it/ },
  {
    what: 'tables that are a folder',
    spoil: folder('tables.sqlite'),
    code: 3,
    said: /tables\.sqlite cannot be opened/,
  },
  {
    what: 'names that are no JSON',
    spoil: write('{', 'people.json'),
    code: 1,
    said: /names of people in .*people\.json/,
  },
  {
    what: 'moments of names that are no JSON',
    spoil: write('{', 'people-seen.json'),
    code: 1,
    said: /people-seen\.json is damaged/,
  },
  { what: 'names that are a list', spoil: write('[]', 'people.json'), code: 1, said: /not an object/ },
  { what: 'names that are a folder', spoil: folder('people.json'), code: 1, said: /names of people/ },
  { what: 'a key that is no JSON', spoil: write('x', ...jwk), code: 3, said: /development key .* cannot be read/ },
  {
    what: 'a key that is none',
    spoil: write('{}', ...jwk),
    code: 3,
    said: /development key .* is not a key.*[Dd]elete/,
  },
  {
    what: 'a key of which a part is wrong',
    spoil: write('{"kty":"EC","crv":"P-256","x":"a","y":"b","d":"c"}', ...jwk),
    code: 3,
    said: /development key .* is not a key/,
  },
  {
    what: 'a key that is null',
    spoil: write('null', ...jwk),
    code: 3,
    said: /the (development )?key .*development\.jwk/,
  },
  { what: 'a key that is a folder', spoil: folder(...jwk), code: 3, said: /the (development )?key .*development\.jwk/ },
  {
    what: 'keys that are a file',
    spoil: write('', 'keys'),
    code: 3,
    said: /the (development )?key .*development\.jwk/,
  },
  { what: 'a host that others can reach', environment: { HOST: '0.0.0.0' }, code: 2, said: /others can reach/ },
  { what: 'a host nobody knows', environment: { ...OIDC, HOST: 'nosuch.invalid' }, code: 2, said: /host name/ },
  {
    what: 'an address of another machine',
    environment: { ...OIDC, HOST: '192.0.2.1' },
    code: 2,
    said: /no such address/,
  },
  { what: 'a port that is none', environment: { PORT: '70000' }, code: 2, said: /PORT must be/ },
  {
    what: 'a certificate that is not there',
    environment: { PALIMPSEST_EVENTS: 'esdb://127.0.0.1:9?tlsCAFile=/nowhere.pem' },
    code: 3,
    said: /certificate file \/nowhere\.pem/,
  },
  {
    what: 'a password file that is not there',
    environment: { PALIMPSEST_EVENTS: 'esdb://127.0.0.1:9', PALIMPSEST_EVENTS_PASSWORD_FILE: '/nowhere' },
    code: 2,
    said: /PALIMPSEST_EVENTS_PASSWORD_FILE cannot be read/,
  },
];

describe('a server that cannot start explains why', () => {
  test.each(BROKEN)('$what', async ({ spoil, environment = {}, code, said }) => {
    const data = places.fresh();
    spoil?.(data);
    const running = start(['serve', '--data', data], { PORT: '0', ...environment });
    // A server that should not start would hold standard output; it is ended, and found out below.
    running.child.stdout!.once('data', () => running.child.kill());
    const ended = await running.ended;
    expect(ended.stderr).toMatch(said);
    expect(ended.code).toBe(code);
    expect(ended.stderr).not.toMatch(/^\s+at |should not happen|fault of this program/m);
  });
});

test('doctor finds that events are lost if only their tables are left', async () => {
  const data = places.fresh();
  await json(['simulate', '--assets', '2', '--seed', '1', '--data', data]);
  await json(['tables', 'hash', '--data', data]);
  for (const lose of [
    () => writeFileSync(join(data, 'events.sqlite'), ''),
    () => rmSync(join(data, 'events.sqlite')),
  ]) {
    lose();
    const { code, stdout } = await palimpsest(['doctor', '--json', '--data', data]);
    expect(code).toBe(1);
    expect(stdout).toContain('events.sqlite is missing or empty, although tables were built from its events');
  }
});

test.each([
  ['no JSON', 'x'],
  ['no key', '{}'],
])('doctor finds a key with which no server starts: %s', async (_what, text) => {
  const data = places.fresh();
  write(text, ...jwk)(data);
  const { code, stdout } = await palimpsest(['doctor', '--json', '--data', data]);
  const { checks } = JSON.parse(stdout) as { readonly checks: readonly { readonly name: string }[] };
  expect(code).toBe(1);
  expect(checks.find(({ name }) => name === 'keys')).toMatchObject({
    ok: false,
    detail: expect.stringContaining('development.jwk'),
  });
});
