import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgram } from '../../src/cli/program';
import { EXIT } from '../../src/config/exit';
import { directories, palimpsest, type Server, serve } from '../cli/palimpsest';
import { commandsOf, firstColumn, questionsOf } from './readme';

const ROOT = join(__dirname, '..', '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const PREFIX = 'npm run -s palimpsest -- ';

const places = directories();
const example = places.fresh();
let server: Server;

/** The README's own commands, run on a directory of the test. */
function wordsOf(command: string): string[] {
  return command.slice(PREFIX.length).replace('./example', example).split(' ');
}

const commands = commandsOf(README);
const questions = questionsOf(README);

beforeAll(async () => {
  const simulate = commands.find((command) => command.startsWith(`${PREFIX}simulate`));
  const { code, stderr } = await palimpsest(wordsOf(simulate!));
  if (code !== 0) throw new Error(stderr);
  server = await serve(example);
  const { data } = await server.ask<{ head: { position: string } }>('analyst', '{ head { position } }');
  await server.ask('analyst', `{ head(waitFor: "${data!.head.position}") { position } }`);
}, 60_000);

afterAll(async () => {
  server?.child.kill('SIGTERM');
  await server?.ended;
  places.remove();
});

describe('the README', () => {
  test('asks at least five questions', () => {
    expect(questions.length).toBeGreaterThanOrEqual(5);
  });

  test.each(questions.map((question) => [question.line, question] as const))(
    'gives the real answer to the question in line %i',
    async (_line, { persona, query, answer }) => {
      const { data, errors } = await server.ask(persona, query);
      expect({ data, errors }).toEqual({ data: answer, errors: undefined });
    },
  );

  test.each(commands.filter((command) => command.startsWith(PREFIX)).map((command) => [command]))(
    'names a command that exists: %s',
    (command) => {
      const [word, second] = wordsOf(command);
      const found = createProgram().commands.find((each) => each.name() === word);
      expect(found).toBeDefined();
      if (found!.commands.length > 0) expect(found!.commands.map((each) => each.name())).toContain(second);
    },
  );

  test('names only scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    const named = [...README.matchAll(/npm (?:run (?:-s )?)?(start|test|[a-z]+)\b/g)].map(([, name]) => name!);
    for (const name of new Set(named)) expect(['ci', ...Object.keys(scripts)]).toContain(name);
  });

  test('lists every command', () => {
    const listed = firstColumn(README, 'Command').map((cell) => /^[a-z]+( [a-z]+)?/.exec(cell)![0]);
    const real = createProgram().commands.flatMap((each) =>
      each.commands.length === 0 ? [each.name()] : each.commands.map((under) => `${each.name()} ${under.name()}`),
    );
    expect(listed.sort()).toEqual(real.sort());
  });

  test('lists every setting', () => {
    const files = readdirSync(join(ROOT, 'src', 'config')).filter((file) => !file.endsWith('.spec.ts'));
    const text = files.map((file) => readFileSync(join(ROOT, 'src', 'config', file), 'utf8')).join('\n');
    // A secret may be in a file that another variable names.
    const secrets = [...text.matchAll(/secret\(environment, '([A-Z_]+)'\)/g)].flatMap(([, name]) => [
      name!,
      `${name}_FILE`,
    ]);
    const read = [...[...text.matchAll(/environment\.([A-Z_]+)/g)].map(([, name]) => name!), ...secrets];
    const listed = firstColumn(README, 'Variable').flatMap((cell) => cell.split(', '));
    expect(listed.sort()).toEqual([...new Set(read)].sort());
  });

  test('lists every exit code', () => {
    const [, sentence] = /Exit codes: ([\s\S]+?)\n\n/.exec(README) ?? [];
    const codes = [...sentence!.matchAll(/(?:^|; |;\n)(\d+) /g)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(EXIT));
  });

  test('links only to existing files', () => {
    const named = [...README.matchAll(/`((?:src|test|projections)\/[\w./-]*[\w/])`|\]\((\w[\w./-]*)\)/g)];
    expect(named.length).toBeGreaterThan(5);
    for (const [, code, link] of named)
      expect([code ?? link, existsSync(join(ROOT, (code ?? link)!))]).toEqual([code ?? link, true]);
  });
});

describe('a README with faults', () => {
  test.each([
    ['a query nobody asks', '```graphql\n{ head { position } }\n```\n```json\n{}\n```', 'names the persona'],
    ['a query without an answer', '```graphql analyst\n{ head { position } }\n```\n', 'followed by its answer'],
  ])('is found out: %s', (_what, markdown, message) => {
    expect(() => questionsOf(markdown)).toThrow(message);
  });
});
