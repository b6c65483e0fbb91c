'use strict';
// The programs that every pack of evidence carries, each one file: verify.mjs for Node, verify.html for a browser. The
// launcher writes them beside the bundles; tests make their own.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

/** Gives the programs by name; the bundler, esbuild, is the caller's. `verify.py` still lacks the words of the report, which the pack's maker puts in. */
async function buildVerifiers({ build }) {
  const bundle = async (entry, options) => {
    const result = await build({
      entryPoints: [join(__dirname, entry)],
      bundle: true,
      write: false,
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'warning',
      ...options,
    });
    return result.outputFiles[0].text;
  };
  // Not made small: whoever relies on it may want to read it.
  const forNode = await bundle('node.ts', { platform: 'node', format: 'esm', target: 'node18' });
  const forBrowsers = await bundle('browser.ts', {
    platform: 'browser',
    format: 'iife',
    globalName: 'Palimpsest',
    target: 'es2022',
    minify: true,
  });
  const page = readFileSync(join(__dirname, 'verify.html'), 'utf8');
  return {
    'verify.mjs': `#!/usr/bin/env node\n${forNode}`,
    'verify.html': page.replace('/*SCRIPT*/', () => forBrowsers.replaceAll('</script', '<\\/script')),
    'verify.py': readFileSync(join(__dirname, 'verify.py'), 'utf8'),
  };
}

module.exports = { buildVerifiers };
