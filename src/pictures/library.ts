import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The drawing library and its version: another version may draw other bytes. Read from its manifest, since only the
 * drawing process loads the library.
 */
export const LIBRARY = `sharp${versionOfSharp()}`;

function versionOfSharp(): string {
  const manifest = join(dirname(require.resolve('sharp')), '..', 'package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
}
