import { writeSync } from 'node:fs';
import { openSqliteStore, openSqliteTarget } from '../../src/store/sqlite/adapter';
import { move } from './houses';

/** Copies one event file into another, append by append, and announces each, so that the parent can kill it. */
async function main([from = '', to = '']: readonly string[]): Promise<void> {
  const target = openSqliteTarget(to);
  const telling: typeof target = {
    ...target,
    async receive(appends) {
      for (const append of appends) {
        writeSync(1, `${append.stream}\n`);
        await target.receive([append]);
      }
    },
  };
  await move(openSqliteStore(from, { readOnly: true }), telling);
}

void main(process.argv.slice(2));
