import type { Environment } from './environment';
import { isLoopback } from './hosts';

/** Access tokens of an OpenID Connect provider. Everything a token must match is pinned here. */
export interface OidcAuth {
  readonly mode: 'oidc';
  readonly issuer: string;
  readonly audience: string;
  /** Where the provider publishes its public keys. */
  readonly jwksUri: string;
  readonly algorithms: readonly string[];
  /** Accepted `typ` headers; `JWT` also accepts tokens without one. */
  readonly tokenTypes: readonly TokenType[];
  /** Maximum age of a token in seconds after its `iat`, whatever its `exp` says. */
  readonly maxTokenAge: number;
}

export type TokenType = 'at+jwt' | 'JWT';

/**
 * Signature algorithms with a public key, so that neither a shared secret nor `none` can stand in for the provider's
 * key.
 */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const TOKEN_TYPES: readonly TokenType[] = ['at+jwt', 'JWT'];
const DAY = 86_400;
const SHORTEST_AGE = 60;
const LONGEST_AGE = 7 * DAY;

/** Reads the settings of `PALIMPSEST_AUTH=oidc`. `check` collects what is thrown, so that every fault is reported. */
export function oidcOfEnvironment(environment: Environment, check: <T>(read: () => T) => T): OidcAuth {
  return {
    mode: 'oidc',
    issuer: check(() => secureUrl('OIDC_ISSUER', environment.OIDC_ISSUER)),
    audience: check(() => required('OIDC_AUDIENCE', environment.OIDC_AUDIENCE)),
    jwksUri: check(() => secureUrl('OIDC_JWKS_URI', environment.OIDC_JWKS_URI)),
    algorithms: check(() => among('OIDC_ALGORITHMS', ALGORITHMS, environment.OIDC_ALGORITHMS || 'RS256')),
    tokenTypes: check(() => among('OIDC_TOKEN_TYPES', TOKEN_TYPES, environment.OIDC_TOKEN_TYPES || 'at+jwt')),
    maxTokenAge: check(() => ageOf(environment.OIDC_MAX_TOKEN_AGE || String(DAY))),
  };
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value.trim() === '') throw new Error(`${name} is needed with PALIMPSEST_AUTH=oidc`);
  return value.trim();
}

function secureUrl(name: string, value: string | undefined): string {
  const text = required(name, value);
  if (!URL.canParse(text)) throw new Error(`${name} must be a URL`);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') throw new Error(`${name} must not carry a user name or password`);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw new Error(`${name} must be an https URL`);
  }
  return text;
}

function among<T extends string>(name: string, known: readonly T[], text: string): readonly T[] {
  const named = text.split(',').map((word) => word.trim());
  const unknown = named.filter((word) => !known.includes(word as T));
  if (unknown.length > 0) throw new Error(`${name} must be among ${known.join(', ')}, not "${unknown.join(', ')}"`);
  return named as T[];
}

function ageOf(text: string): number {
  const seconds = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds >= SHORTEST_AGE && seconds <= LONGEST_AGE)) {
    throw new Error(`OIDC_MAX_TOKEN_AGE must be ${SHORTEST_AGE} to ${LONGEST_AGE} seconds, not "${text}"`);
  }
  return seconds;
}
