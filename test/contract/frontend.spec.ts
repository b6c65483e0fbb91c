import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { directories, palimpsest, type Server, serve } from '../cli/palimpsest';
import { blocksOf } from '../manners/readme';
import { complaints, generated } from './generate';

const ROOT = join(__dirname, '..', '..');
const TUTORIAL = blocksOf(readFileSync(join(ROOT, 'docs/frontend.md'), 'utf8'));

/** The files of the tutorial in one of these languages, by name. */
const filesIn = (...languages: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    TUTORIAL.filter(({ info: [language, name] }) => languages.includes(language!) && name !== undefined).map(
      ({ info: [, name], text }) => [name!, `${text}\n`],
    ),
  );

/** Commands that prepare the server and the project; the test itself does their work. */
const preparations = TUTORIAL.filter(({ info }) => info[0] === 'sh' && info[1] !== undefined)
  .map(({ text }) => text)
  .join('\n');
/** Each command of the tutorial that runs one of its files, with the output printed under it. */
const steps = TUTORIAL.flatMap(({ info, text }, index) => {
  if (info.join(' ') !== 'sh') return [];
  return [{ command: text, output: TUTORIAL[index + 1]?.info[0] === 'text' ? TUTORIAL[index + 1]?.text : undefined }];
});

describe('docs/frontend.md', () => {
  const places = directories();
  let server: Server;
  let project: string;
  let token: string;

  beforeAll(async () => {
    const data = places.fresh();
    server = await serve(data);
    const [, role] = preparations.match(/ token --role (\w+)/)!;
    token = (await palimpsest(['token', '--role', role!, '--data', data])).stdout.trim();
    project = places.fresh();
    symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
    for (const [name, text] of filesIn('js')) {
      mkdirSync(dirname(join(project, name)), { recursive: true });
      writeFileSync(join(project, name), text);
    }
  });
  afterAll(async () => {
    server.child.kill('SIGKILL');
    await server.ended;
    places.remove();
  });

  test('installs only packages that are tested here', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const tested = Object.keys({ ...dependencies, ...devDependencies });
    const installed = [...preparations.matchAll(/^npm install (?:--save-dev )?(.+)$/gm)].flatMap(([, names]) =>
      names!.split(' '),
    );
    expect(installed.length).toBeGreaterThan(5);
    // The code generator's CLI only reads its configuration; its core and plugins are tested.
    expect(installed.filter((name) => !tested.includes(name))).toEqual(['@graphql-codegen/cli']);
  });

  test('covers every block: each is a file, a preparation, a step, or its output', () => {
    expect(steps.map(({ output }) => output)).not.toContain(undefined);
    expect(filesIn('js', 'ts', 'graphql').size + TUTORIAL.filter(({ info }) => info[0] === 'sh').length).toBe(
      TUTORIAL.length - steps.length,
    );
  });

  // The steps build on one another, so they run in the order of the tutorial.
  test.each(steps)('prints what the tutorial says: $command', async ({ command, output }) => {
    const [program, ...args] = command.split(' ');
    expect(program).toBe('node');
    const environment = { PALIMPSEST_URL: server.url, PALIMPSEST_TOKEN: token };
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: project,
      env: { ...process.env, ...environment },
    });
    expect(stdout).toBe(`${output}\n`);
  });

  test('ends with types under which its program compiles', async () => {
    const [document, ...others] = filesIn('graphql').values();
    expect(others).toEqual([]);
    expect(complaints(new Map([...(await generated(document!)), ...filesIn('ts')]))).toEqual([]);
  });
});
