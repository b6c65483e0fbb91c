import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { type ContentPlace, contentOfEnvironment, printableContent } from './contentplace';
import { type Environment, secret, wordsIn } from './environment';
import { type Events, eventsAt, eventsOfEnvironment, printableEvents } from './eventplace';
import { UsageError } from './exit';
import { hostsOfEnvironment, isLoopback, originsOfEnvironment } from './hosts';
import { type OidcAuth, oidcOfEnvironment } from './oidc';
import { printableTables, type Tables, tablesOfEnvironment } from './tableplace';
import { type Uploading, uploadingOfEnvironment } from './uploading';

/** Tokens are signed with a key that this server generated. For use on one machine only. */
export interface DevelopmentAuth {
  readonly mode: 'development';
}

export interface Config {
  readonly host: string;
  readonly port: number;
  /** Names, in lower case, under which clients reach the server in addition to its listen address. */
  readonly hosts: readonly string[];
  /** Origins of other web pages whose scripts may send requests. */
  readonly origins: readonly string[];
  /** Absolute path of the data directory. */
  readonly dataDir: string;
  /** Where events are stored. */
  readonly events: Events;
  /** Where the read models are stored. They can be deleted and rebuilt. */
  readonly tables: Tables;
  /** Where the bytes of versions are. */
  readonly content: ContentPlace;
  /** The file with the channel profiles; undefined for the standard ones. */
  readonly profilesFile: string | undefined;
  /** What signs links to content, if several servers share it. */
  readonly linkSecret: string | undefined;
  /** What may be uploaded. */
  readonly uploads: Uploading;
  readonly auth: DevelopmentAuth | OidcAuth;
  /** What this process exposes to monitoring; everything is off by default. */
  readonly telemetry: {
    /** Serves `/metrics`. */
    readonly metrics: boolean;
    /** Sends spans to the endpoint that the OTEL_* variables name. */
    readonly traces: boolean;
    readonly serviceName: string;
  };
  /** `auto` writes text to a terminal and JSON lines elsewhere. */
  readonly logs: 'auto' | 'json' | 'text';
  /** False if NODE_ENV is `production`: no pages and no development extras. */
  readonly development: boolean;
}

/** Command-line options, which take precedence over the environment. */
export interface Overrides {
  readonly data?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
}

/** Reads and validates all settings at once; throws a UsageError that names every invalid variable. */
export function loadConfig(overrides: Overrides = {}, environment: Environment = process.env): Config {
  const faults: string[] = [];
  const check = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      faults.push((error as Error).message);
      return undefined as T;
    }
  };
  const dataDir = resolve(overrides.data || environment.PALIMPSEST_DATA || 'data');
  const content = check(() => contentOfEnvironment(environment, dataDir));
  const config: Config = {
    host: check(() => hostOf(...named('HOST', overrides.host, environment.HOST || '127.0.0.1'))),
    port: check(() => portOf(...named('PORT', overrides.port, environment.PORT || '4000'))),
    hosts: check(() => hostsOfEnvironment(environment)),
    origins: check(() => originsOfEnvironment(environment)),
    dataDir,
    events: check(() => eventsOfEnvironment(environment, dataDir)),
    tables: check(() => tablesOfEnvironment(environment, dataDir)),
    profilesFile: profilesFileOf(environment, dataDir),
    linkSecret: check(() => secret(environment, 'PALIMPSEST_LINK_SECRET')),
    content,
    uploads: check(() => uploadingOfEnvironment(environment, dataDir, content)),
    auth: check(() => authOf(environment, check)),
    telemetry: check(() => telemetryOf(environment)),
    logs: check(() => logsOf(environment.PALIMPSEST_LOG || 'auto')),
    development: environment.NODE_ENV !== 'production',
  };
  if (faults.length > 0) throw new UsageError(faults.join('\n'));
  return config;
}

