import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, type Stats, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { NotAvailable } from '../config/exit';
import type { ActorKind } from '../domain/event';
import { ROLES, type Role } from '../domain/roles';

/** The fixed claims of development tokens; verification pins all three. */
export const DEVELOPMENT = {
  issuer: 'urn:palimpsest:development',
  audience: 'palimpsest',
  algorithm: 'ES256',
  /** Seconds. */
  lifetime: 8 * 60 * 60,
} as const;

export interface DevelopmentKeys {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** Thumbprint of the key, which distinguishes tokens of another data directory. */
  readonly kid: string;
}

/**
 * Reads the development key of a data directory, or creates it: `keys/development.jwk`, readable by its owner only.
 * Throws NotAvailable if others can read or replace the key: with it, anybody can sign tokens.
 */
export async function developmentKeys(dataDir: string): Promise<DevelopmentKeys> {
  const file = join(dataDir, 'keys', 'development.jwk');
  const jwk = readKey(file) ?? (await makeKey(file));
  try {
    const { d: _secret, ...publicJwk } = jwk;
    return {
      privateKey: (await importJWK(jwk, DEVELOPMENT.algorithm)) as CryptoKey,
      publicKey: (await importJWK(publicJwk, DEVELOPMENT.algorithm)) as CryptoKey,
      kid: jwk.kid ?? '',
    };
  } catch (error) {
    const advice = 'Delete the file: a new key is generated, and tokens signed with the old one become invalid';
    throw new NotAvailable(`the development key ${file} is not a key (${(error as Error).message}). ${advice}`);
  }
}

/** Why a key is not safe from other users of this machine, and what to do; undefined if it is safe. */
export function exposureOf(file: string): string | undefined {
  const rights = ({ mode }: Stats): string => `0${(mode & 0o777).toString(8)}`;
  const directory = dirname(file);
  const [key, holder] = [statSync(file), statSync(directory)];
  const self = process.getuid?.();
  // Windows manages rights differently, and reports every file as readable by everybody.
  if (self === undefined) return undefined;
  const discard = `Delete ${file}: a new key is generated, and tokens signed with this one become invalid`;
  const foreign = [key, holder].some(({ uid }) => uid !== self && uid !== 0);
  if (foreign) return `the key ${file} or its directory belongs to another user. ${discard}`;
  if ((holder.mode & 0o022) !== 0) {
    return `other users can replace the key ${file}: its directory has the rights ${rights(holder)}. chmod 700 ${directory}; ${discard}`;
  }
  if ((key.mode & 0o077) === 0) return undefined;
  return `other users can read the key ${file}, its rights are ${rights(key)}. ${discard}; if no other person uses this machine, chmod 600 ${file} is enough`;
}

function readKey(file: string): JWK | undefined {
  try {
    const exposed = exposureOf(file);
    if (exposed !== undefined) throw new NotAvailable(exposed);
    const jwk = JSON.parse(readFileSync(file, 'utf8')) as JWK | null;
    if (typeof jwk !== 'object' || jwk === null) throw new Error('it holds no key');
    return jwk;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof NotAvailable) throw error;
    throw new NotAvailable(`the development key ${file} cannot be read: ${(error as Error).message}`);
  }
}

async function makeKey(file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(DEVELOPMENT.algorithm, { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: randomUUID() };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${jwk.kid}`;
  writeFileSync(draft, JSON.stringify(jwk), { mode: 0o600, flag: 'wx' });
  try {
    // A link appears atomically with its whole content: two processes that start together agree on one key.
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
  /** Opaque id of the actor; default `dev-<role>`. */
  readonly actor?: string;
  /** Default: a person. */
  readonly kind?: ActorKind;
  /** On whose behalf the actor acts. */
  readonly onBehalfOf?: string;
  /** Seconds; default eight hours. Negative for a token that has already expired. */
  readonly expiresIn?: number;
}

/** A bearer token that the server of this data directory accepts while it runs with development auth. */
export async function devToken(dataDir: string, wanted: DevelopmentToken): Promise<string> {
  if (!ROLES.includes(wanted.role)) throw new Error(`role must be one of ${ROLES.join(', ')}, not "${wanted.role}"`);
  const keys = await developmentKeys(dataDir);
  const now = Math.floor(Date.now() / 1000);
  const { role, kind = 'person', onBehalfOf } = wanted;
  return new SignJWT({ roles: [role], kind, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) })
    .setProtectedHeader({ alg: DEVELOPMENT.algorithm, kid: keys.kid, typ: 'at+jwt' })
    .setIssuer(DEVELOPMENT.issuer)
    .setAudience(DEVELOPMENT.audience)
    .setSubject(wanted.actor ?? `dev-${role}`)
    .setIssuedAt(now)
    .setExpirationTime(now + (wanted.expiresIn ?? DEVELOPMENT.lifetime))
    .sign(keys.privateKey);
}
