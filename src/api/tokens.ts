import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { NotAvailable } from '../cli/exit';
import type { ActorKind } from '../domain/event';
import { ROLES, type Role } from './roles';

/** What development tokens say of themselves; verification pins all three. */
export const DEVELOPMENT = {
  issuer: 'urn:palimpsest:development',
  audience: 'palimpsest',
  algorithm: 'ES256',
} as const;

const EIGHT_HOURS = 8 * 60 * 60;

export interface DevelopmentKeys {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** Thumb of the key, so that a token of another data directory is told apart. */
  readonly kid: string;
}

/** Reads the key of a data directory, and makes it where there is none: `keys/development.jwk`, for its owner only. */
export async function developmentKeys(dataDir: string): Promise<DevelopmentKeys> {
  const file = join(dataDir, 'keys', 'development.jwk');
  const jwk = readKey(file) ?? (await makeKey(file));
  const { d: _secret, ...publicJwk } = jwk;
  return {
    privateKey: (await importJWK(jwk, DEVELOPMENT.algorithm)) as CryptoKey,
    publicKey: (await importJWK(publicJwk, DEVELOPMENT.algorithm)) as CryptoKey,
    kid: jwk.kid ?? '',
  };
}

function readKey(file: string): JWK | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JWK;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new NotAvailable(`the development key ${file} cannot be read: ${(error as Error).message}`);
  }
}

async function makeKey(file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(DEVELOPMENT.algorithm, { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: randomUUID() };
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  const draft = `${file}.${jwk.kid}`;
  writeFileSync(draft, JSON.stringify(jwk), { mode: 0o600, flag: 'wx' });
  try {
    // A link appears with its whole content or not at all: two processes that start together agree on one key.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return readKey(file) ?? jwk;
}

export interface DevelopmentToken {
  readonly role: Role;
  /** Opaque id of the actor; `dev-<role>` where absent. */
  readonly actor?: string;
  readonly kind?: ActorKind;
  /** Seconds; eight hours where absent. Negative for a token that has expired already. */
  readonly expiresIn?: number;
}

/** A bearer token that the server of this data directory accepts while it runs with development auth. */
export async function devToken(dataDir: string, wanted: DevelopmentToken): Promise<string> {
  if (!ROLES.includes(wanted.role)) throw new Error(`role must be one of ${ROLES.join(', ')}, not "${wanted.role}"`);
  const keys = await developmentKeys(dataDir);
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ roles: [wanted.role], ...(wanted.kind === undefined ? {} : { kind: wanted.kind }) })
    .setProtectedHeader({ alg: DEVELOPMENT.algorithm, kid: keys.kid, typ: 'at+jwt' })
    .setIssuer(DEVELOPMENT.issuer)
    .setAudience(DEVELOPMENT.audience)
    .setSubject(wanted.actor ?? `dev-${wanted.role}`)
    .setIssuedAt(now)
    .setExpirationTime(now + (wanted.expiresIn ?? EIGHT_HOURS))
    .sign(keys.privateKey);
}
