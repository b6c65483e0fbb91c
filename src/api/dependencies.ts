import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config/config';
import type { FollowingPolicies } from '../execute/following';
import type { Execute } from '../execute/intent';
import type { Ledger } from '../ledger/ledger';
import type { Picturing } from '../reactions/pictures/picturing';
import type { Profile } from '../reactions/renditions/profiles';
import type { ContentStore } from '../store/content/contentstore';
import type { People } from '../store/people';
import type { Store } from '../store/store';
import type { Uploads } from '../store/uploads/uploads';
import type { Runtime } from '../tables/runtime';

/** The dependencies of the API, supplied by the composition of the program. */
export interface ApiDependencies {
  readonly config: Pick<Config, 'auth' | 'dataDir' | 'development' | 'hosts' | 'linkSecret' | 'origins'>;
  readonly store: Pick<Store, 'head' | 'readAll' | 'readStream' | 'subscribe'>;
  readonly execute: Execute;
  readonly runtime: Pick<Runtime, 'onAdvance' | 'progress' | 'reader' | 'waitFor'>;
  readonly people: Pick<People, 'nameOf' | 'names'>;
  /** What outsiders can check of the log. */
  readonly ledger: Pick<Ledger, 'signed' | 'standing'>;
  /** What follows by itself. */
  readonly policies: Pick<FollowingPolicies, 'standing'>;
  /** Pictures of stored content. */
  readonly picturing: Pick<Picturing, 'picture'>;
  /** The bytes of versions. */
  readonly content: Pick<ContentStore, 'size' | 'open'>;
  readonly uploads: Uploads;
  /** What channels need of pictures. */
  readonly profiles: readonly Profile[];
  /** Version of the program. */
  readonly version: string;
  /** Called with every fault that is hidden from clients; default: standard error. */
  readonly report?: (error: unknown) => void;
  /** Answers a request for the metrics; absent if they are off. */
  readonly metrics?: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
}

/** The token under which Nest provides the dependencies. */
export const DEPENDENCIES = Symbol('dependencies');
