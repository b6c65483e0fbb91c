// Who may import whom. Each rule says why; test/manners/architecture.spec.ts runs them, and proves that they bite.
const SPEC = '\\.spec\\.ts$';
const WEB =
  '^node_modules/(@nestjs|@apollo|@as-integrations|graphql|graphql-[^/]+|class-transformer|fastify|dataloader|ws)/';

/** Everything outside a list of places is forbidden to a layer. */
function layer(name, comment, from, ...allowed) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: from, pathNot: SPEC },
    to: { pathNot: allowed.map((place) => `^${place}`) },
  };
}

const NODE =
  '(node:)?(assert|buffer|child_process|crypto|events|fs|http|https|net|os|path|process|stream|string_decoder|timers|url|util|v8|worker_threads|zlib)(/|$)';

module.exports = {
  forbidden: [
    layer(
      'domain-is-pure',
      'What may happen must give the same answer in ten years: no clock, no random, no promise, no file; and no library but the one in which commands state the limits of their fields, so that these are stated once.',
      '^src/domain/',
      'src/domain/',
      'node_modules/class-validator/',
    ),
    layer(
      'policies-are-pure',
      'What must follow is decided from facts alone, so that it can be replayed and explained.',
      '^src/policies/',
      'src/domain/',
      'src/policies/',
    ),
    layer(
      'store-knows-only-events',
      'A store adapter is replaced without touching anything above it, so it knows nothing above it.',
      '^src/store/',
      'src/domain/',
      'src/store/',
      NODE,
      '(node:)?sqlite$',
      'node_modules/',
    ),
    layer(
      'writing-knows-no-table',
      'A decision rests on the log; one that read a table would rest on what may lag behind or be rebuilt.',
      '^src/execute/',
      'src/domain/',
      'src/store/',
      'src/execute/',
      NODE,
      'node_modules/',
    ),
    layer(
      'tables-know-no-projection',
      'The tables fold any projection; a door or a projection they knew would be a special case in them.',
      '^src/tables/',
      'src/domain/',
      'src/store/',
      'src/tables/',
      NODE,
      'node_modules/',
    ),
    layer(
      'ledger-follows-the-log-alone',
      'What outsiders check must follow from the events alone; a table or a door in it would be something else to trust.',
      '^src/ledger/',
      'src/domain/',
      'src/store/',
      'src/ledger/',
      NODE,
      'node_modules/',
    ),
    layer(
      'projections-are-pure-folds',
      'A projection is tables and a fold: the same one runs live, in a rebuild and in a private copy.',
      '^projections/',
      'projections/',
      'src/domain/',
      'src/tables/(projection|reader)\\.ts$',
    ),
    layer(
      'connectors-turn-input-into-facts',
      'A connector reads one tool, hands on commands, and reads the log to go on from there; it knows no table and no door.',
      '^src/connectors/',
      'src/connectors/',
      'src/domain/',
      'src/pictures/headers/',
      // Only recording/issuer.ts may import `execute` itself; see the rule one-way-to-write.
      'src/execute/(execute|intent)\\.ts$',
      'src/store/(content/(blobsink|contentstore|directory)|lru|moving|people|store)\\.ts$',
      NODE,
      'node_modules/',
    ),
    layer(
      'reactions-know-no-door',
      'What happens outside because of an event is the same whichever door the event came through, and it is told to the log like any other act.',
      '^src/reactions/',
      'src/reactions/',
      'src/domain/',
      'src/execute/intent\\.ts$',
      'src/pictures/',
      'src/store/',
      NODE,
      'node_modules/',
    ),
    {
      name: 'one-composition',
      comment: 'The parts are put together in one place; a part that reached for the whole could not be tested alone.',
      severity: 'error',
      from: { path: '^(src|projections)/', pathNot: ['^src/(main|cli)\\.ts$', '^src/cli/', SPEC] },
      to: { path: '^src/app\\.ts$' },
    },
    {
      name: 'deciders-stand-alone',
      comment:
        'One stream, one consistent decision: a decider that knew another would need both streams at once. The words in which rights are told belong to none of them.',
      severity: 'error',
      from: { path: '^src/domain/([^/]+)/' },
      to: { path: '^src/domain/[^/]+/', pathNot: ['^src/domain/$1/', '^src/domain/rights/'] },
    },
    {
      name: 'projections-stand-alone',
      comment: 'Each projection is rebuilt, poisoned and deleted by itself; what two need, each folds for itself.',
      severity: 'error',
      from: { path: '^projections/([^/]+)/' },
      to: { path: '^projections/[^/]+/', pathNot: '^projections/$1/' },
    },
    {
      name: 'connectors-stand-alone',
      comment:
        'A tool that goes away takes its folder with it. What any connector needs is in recording, which knows none of them.',
      severity: 'error',
      from: { path: '^src/connectors/([^/]+)/' },
      to: { path: '^src/connectors/[^/]+/', pathNot: ['^src/connectors/$1/', '^src/connectors/recording/'] },
    },
    {
      name: 'web-framework-at-the-rim',
      comment: 'Frameworks come and go; only the GraphQL door knows which one it is today.',
      severity: 'error',
      from: { path: '^(src|projections)/', pathNot: ['^src/api/', '^src/main\\.ts$', SPEC] },
      to: { path: WEB },
    },
    {
      name: 'telemetry-at-the-rim',
      comment:
        'What is told to those who watch goes through the probe, and the libraries are loaded only where asked for.',
      severity: 'error',
      from: { path: '^(src|projections)/', pathNot: ['^src/telemetry/', SPEC] },
      to: { path: '^node_modules/@opentelemetry/' },
    },
    {
      name: 'one-driver-file',
      comment: 'Which SQLite driver runs, and how it is opened, is decided in one file.',
      severity: 'error',
      from: { path: '.', pathNot: '^src/store/sqlite/driver\\.ts$' },
      to: { path: '(^node:sqlite$|^sqlite$|^node_modules/(@photostructure/sqlite|better-sqlite3)/)' },
    },
    {
      name: 'one-client-file',
      comment: 'What the client of EventStoreDB calls things, and when it is loaded, is the business of one file.',
      severity: 'error',
      from: { path: '^(src|projections)/', pathNot: ['^src/store/eventstoredb/adapter\\.ts$', SPEC] },
      to: { path: '^node_modules/@eventstore/' },
    },
    {
      name: 'one-server-driver-file',
      comment: 'PostgreSQL is spoken to through one file, so that its driver is loaded only where it is named.',
      severity: 'error',
      from: { path: '^(src|projections)/', pathNot: '^src/tables/postgres/driver\\.ts$' },
      to: { path: '^node_modules/(pg|pg-copy-streams|pg-pool)/' },
    },
    {
      name: 'servers-are-loaded-late',
      comment: 'Who keeps tables in a file pays nothing for a server: only the engine of PostgreSQL knows its driver.',
      severity: 'error',
      from: { path: '^(src|projections)/', pathNot: ['^src/tables/postgres/', SPEC] },
      to: { path: '^src/tables/postgres/driver\\.ts$' },
    },
    {
      name: 'one-parquet-file',
      comment: 'DuckDB may be missing, so one file loads it and says what it is needed for.',
      severity: 'error',
      from: { path: '^(src|projections)/', pathNot: ['^src/cli/exporting/parquet\\.ts$', SPEC] },
      to: { path: 'node_modules/@duckdb/' },
    },
    layer(
      'pictures-know-bytes-alone',
      'What can be seen and read in bytes is the same for whoever asks, so it knows no event, no store and no door.',
      '^src/pictures/',
      'src/pictures/',
      NODE,
      'node_modules/',
    ),
    {
      name: 'one-process-for-foreign-pictures',
      comment: 'What decodes foreign bytes runs in a process of its own, which can be ended; nobody else loads it.',
      severity: 'error',
      from: { path: '^(src|projections)/', pathNot: ['^src/pictures/worker/', SPEC] },
      to: { path: '(^node_modules/(sharp|exifr)/|^src/pictures/worker/)' },
    },
    {
      name: 'sql-below-the-doors',
      comment:
        'Doors ask projections; a door with SQL of its own would know how tables are stored. Doctor looks at the files, and explain says in words what the driver met.',
      severity: 'error',
      from: {
        path: '^(src|projections)/',
        pathNot: ['^src/(store|tables|cli/doctor)/', '^src/cli/explain\\.ts$', SPEC],
      },
      to: { path: '^src/store/sqlite/driver\\.ts$' },
    },
    {
      name: 'one-way-to-write',
      comment:
        'Every write goes through `execute`, made by the composition, or by the issuer of connectors for a store that runs ahead: there is no second door to the log.',
      severity: 'error',
      from: {
        path: '^(src|projections)/',
        pathNot: ['^src/app\\.ts$', '^src/connectors/recording/issuer\\.ts$', SPEC],
      },
      to: { path: '^src/execute/execute\\.ts$' },
    },
    {
      name: 'doors-do-not-know-each-other',
      comment: 'GraphQL and the command line are two doors to one house, not one behind the other.',
      severity: 'error',
      from: { path: '^src/api/', pathNot: SPEC },
      to: { path: '^src/cli(\\.ts$|/)' },
    },
    {
      name: 'tests-stay-outside',
      comment: 'What ships must run without the tests.',
      severity: 'error',
      from: { path: '^(src|projections)/', pathNot: SPEC },
      to: { path: '^test/|\\.spec\\.ts$' },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or hide a third.',
      severity: 'error',
      from: { path: '^(src|projections)/' },
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that no other file imports is dead code.',
      severity: 'error',
      from: { orphan: true, path: '^(src|projections)/', pathNot: ['^src/(main|cli)\\.ts$', SPEC] },
      to: {},
    },
    {
      name: 'only-declared-packages',
      comment: 'What ships must be installed where development tools are not.',
      severity: 'error',
      from: { path: '^(src|projections)/', pathNot: SPEC },
      // DuckDB is needed for Parquet alone, says so where it is missing, and is installed by whoever wants it.
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/@duckdb/' },
    },
    {
      name: 'no-broken-imports',
      comment: 'An import that leads nowhere is found here and not when a customer runs it.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^node:sqlite$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The rules hold too where node_modules is a link to another checkout's.
    preserveSymlinks: true,
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
