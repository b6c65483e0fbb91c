import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, rules } from './cruise';
import { arrowsOf, diagramOf, misplaced } from './rooms';

const ROOT = join(__dirname, '..', '..');

describe('the house', () => {
  let house: ReturnType<typeof cruise>;

  beforeAll(() => {
    house = cruise(ROOT, ['src', 'projections']);
  });

  test('keeps every import rule', () => {
    expect(house.modules).toBeGreaterThan(50);
    const said = house.violations.map(({ rule, from, to }) => {
      const why = rules.find(({ name }) => name === rule)?.comment;
      return `${from} → ${to}: ${rule}: ${why}`;
    });
    expect(said).toEqual([]);
  });

  test('has the rooms of the design, and no import runs upward', () => {
    expect(misplaced(house.imports)).toEqual([]);
  });

  test('is drawn in docs/house.md as it is', () => {
    const [drawn] = /```mermaid[\s\S]*?```/.exec(readFileSync(join(ROOT, 'docs', 'house.md'), 'utf8')) ?? [];
    expect(drawn).toBe(diagramOf(arrowsOf(house.imports)));
  });

  test.each([
    ['src/store/store.ts', 'src/execute/intent.ts', 'does not run downward'],
    ['src/execute/execute.ts', 'src/tables/runtime.ts', 'does not run downward'],
    ['src/attic/old.ts', 'src/store/store.ts', 'no room'],
  ])('would notice %s importing %s', (from, to, fault) => {
    expect(misplaced([{ from, to }])).toEqual([expect.stringContaining(fault)]);
  });

  test.each(rules.map(({ name, comment }) => [name, comment]))('gives the reason for %s', (_name, comment) => {
    expect(comment).toMatch(/^[A-Z].{30,}\.$/);
  });
});

/** A house that breaks every rule, to prove that each of them works: file → its imports. */
const BROKEN: readonly (readonly [rule: string, file: string, imported: string])[] = [
  ['domain-is-pure', 'src/domain/clock.ts', 'node:fs'],
  ['domain-is-pure', 'src/domain/ids.ts', 'uuid'],
  ['domain-is-pure', 'src/domain/saving.ts', '../store/store'],
  ['policies-are-pure', 'src/policies/late.ts', '../execute/intent'],
  ['store-knows-only-events', 'src/store/clever.ts', '../execute/intent'],
  ['store-knows-only-events', 'src/store/nosy.ts', '../../projections/library/library'],
  ['writing-knows-no-table', 'src/execute/asking.ts', '../tables/reader'],
  ['tables-know-no-projection', 'src/tables/special.ts', '../../projections/library/library'],
  ['tables-know-no-projection', 'src/tables/writing.ts', '../execute/intent'],
  ['ledger-follows-the-log-alone', 'src/ledger/rows.ts', '../tables/reader'],
  ['projections-are-pure-folds', 'projections/library/queries.ts', '../../src/store/store'],
  ['projections-are-pure-folds', 'projections/library/files.ts', 'node:fs'],
  ['connectors-turn-input-into-facts', 'src/connectors/git/rows.ts', '../../tables/reader'],
  ['connectors-turn-input-into-facts', 'src/connectors/recording/starting.ts', '../../app'],
  ['reactions-know-no-door', 'src/reactions/asking.ts', '../tables/reader'],
  ['one-composition', 'src/tables/reaching.ts', '../app'],
  ['deciders-stand-alone', 'src/domain/asset/curious.ts', '../campaign/events'],
  ['projections-stand-alone', 'projections/library/joined.ts', '../history/history'],
  ['connectors-stand-alone', 'src/connectors/git/shared.ts', '../figma/figma'],
  ['connectors-stand-alone', 'src/connectors/recording/special.ts', '../figma/figma'],
  ['one-way-to-write', 'src/connectors/git/quick.ts', '../../execute/execute'],
  ['web-framework-at-the-rim', 'src/tables/injected.ts', '@nestjs/common'],
  ['telemetry-at-the-rim', 'src/tables/traced.ts', '@opentelemetry/api'],
  ['pictures-know-bytes-alone', 'src/pictures/asking.ts', '../store/store'],
  ['one-process-for-foreign-pictures', 'src/api/drawing.ts', 'sharp'],
  ['one-driver-file', 'src/store/direct.ts', '@photostructure/sqlite'],
  ['one-driver-file', 'src/tables/builtin.ts', 'node:sqlite'],
  ['one-server-driver-file', 'src/tables/asking.ts', 'pg'],
  ['one-parquet-file', 'src/cli/quick.ts', '@duckdb/node-api'],
  ['servers-are-loaded-late', 'src/tables/early.ts', './postgres/driver'],
  ['one-client-file', 'src/cli/direct.ts', '@eventstore/db-client'],
  ['sql-below-the-doors', 'src/api/rows.ts', '../store/sqlite/driver'],
  ['one-way-to-write', 'src/api/quick.ts', '../execute/execute'],
  ['doors-do-not-know-each-other', 'src/api/printing.ts', '../cli/frame'],
  ['tests-stay-outside', 'src/cli/fixture.ts', '../../test/support'],
  ['no-cycles', 'src/api/one.ts', './two'],
  ['no-orphans', 'src/api/forgotten.ts', ''],
  ['only-declared-packages', 'src/cli/tool.ts', 'jest'],
  ['no-broken-imports', 'src/cli/lost.ts', './nowhere'],
];

