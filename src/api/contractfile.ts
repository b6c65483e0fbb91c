import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of the contract: beside the sources or, where they are bundled, beside the bundle's folder. */
export function readContract(): string {
  const root = join(__dirname, __dirname.endsWith(join('src', 'api')) ? '../..' : '..');
  return readFileSync(join(root, 'schema.graphql'), 'utf8');
}
