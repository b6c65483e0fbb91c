import { resolve } from 'node:path';
import {
  type Address,
  type Beside,
  isEventStoreDb,
  parseAddress,
  printableAddress,
} from '../store/eventstoredb/address';
import { type Environment, secret, unsupported } from './environment';

/** Where events are stored: in a local file or on a server. */
export type Events =
  | { readonly adapter: 'sqlite'; readonly file: string }
  | { readonly adapter: 'eventstoredb'; readonly address: Address };

/**
 * The event store that the environment names in `PALIMPSEST_EVENTS`, or in the secret file of `PALIMPSEST_EVENTS_FILE`.
 * Throws an Error that names the variable and repeats no secret.
 */
export function eventsOfEnvironment(environment: Environment, dataDir: string): Events {
  const text = secret(environment, 'PALIMPSEST_EVENTS');
  if (text === undefined) return { adapter: 'sqlite', file: resolve(dataDir, 'events.sqlite') };
  return eventsAt('PALIMPSEST_EVENTS', text, environment);
}

/** The event store that a variable or an option names; user and password may come from separate variables. */
export function eventsAt(name: string, text: string, environment: Environment): Events {
  if (text.startsWith('sqlite:') && text.length > 'sqlite:'.length) {
    return { adapter: 'sqlite', file: resolve(text.slice('sqlite:'.length)) };
  }
  if (!isEventStoreDb(text)) {
    throw new Error(`${name} must be sqlite:<path>, esdb://… or esdb+discover://…; ${unsupported(text)}`);
  }
  const beside = besideOf(environment);
  try {
    return { adapter: 'eventstoredb', address: parseAddress(text, beside) };
  } catch (error) {
    throw new Error(`${name} ${(error as Error).message}`);
  }
}

/** Where events are stored, without secrets. */
export function printableEvents(events: Events): string {
  return events.adapter === 'sqlite' ? `sqlite:${events.file}` : printableAddress(events.address);
}

function besideOf(environment: Environment): Beside {
  const prefix = environment.PALIMPSEST_STREAM_PREFIX || undefined;
  const username = environment.PALIMPSEST_EVENTS_USER || undefined;
  const password = secret(environment, 'PALIMPSEST_EVENTS_PASSWORD');
  if (username === undefined && password === undefined) return { prefix };
  if (username === undefined) throw new Error('PALIMPSEST_EVENTS_USER is needed with PALIMPSEST_EVENTS_PASSWORD');
  if (password === undefined) {
    throw new Error(
      'PALIMPSEST_EVENTS_PASSWORD or PALIMPSEST_EVENTS_PASSWORD_FILE is needed with PALIMPSEST_EVENTS_USER',
    );
  }
  return { prefix, credentials: { username, password } };
}
