/**
 * Address of an EventStoreDB server or cluster, with credentials. Holds secrets: print it only with `printableAddress`.
 */
export interface Address {
  /** Discover the nodes of a cluster through DNS (`esdb+discover`) instead of listing them. */
  readonly discover: boolean;
  readonly hosts: readonly { readonly address: string; readonly port: number }[];
  /** False means plain text, for a server on this machine that was started without security. */
  readonly tls: boolean;
  readonly caFile?: string;
  readonly certificate?: { readonly certFile: string; readonly keyFile: string };
  readonly credentials?: Credentials;
  readonly nodePreference: NodePreference;
  /** Stream-name prefix, which separates this system from others on a shared server. */
  readonly prefix: string;
  /** Milliseconds, and the number of discovery attempts; anything omitted uses the client's default. */
  readonly numbers: Readonly<Partial<Record<NumberName, number>>>;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

type NodePreference = (typeof PREFERENCES)[number];
type NumberName = (typeof NUMBERS)[number];

export const DEFAULT_PREFIX = 'palimpsest';
const DEFAULT_PORT = 2113;
const PREFERENCES = ['leader', 'follower', 'random', 'read_only_replica'] as const;
const NUMBERS = [
  'maxDiscoverAttempts',
  'discoveryInterval',
  'gossipTimeout',
  'keepAliveInterval',
  'keepAliveTimeout',
] as const;
const FILES = ['tlsCAFile', 'userCertFile', 'userKeyFile'] as const;
const HOST = /^([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::(\d{1,5}))?$/;
/** Without a dot, so that no prefix together with its separator is a prefix of another. */
const PREFIX = /^[A-Za-z0-9][A-Za-z0-9_]{0,39}$/;

/** Settings supplied separately; each applies if the address does not state it. */
export interface Beside {
  readonly credentials?: Credentials | undefined;
  readonly prefix?: string | undefined;
}

export function isEventStoreDb(text: string): boolean {
  return /^esdb(\+discover)?:/i.test(text);
}

/**
 * Parses `esdb://[user:password@]host[:port][,host…][?option=value&…]`. Throws an Error whose message says what is
 * wrong and never repeats a secret.
 */
export function parseAddress(text: string, beside: Beside = {}): Address {
  const parts = /^esdb(\+discover)?:\/\/(?:([^@/?]*)@)?([^/?@]*)\/?(?:\?(.*))?$/i.exec(text.trim());
  if (parts === null) throw new Error('must be esdb://host:port, with options behind a ?');
  const [, discover, user, hosts = '', query = ''] = parts;
  const options = optionsOf(query);
  const file = (name: (typeof FILES)[number]) => options.get(name);
  const [certFile, keyFile] = [file('userCertFile'), file('userKeyFile')];
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new Error('needs userCertFile and userKeyFile together');
  }
  const tls = oneOf('tls', options.get('tls') ?? 'true', ['true', 'false']) === 'true';
  if (!tls && (file('tlsCAFile') ?? certFile) !== undefined) {
    throw new Error('names certificates, which tls=false would leave unused');
  }
  const credentials = user === undefined ? beside.credentials : credentialsOf(user);
  const caFile = file('tlsCAFile');
  return {
    discover: discover !== undefined,
    hosts: hosts.split(',').map(hostOf),
    tls,
    ...(caFile === undefined ? {} : { caFile }),
    ...(certFile === undefined || keyFile === undefined ? {} : { certificate: { certFile, keyFile } }),
    ...(credentials === undefined ? {} : { credentials }),
    nodePreference: oneOf('nodePreference', (options.get('nodePreference') ?? 'leader').toLowerCase(), PREFERENCES),
    prefix: prefixOf(options.get('streamPrefix') ?? beside.prefix ?? DEFAULT_PREFIX),
    numbers: Object.fromEntries(NUMBERS.flatMap((name) => numberOf(name, options.get(name)))),
  };
}

/** The address with its user name, without the password. */
export function printableAddress(address: Address): string {
  const { hosts, tls, credentials, certificate, discover, prefix } = address;
  const places = hosts.map((host) => `${host.address}:${host.port}`).join(',');
  const who = credentials?.username ?? (certificate === undefined ? 'nobody' : 'its certificate');
  return `esdb${discover ? '+discover' : ''}://${places} (${tls ? 'TLS' : 'plain text'}, as ${who}, streams ${prefix}.*)`;
}

function optionsOf(query: string): ReadonlyMap<string, string> {
  const known = ['tls', 'nodePreference', 'streamPrefix', ...FILES, ...NUMBERS];
  const options = new Map<string, string>();
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const at = pair.indexOf('=');
    const said = at < 0 ? pair : pair.slice(0, at);
    if (said.toLowerCase() === 'tlsverifycert') {
      throw new Error('cannot leave certificates unchecked; name the certificate of the authority with tlsCAFile');
    }
    const name = known.find((candidate) => candidate.toLowerCase() === said.toLowerCase());
    if (name === undefined) throw new Error(`has no option "${said}"; its options are ${known.join(', ')}`);
    options.set(name, decoded(pair.slice(at + 1), `the option ${name}`));
  }
  return options;
}

function hostOf(text: string): Address['hosts'][number] {
  const [, address, port = String(DEFAULT_PORT)] = HOST.exec(text) ?? [];
  if (address === undefined || Number(port) > 65535) throw new Error(`has no valid host and port: "${text}"`);
  return { address, port: Number(port) };
}

function credentialsOf(text: string): Credentials {
  const at = text.indexOf(':');
  if (at < 1)
    throw new Error('has a user without a password; write user:password@ or use PALIMPSEST_EVENTS_PASSWORD_FILE');
  return { username: decoded(text.slice(0, at), 'the user'), password: decoded(text.slice(at + 1), 'the password') };
}

function decoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error(`has a stray % in ${what}; write %25 for it`);
  }
}

function prefixOf(text: string): string {
  if (!PREFIX.test(text)) throw new Error(`has a stream prefix that is not 1 to 40 letters, digits or _: "${text}"`);
  return text;
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new Error(`has the option ${name}=${value}; it must be ${allowed.join(' or ')}`);
  return found;
}

function numberOf(name: NumberName, value: string | undefined): [NumberName, number][] {
  if (value === undefined) return [];
  if (!/^\d{1,9}$/.test(value)) throw new Error(`has the option ${name}=${value}; it must be a whole number`);
  return [[name, Number(value)]];
}
