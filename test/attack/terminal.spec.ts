import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metadata } from '../../src/domain/event';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import { directories, type Ended, palimpsest } from '../cli/palimpsest';
import { History } from '../import/history';

/** Sets the window title, clears the screen with 8-bit codes, reverses the direction, moves back, and starts a line. */
const EVIL = 'a\u001b]0;owned\u0007\u009b2J\u202eb\rc\u2028d\u007f';
/** Characters possible in a file-system path and on a command line. */
const LINE = `${EVIL}\nreconciled: all is well`;

const made = directories();
afterAll(() => made.remove());

function expectSafe({ stdout, stderr }: Ended): void {
  for (const text of [stdout, stderr]) {
    expect(text).not.toMatch(/(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
    expect(text.split('\n')).not.toContain('reconciled: all is well');
  }
}

/** A log as an older version or another program may have left it, with unchecked texts. */
async function houseOf(type: string): Promise<string> {
  const data = made.fresh();
  const store = openSqliteStore(join(data, 'events.sqlite'));
  const commandId = randomUUID();
  const metadata: Metadata = {
    schemaVersion: '1',
    workspace: EVIL,
    actorId: EVIL,
    actorKind: 'person',
    tool: EVIL,
    occurredAt: '2026-03-02T09:00:00.000Z',
    commandId,
    commandType: 'RegisterAsset',
    commandHash: '0123456789abcdef',
    $correlationId: commandId,
    $causationId: commandId,
  };
  const event = { id: randomUUID(), type, data: { kind: 'image', title: LINE, tags: [EVIL] }, metadata };
  await store.append(`asset-${randomUUID()}`, 'none', [event]);
  await store.close();
  return data;
}

describe('no text from outside reaches a terminal unescaped', () => {
  test('from an event: it is shown as equivalent JSON', async () => {
    const data = await houseOf('AssetRegistered');
    const ended = await palimpsest(['events', '--data', data]);
    expectSafe(ended);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      data: { title: LINE, tags: [EVIL] },
      metadata: { actorId: EVIL },
    });
    for (const command of [['tables', 'hash'], ['head'], ['doctor'], ['doctor', '--json'], ['rebuild']]) {
      expectSafe(await palimpsest([...command, '--data', data]));
    }
  });

  test('from an event that cannot be folded, which stops the projections', async () => {
    const data = await houseOf('VersionAdded');
    for (const command of [['tables', 'hash'], ['doctor'], ['doctor', '--json'], ['rebuild']]) {
      const ended = await palimpsest([...command, '--data', data]);
      expect(ended.code).not.toBe(0);
      expectSafe(ended);
    }
  });

  test.each([
    ['a command', [EVIL]],
    ['an option', ['head', `--${EVIL}`]],
    ['a value', ['events', '--limit', EVIL]],
    ['a position', ['events', '--after', LINE]],
    ['a type', ['events', '--type', EVIL]],
    ['a projection', ['rebuild', '--projection', EVIL]],
    ['a role', ['token', '--role', EVIL]],
    ['a repository', ['import', 'git', `/tmp/${LINE}`]],
    ['a data directory', ['head', '--data', `/tmp/${EVIL}`]],
    ['a data directory to look at', ['doctor', '--data', `/tmp/${EVIL}`]],
    ['a port', ['serve', '--port', EVIL]],
    ['a host', ['serve', '--host', EVIL]],
  ])('from the command line: %s', async (_what, args) => {
    const data = args.includes('--data') ? [] : ['--data', made.fresh()];
    const ended = await palimpsest([...args, ...data]);
    expectSafe(ended);
    expect(ended.stdout + ended.stderr).not.toMatch(/this should not happen/);
  });

  test('from the environment', async () => {
    for (const name of [
      'PORT',
      'HOST',
      'PALIMPSEST_AUTH',
      'PALIMPSEST_LOG',
      'PALIMPSEST_EVENTS',
      'PALIMPSEST_TABLES',
    ]) {
      const ended = await palimpsest(['head', '--data', made.fresh()], { [name]: EVIL });
      expect(ended.code).toBe(2);
      expectSafe(ended);
    }
  });

  test('from the log of a server, as text and as JSON', async () => {
    const file = join(made.fresh(), EVIL);
    writeFileSync(file, '');
    for (const log of ['text', 'json']) {
      expectSafe(await palimpsest(['serve', '--data', file], { PALIMPSEST_LOG: log }));
    }
  });

  test('from a repository: names of files, links, tags, branches and people', async () => {
    const history = new History();
    try {
      history.commit(
        [
          { path: `${LINE}.svg`, content: '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>' },
          { path: `link ${LINE}.svg`, link: `nowhere ${LINE}.svg` },
          { path: `module ${EVIL}`, gitlink: '1'.repeat(40) },
        ],
        { message: `Draw ${EVIL}`, author: `${EVIL.replaceAll(/[\n\r]/g, '')} <ada@studio.example>` },
      );
      const data = made.fresh();
      for (const more of [[], ['--json'], ['--branch', EVIL], ['--branch', LINE]]) {
        expectSafe(await palimpsest(['import', 'git', history.path, '--data', data, ...more]));
      }
      expectSafe(await palimpsest(['events', '--data', data]));
    } finally {
      history.dispose();
    }
  });

  test('from the names of people outside the log, if they cannot be read', async () => {
    const data = await houseOf('AssetRegistered');
    writeFileSync(join(data, 'people.json'), `{"${EVIL}`);
    expectSafe(await palimpsest(['doctor', '--data', data]));
    rmSync(join(data, 'people.json'));
    mkdirSync(join(data, 'people.json'));
    expectSafe(await palimpsest(['serve', '--port', '0', '--data', data]));
  });
});

/** A program of its own, which an auditor runs without ours; its spec looks at what it prints. */
const VERIFIER = 'src/ledger/verifier/node.ts';

/** Every source file below a folder. */
function sources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .map((path) => join(folder, path));
}

test('text leaves the program in one place, besides the progress bar and the end of the process', () => {
  const root = join(__dirname, '..', '..');
  const writers = ['src', 'projections'].flatMap((folder) =>
    sources(join(root, folder)).filter((file) =>
      /\bconsole\.\w+\(|\b(stdout|stderr)\.write\(/.test(readFileSync(file, 'utf8')),
    ),
  );
  const inside = writers.map((file) => file.slice(root.length + 1)).filter((file) => file !== VERIFIER);
  expect(inside.sort()).toEqual(['src/cli.ts', 'src/telemetry/out.ts']);
});
