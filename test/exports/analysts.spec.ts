import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { directories, palimpsest, type Server, serve } from '../cli/palimpsest';
import { blocksOf } from '../manners/readme';

jest.setTimeout(120_000);

const ROOT = join(__dirname, '..', '..');
const PREFIX = 'npm run -s palimpsest -- ';
const TUTORIAL = blocksOf(readFileSync(join(ROOT, 'docs/analysts.md'), 'utf8'));
const blocksAs = (...info: readonly string[]) => TUTORIAL.filter((block) => block.info.join(' ') === info.join(' '));

const files = TUTORIAL.filter(({ info }) => info[0] === 'js').map(({ info: [, name], text }) => ({
  name: name!,
  text,
}));
/** Commands typed in the checkout, one per line. */
const commands = blocksAs('sh', 'checkout').flatMap(({ text }) => text.split('\n'));
/** Each command of the tutorial, with the output printed under it. */
const steps = TUTORIAL.flatMap(({ info, text }, index) => {
  if (info.join(' ') !== 'sh') return [];
  return [{ command: text, output: TUTORIAL[index + 1]?.info[0] === 'text' ? TUTORIAL[index + 1]?.text : undefined }];
});
const [making, ...asking] = steps;

/** The package is a development dependency, but no machine is required to have it. */
function isDuckDbThere(): boolean {
  try {
    require.resolve('@duckdb/node-api');
    return true;
  } catch {
    console.warn('@duckdb/node-api is not installed: what needs it of docs/analysts.md is not run');
    return false;
  }
}

describe('docs/analysts.md', () => {
  const places = directories();
  const lab = places.fresh();
  const hasDuckDb = isDuckDbThere();
  let server: Server;
  let token: string;

  /** Runs a command of the tutorial unchanged, and returns its output. */
  async function run(command: string): Promise<string> {
    if (command.startsWith('curl ')) return request(command);
    const [, program, given = ''] = /^(node) (.*)$/s.exec(command)!;
    expect(program).toBe('node');
    const args = [...given.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
    const env = { ...process.env, TOKEN: token, PALIMPSEST: server && new URL(server.url).origin };
    return (await promisify(execFile)(process.execPath, args, { cwd: lab, env })).stdout;
  }

  /** What curl requests with `-G` and `-d`. */
  async function request(command: string): Promise<string> {
    const [, head, address] = /-H "(Authorization: Bearer \$TOKEN)" (http:\S+)/.exec(command)!;
    const parameters = [...command.matchAll(/ -d (\S+)/g)].map(([, given]) => given!.split('=') as [string, string]);
    const url = new URL(`${new URL(address!).pathname}?${new URLSearchParams(parameters)}`, server.url);
    const authorization = head!.replace('Authorization: ', '').replace('$TOKEN', token);
    const answer = await (await fetch(url, { headers: { authorization } })).text();
    return answer.replaceAll('\r\n', '\n');
  }

  beforeAll(async () => {
    symlinkSync(join(ROOT, 'node_modules'), join(lab, 'node_modules'));
    for (const { name, text } of files) writeFileSync(join(lab, name), `${text}\n`);
  });

  afterAll(async () => {
    server?.child.kill('SIGKILL');
    await server?.ended;
    places.remove();
  });

  test('creates its history', async () => {
    expect(await run(making!.command)).toBe(`${making!.output}\n`);
  });

  test('imports, exports and serves with working commands', async () => {
    expect(commands.length).toBeGreaterThan(8);
    for (const command of commands) {
      expect(command.startsWith(PREFIX)).toBe(true);
      const args = command.slice(PREFIX.length).replaceAll('../lab', lab).split(' ');
      if (args[0] === 'serve') server = await serve(join(lab, 'data'));
      else if (hasDuckDb || !command.includes('.parquet')) {
        const { code, stdout, stderr } = await palimpsest(args);
        expect([command, code, code === 0 ? '' : stderr]).toEqual([command, 0, '']);
        if (args[0] === 'token') token = stdout.trim();
      }
    }
  });

  test.each(asking)('prints what the tutorial says: $command', async ({ command, output }) => {
    if (!hasDuckDb && !command.startsWith('curl ')) return;
    expect(await run(command)).toBe(`${output}\n`);
  });

  test('asks ten questions and six more, each with one request or one line of SQL', () => {
    const questions = asking.filter(({ command }) => /^(curl|node sql\.mjs) /.test(command));
    expect(questions).toHaveLength(16);
    for (const { command } of questions) expect(command).not.toContain('\n');
  });

  test('covers every block: each is a file, a preparation, a step, or its output', () => {
    expect(steps.map(({ output }) => output)).not.toContain(undefined);
    const prepared = [...blocksAs('sh', 'checkout'), ...blocksAs('sh', 'lab')];
    expect(files.length + prepared.length + 2 * steps.length).toBe(TUTORIAL.length);
  });

  test('installs the version of DuckDB that is tested', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const named = [...blocksAs('sh', 'lab')].flatMap(({ text }) => text.match(/@duckdb\/node-api@\S+/g) ?? []);
    expect(named).toEqual([`@duckdb/node-api@${devDependencies['@duckdb/node-api']}`]);
    const operations = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
    expect(operations).toContain(`npm install --no-save ${named[0]}`);
  });
});
