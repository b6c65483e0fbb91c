import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { derived } from './derived';

/** `npm run schema` updates the parts of schema.graphql that are derived from the domain. */
const file = join(__dirname, '..', '..', 'schema.graphql');
const before = readFileSync(file, 'utf8');
const now = derived(before);
if (now !== before) writeFileSync(file, now);
console.log(`schema.graphql ${now === before ? 'is up to date' : 'was updated'}`);
