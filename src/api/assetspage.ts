import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ApiDependencies } from './dependencies';
import { personasOf } from './personas';

/** The page's script and styles, which the bundler makes from src/console. */
const FILES = {
  'console.js': 'text/javascript; charset=utf-8',
  'console.css': 'text/css; charset=utf-8',
} as const;

/**
 * Script and styles are files of this server, nothing is inline, and text cannot become markup: whatever a title
 * contains, no browser runs it.
 */
export const ASSETS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** The library page at `/assets`, which a newcomer sees first. It uses GraphQL like any frontend. */
export function serveAssetsPage(fastify: FastifyInstance, { config }: Pick<ApiDependencies, 'config'>): void {
  const page = async (_request: unknown, reply: FastifyReply): Promise<FastifyReply> => {
    const personas = JSON.stringify(await personasOf(config)).replaceAll('<', '\\u003c');
    // The page contains tokens.
    reply.header('cache-control', 'no-store').header('cross-origin-resource-policy', 'same-origin');
    reply.header('content-security-policy', ASSETS_POLICY).header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'same-origin');
    return reply.type('text/html; charset=utf-8').send(SHELL.replace('[]', () => personas));
  };
  fastify.get('/assets', page);
  fastify.get('/assets/:id', page);
  for (const [name, type] of Object.entries(FILES)) {
    fastify.get(`/${name}`, async (_request, reply) => {
      reply.header('cache-control', 'no-cache').header('x-content-type-options', 'nosniff');
      return reply.type(type).send(fileOf(name));
    });
  }
}

/** Beside the bundle; when the sources run, as in tests, in the folder of the bundles. */
function fileOf(name: string): string {
  const sources = __dirname.endsWith(join('src', 'api'));
  const compiled = __dirname.includes(join('dist', 'dev'));
  const place = compiled
    ? join(__dirname, '..', '..', '..')
    : sources
      ? join(__dirname, '..', '..', 'dist')
      : __dirname;
  return readFileSync(join(place, name), 'utf8');
}

const SHELL = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Palimpsest</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/console.css">
<script type="application/json" id="personas">[]</script>
<script type="module" src="/console.js"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<div class="bar">
<a class="name" href="/assets">Palimpsest</a>
<div id="time"></div>
<nav id="tools" aria-label="Pages"><a href="/graphql">Queries</a></nav>
</div>
</header>
<main id="main" tabindex="-1"><noscript>This page asks the GraphQL API of the server, which needs JavaScript.</noscript></main>
<footer>Every state on this page is computed from the log of events, by GraphQL queries that any frontend may send.</footer>
</body>
</html>
`;
