import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The schema's text, from beside the sources or, in the bundle, from beside the bundle's folder. */
export function readContract(): string {
  const root = join(__dirname, __dirname.endsWith(join('src', 'api')) ? '../..' : '..');
  return readFileSync(join(root, 'schema.graphql'), 'utf8');
}
