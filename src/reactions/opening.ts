import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Execute } from '../execute/intent';
import type { Store } from '../store/store';
import { Follower } from './follower';
import { ANALYSER, Analysing } from './pictures/analysing';
import type { Picturing } from './pictures/picturing';
import { Preparing } from './renditions/preparing';
import { type Profile, printOf, profilesIn } from './renditions/profiles';
import { standardProfiles } from './renditions/standard';
import { Reporting } from './reporting';

/** The channel profiles of a file, or the standard ones. Throws an Error that says what is wrong with the file. */
export function openProfiles(file: string | undefined): readonly Profile[] {
  if (file === undefined) return standardProfiles();
  try {
    return profilesIn(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`the channel profiles in ${file} cannot be used: ${(error as Error).message}`);
  }
}

export interface ReactionParts {
  readonly store: Store;
  readonly execute: Execute;
  readonly picturing: Picturing;
  readonly profiles: readonly Profile[];
  readonly dataDir: string;
  /** Version of the program. */
  readonly version: string;
  readonly onFault: (fault: unknown) => void;
}

/** What happens because of events: facts are read of every version, and renditions are made of what is approved. */
export function openFollower(parts: ReactionParts, limits: { readonly retryMs?: number } = {}): Follower {
  const { store, execute, picturing, profiles, dataDir, version, onFault } = parts;
  const reporting = new Reporting(store, execute, version);
  return new Follower({
    store,
    file: join(dataDir, 'reactions', 'pictures.json'),
    reactions: [new Analysing(picturing, reporting), new Preparing(store, picturing, reporting, profiles)],
    print: `${ANALYSER.version} ${printOf(profiles)}`,
    onFault,
    ...limits,
  });
}
