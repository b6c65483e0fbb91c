import { join } from 'node:path';
import { createExecute } from '../../src/execute/execute';
import { PictureMaker } from '../../src/pictures/maker';
import { openFollower } from '../../src/reactions/opening';
import { Picturing } from '../../src/reactions/pictures/picturing';
import { profilesIn } from '../../src/reactions/renditions/profiles';
import { openContentDirectory } from '../../src/store/content/directory';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import { PROFILES } from './approvals';

/** Follows the log of a data directory until it is killed: what a server does besides serving. */
async function follow(dataDir: string, program: string): Promise<void> {
  const store = await openSqliteStore(join(dataDir, 'events.sqlite'));
  const execute = createExecute({ store, clock: Date.now, random: Math.random });
  const picturing = new Picturing(openContentDirectory(join(dataDir, 'content')), new PictureMaker({ program }));
  const profiles = profilesIn(PROFILES);
  const parts = { store, execute, picturing, profiles, dataDir, version: 'test', onFault: console.error };
  openFollower(parts).start();
  process.stdout.write('following\n');
  // Runs until its parent ends it.
  process.stdin.resume();
}

void follow(process.argv[2]!, process.argv[3]!);
