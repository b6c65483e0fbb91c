import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import { createRuntime, type RuntimeOptions } from '../../src/tables/runtime';
import { shelf } from '../support/shelf';

/** Projects the log in a directory until it is killed, or rebuilds the tables there. Prints when it begins. */
async function main(directory: string, what: string, where: string): Promise<void> {
  const store = openSqliteStore(join(directory, 'events.sqlite'), { synchronous: 'OFF' });
  const tables = JSON.parse(where) as RuntimeOptions['tables'];
  const runtime = await createRuntime({ store, projections: [shelf()], tables, batchSize: 3 });
  process.stdout.write('began\n');
  if (what === 'rebuild') await runtime.rebuild();
  else await runtime.start();
  // Runs until its parent ends it.
  process.stdin.resume();
}

void main(process.argv[2]!, process.argv[3]!, process.argv[4]!);
