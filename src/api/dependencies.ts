import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config/config';
import type { Execute } from '../execute/intent';
import type { People } from '../store/people';
import type { Store } from '../store/store';
import type { Runtime } from '../tables/runtime';

/** Everything this door needs; whoever composes the program hands it in. */
export interface ApiDependencies {
  readonly config: Pick<Config, 'auth' | 'dataDir' | 'development' | 'hosts' | 'origins'>;
  readonly store: Pick<Store, 'head' | 'readAll' | 'readStream' | 'subscribe'>;
  readonly execute: Execute;
  readonly runtime: Pick<Runtime, 'reader' | 'waitFor' | 'progress'>;
  readonly people: Pick<People, 'nameOf' | 'names'>;
  /** Version of the program. */
  readonly version: string;
  /** Called with every fault that no client is shown; default: standard error. */
  readonly report?: (error: unknown) => void;
  /** Answers a request for the metrics; absent where they are off. */
  readonly metrics?: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
}

/** The token under which Nest hands out the dependencies. */
export const DEPENDENCIES = Symbol('dependencies');
