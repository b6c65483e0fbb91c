import { join } from 'node:path';
import { childEnvironment } from '../../src/config/config';
import { importGit } from '../../src/connectors/git/import';
import { openPeople } from '../../src/store/people';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import { dyingAfter } from './dying';

/** Imports a repository and exits abruptly after a number of appends, as in a power failure. */
async function main([path = '', dataDir = '', appends = '']: readonly string[]): Promise<void> {
  const real = openSqliteStore(join(dataDir, 'events.sqlite'));
  const store = dyingAfter(real, Number(appends), () => process.kill(process.pid, 'SIGKILL'));
  const people = await openPeople(dataDir);
  const given = { path, dataDir, content: true, workspace: 'default', environment: childEnvironment() };
  await importGit(given, async () => ({ store, people, close: () => real.close() }));
}

void main(process.argv.slice(2));