/** What the broken house imports, so that every import except the missing one resolves. */
const SOUND: Readonly<Record<string, string>> = {
  'package.json':
    '{"name":"broken","dependencies":{"uuid":"1","@nestjs/common":"1","@opentelemetry/api":"1","@photostructure/sqlite":"1","@eventstore/db-client":"1","pg":"1","sharp":"1"},"devDependencies":{"jest":"1","@duckdb/node-api":"1"}}',
  'tsconfig.json': '{"compilerOptions":{"module":"nodenext"}}',
  'src/app.ts': "import './execute/execute';",
  'src/store/sqlite/driver.ts': 'export {};',
  'src/tables/postgres/driver.ts': 'export {};',
  'src/tables/reader.ts': 'export {};',
  'src/store/store.ts': 'export {};',
  'src/execute/intent.ts': 'export {};',
  'src/execute/execute.ts': 'export {};',
  'src/domain/campaign/events.ts': 'export {};',
  'src/connectors/figma/figma.ts': 'export {};',
  'src/cli/frame.ts': 'export {};',
  'src/api/two.ts': "import './one';",
  'projections/library/library.ts': 'export {};',
  'projections/history/history.ts': 'export {};',
  'test/support.ts': 'export {};',
  ...Object.fromEntries(
    [
      'uuid',
      '@nestjs/common',
      '@opentelemetry/api',
      '@photostructure/sqlite',
      'sharp',
      '@eventstore/db-client',
      'pg',
      '@duckdb/node-api',
      'jest',
    ].flatMap((name) => [
      [`node_modules/${name}/package.json`, `{"name":"${name}","version":"1.0.0","main":"index.js"}`],
      [`node_modules/${name}/index.js`, ''],
    ]),
  ),
};

describe('a house that breaks every rule', () => {
  const root = mkdtempSync(join(tmpdir(), 'broken-house-'));
  let found: ReturnType<typeof cruise>;

  beforeAll(() => {
    const files = { ...SOUND, ...Object.fromEntries(BROKEN.map(([, file, to]) => [file, to && `import '${to}';`])) };
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    found = cruise(root, ['src', 'projections']);
  });

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test.each(BROKEN)('%s catches %s importing %s', (rule, file) => {
    expect(found.violations).toContainEqual(expect.objectContaining({ rule, from: file }));
  });

  test('tests every rule', () => {
    const tried = new Set(BROKEN.map(([rule]) => rule));
    expect(rules.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });
});