/** The event store that a command-line option names. Throws UsageError if the text names none. */
export function storeAt(option: string, text: string, environment: Environment = process.env): Events {
  try {
    return eventsAt(option, text, environment);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** A password that a command needs and that must not appear on its command line. Throws UsageError if it is missing. */
export function eventsSecret(name: string, environment: Environment = process.env): string {
  try {
    const value = secret(environment, name);
    if (value !== undefined) return value;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  throw new UsageError(`${name} or ${name}_FILE is needed`);
}

/** Development tokens are printed on the screen, so the server must be reachable from this machine only. */
export function refuseUnsafeAddress(config: Config): void {
  if (config.auth.mode === 'development' && !isLoopback(config.host)) {
    throw new UsageError(
      `HOST is ${config.host}, which others can reach, and PALIMPSEST_AUTH is development, whose tokens protect nothing. ` +
        'Use HOST=127.0.0.1, or PALIMPSEST_AUTH=oidc with OIDC_ISSUER, OIDC_AUDIENCE and OIDC_JWKS_URI.',
    );
  }
}

/** One line per setting, except the address, which is known only once the server listens. Contains no secret. */
export function printable(config: Config): string {
  const { auth } = config;
  const rows = {
    data: config.dataDir,
    events: printableEvents(config.events),
    tables: printableTables(config.tables),
    content: printableContent(config.content),
    auth: auth.mode === 'oidc' ? `oidc, issuer ${auth.issuer}, audience ${auth.audience}` : 'development',
    mode: config.development ? 'development' : 'production',
  };
  return Object.entries(rows)
    .map(([name, value]) => `${name.padEnd(8)}${value}`)
    .join('\n');
}

/** The environment for a child process: everything except our own settings. */
export function childEnvironment(environment: Environment = process.env): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(PALIMPSEST|OIDC)_/.test(name)));
}

/** A host as written in a URL: IPv6 addresses need brackets. */
export function urlHost(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

/** The value of a setting that can also be given as an option, and the name of whichever supplied it. */
function named(variable: string, option: string | undefined, usual: string): readonly [source: string, text: string] {
  return option ? [`--${variable.toLowerCase()}`, option] : [variable, usual];
}

function profilesFileOf(environment: Environment, dataDir: string): string | undefined {
  if (environment.PALIMPSEST_PROFILES) return resolve(environment.PALIMPSEST_PROFILES);
  const usual = resolve(dataDir, 'profiles.yaml');
  return existsSync(usual) ? usual : undefined;
}

/** A port, 0 included. Throws UsageError. */
export function portOf(source: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65535)) throw new UsageError(`${source} must be a whole number from 0 to 65535, not "${text}"`);
  return port;
}

function hostOf(source: string, text: string): string {
  if (isIP(text) === 0 && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text)) {
    throw new Error(`${source} must be an IP address or a host name, not "${text}"`);
  }
  return text;
}

function authOf(environment: Environment, check: <T>(read: () => T) => T): Config['auth'] {
  const mode = environment.PALIMPSEST_AUTH || 'development';
  if (mode === 'development') return { mode };
  if (mode !== 'oidc') throw new Error(`PALIMPSEST_AUTH must be development or oidc, not "${mode}"`);
  return oidcOfEnvironment(environment, check);
}

function telemetryOf(environment: Environment): Config['telemetry'] {
  const named = wordsIn(environment.PALIMPSEST_TELEMETRY);
  const unknown = named.filter((word) => word !== 'metrics' && word !== 'traces');
  if (unknown.length > 0) {
    throw new Error(`PALIMPSEST_TELEMETRY must be metrics, traces or both, not "${unknown.join(', ')}"`);
  }
  const exporter = environment.OTEL_TRACES_EXPORTER || '';
  const sent =
    environment.OTEL_EXPORTER_OTLP_ENDPOINT || environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || exporter !== '';
  const on = environment.OTEL_SDK_DISABLED !== 'true';
  return {
    metrics: on && named.includes('metrics'),
    traces: on && exporter !== 'none' && (named.includes('traces') || Boolean(sent)),
    serviceName: environment.OTEL_SERVICE_NAME || 'palimpsest',
  };
}

function logsOf(text: string): Config['logs'] {
  if (text === 'auto' || text === 'json' || text === 'text') return text;
  throw new Error(`PALIMPSEST_LOG must be auto, json or text, not "${text}"`);
}
