import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ASTNode, Kind, parse, visit } from 'graphql';
import { satisfies } from 'semver';
import {
  type Check,
  honestTests,
  noBarrels,
  noDrawers,
  noSilencing,
  nothingPutOff,
  numberedDecisions,
  oneCallerOfAppend,
  oneCallerOfReceive,
  oneReaderOfTheEnvironment,
  read,
  shortFiles,
  shortFunctions,
  standsAlone,
} from './checks';

const ROOT = join(__dirname, '..', '..');
const CODE = read(ROOT, ['src', 'projections', 'test', 'run.cjs', 'jest.config.cjs'], /\.(ts|cjs)$/);
const TEXT = read(ROOT, ['README.md', 'DECISIONS.md', 'CHANGELOG.md', 'schema.graphql', 'package.json'], /\.\w+$/);

/** A rule, its check, and a file that breaks it: a check that never complains proves nothing. */
const MANNERS: readonly (readonly [manner: string, check: Check, path: string, fault: string])[] = [
  ['no file is longer than 300 lines', shortFiles, 'src/a.ts', 'x();\n'.repeat(301)],
  ['no function is longer than 70 lines', shortFunctions, 'src/a.ts', `const f = () => {\n${'x();\n'.repeat(69)}};`],
  ['no barrel', noBarrels, 'src/a.ts', "export * from './b';\nexport { c } from './c';"],
  ['no barrel, whatever its content', noBarrels, 'src/a/index.ts', 'x();'],
  ['no drawer for everything', noDrawers, 'src/utils/text.ts', ''],
  ['no drawer for everything, as a file', noDrawers, 'src/api/helpers.ts', ''],
  ['nothing is put off', nothingPutOff, 'src/a.ts', `x(); // ${'TO'}DO later`],
  ['no warning is silenced', noSilencing, 'src/a.ts', `// @ts-${'ignore'}`],
  ['no lint warning is silenced without a reason', noSilencing, 'src/a.ts', `// biome-${'ignore'} lint/x: no`],
  ['every test runs', honestTests, 'src/a.spec.ts', `test.${'skip'}('x', y);`],
  ['every test runs, not a chosen one', honestTests, 'src/a.spec.ts', `describe.${'only'}('x', y);`],
  ['no test sleeps', honestTests, 'src/a.spec.ts', `await ${'sleep'}(100);`],
  ['nothing names a path of one machine', standsAlone, 'src/a.ts', `open('/${'home'}/maria/icons');`],
  ['nothing names a package registry', standsAlone, 'src/a.ts', `get('https://${'registry'}.example.org');`],
  ['decisions are numbered in order', numberedDecisions, 'DECISIONS.md', '# D\n\n## 2. Positions are text\n\nWhy.\n'],
  ['a decision without a number is noticed', numberedDecisions, 'DECISIONS.md', '# D\n\n**2026-01-01 · A.** Why.\n'],
  ['a decision has at most ten lines', numberedDecisions, 'DECISIONS.md', `# D\n\n## 1. A\n${'why\n'.repeat(11)}`],
  ['one file reads the environment', oneReaderOfTheEnvironment, 'src/a.ts', 'process.env.HOME;'],
  ['one file appends', oneCallerOfAppend, 'src/a.ts', 'await store.append(stream, 0, events);'],
  ['one file appends, by whatever name', oneCallerOfAppend, 'src/a.ts', 'const { append } = store;'],
  [
    'only a copy and a simulation write events with a time of their own',
    oneCallerOfReceive,
    'src/a.ts',
    'await target.receive(appends);',
  ],
  [
    'only a copy and a simulation open a store for it',
    oneCallerOfReceive,
    'src/a.ts',
    'const target = openSqliteTarget(file);',
  ],
];

describe('the manners of the repository', () => {
  test.each(MANNERS)('%s', (_manner, check) => {
    expect(check([...CODE, ...TEXT])).toEqual([]);
  });

  test.each(MANNERS)('%s: and the check would notice', (_manner, check, path, text) => {
    expect(check([{ path, text }])).toEqual([expect.stringContaining(path)]);
  });

  test('are applied where the code is', () => {
    for (const folder of ['src/domain/', 'src/store/', 'src/api/', 'projections/', 'test/']) {
      expect(CODE.some(({ path }) => path.startsWith(folder))).toBe(true);
    }
  });
});

describe('package.json', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
    bin: Record<string, string>;
  };

  test('has at most twelve scripts, and none is a shell program', () => {
    expect(Object.keys(manifest.scripts).length).toBeLessThanOrEqual(12);
    for (const script of Object.values(manifest.scripts)) {
      expect(script).not.toMatch(/[;|<>$`]|\b(bash|sh|rm|cp|mkdir|sed)\b/);
    }
  });

  test('has the scripts that others rely on', () => {
    expect(Object.keys(manifest.scripts)).toEqual(
      expect.arrayContaining([
        'build',
        'prepare',
        'start',
        'dev',
        'demo',
        'palimpsest',
        'bench',
        'test',
        'schema',
        'fix',
        'check',
      ]),
    );
    expect(manifest.bin).toEqual({ palimpsest: 'dist/cli.js' });
  });

  test('locks packages that every supported version of Node may install', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { engines?: { node?: string }; optional?: boolean }>;
    };
    const supported = ['20.19.0', '22.13.0', '24.0.0'];
    const unsupported = Object.entries(lock.packages).flatMap(([name, { engines = {}, optional }]) =>
      supported.filter((node) => !optional && !satisfies(node, engines.node ?? '*')).map((node) => `${name}: ${node}`),
    );
    expect(unsupported).toEqual([]);
  });

  test('locks no registry address', () => {
    expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toContain('"resolved": "http');
  });
});

/** Names of everything in a schema without a description. */
function undescribed(schema: string): readonly string[] {
  const path: string[] = [];
  const found: string[] = [];
  const kinds: readonly string[] = [
    Kind.OBJECT_TYPE_DEFINITION,
    Kind.INTERFACE_TYPE_DEFINITION,
    Kind.UNION_TYPE_DEFINITION,
    Kind.ENUM_TYPE_DEFINITION,
    Kind.INPUT_OBJECT_TYPE_DEFINITION,
    Kind.SCALAR_TYPE_DEFINITION,
    Kind.FIELD_DEFINITION,
    Kind.INPUT_VALUE_DEFINITION,
    Kind.ENUM_VALUE_DEFINITION,
  ];
  visit(parse(schema), {
    enter(node: ASTNode) {
      if (!kinds.includes(node.kind) || !('name' in node) || node.name === undefined) return;
      path.push(node.name.value);
      const described = 'description' in node && (node.description?.value ?? '') !== '';
      if (!described) found.push(path.join('.'));
    },
    leave(node: ASTNode) {
      if (kinds.includes(node.kind)) path.pop();
    },
  });
  return found;
}

describe('schema.graphql', () => {
  const schema = readFileSync(join(ROOT, 'schema.graphql'), 'utf8');

  test('describes every type, field, argument and value', () => {
    expect(undescribed(schema)).toEqual([]);
  });

  test('is checked closely enough to find a missing description', () => {
    const bare =
      '"A thing." type T { "A field." f("An argument." a: Int, b: Int): Int g: Int } "Words." enum E { ONE }';
    expect(undescribed(bare)).toEqual(['T.f.b', 'T.g', 'E.ONE']);
  });
});
