import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type Address,
  type Beside,
  isEventStoreDb,
  parseAddress,
  printableAddress,
} from '../store/eventstoredb/address';

/** Where events are stored: in a local file or on a server. */
export type Events =
  | { readonly adapter: 'sqlite'; readonly file: string }
  | { readonly adapter: 'eventstoredb'; readonly address: Address };

type Environment = Readonly<Record<string, string | undefined>>;

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
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/i.exec(text) ?? [];
  if (isEventStoreDb(text)) {
    const beside = besideOf(environment);
    try {
      return { adapter: 'eventstoredb', address: parseAddress(text, beside) };
    } catch (error) {
      throw new Error(`${name} ${(error as Error).message}`);
    }
  }
  if (scheme !== 'sqlite' || rest === '') {
    const named = scheme === undefined ? 'a value without a scheme' : `the scheme "${scheme}"`;
    throw new Error(`${name} must be sqlite:<path>, esdb://… or esdb+discover://…; ${named} is not supported`);
  }
  return { adapter: 'sqlite', file: resolve(rest) };
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

/** The value of a variable, or the content of the file that `<name>_FILE` names. */
export function secret(environment: Environment, name: string): string | undefined {
  const [said, file] = [environment[name] || undefined, environment[`${name}_FILE`] || undefined];
  if (file === undefined) return said;
  if (said !== undefined) throw new Error(`${name} and ${name}_FILE are both set; keep one of them`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Error(`${name}_FILE cannot be read: ${(error as NodeJS.ErrnoException).code} ${file}`);
  }
}
