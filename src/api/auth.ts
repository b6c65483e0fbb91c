import { hash } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Config } from '../config';
import type { Actor, ActorKind } from '../domain/event';
import { Recent } from '../runtime/lru';
import { fault } from './errors';
import { isRole, type Role } from './roles';
import { DEVELOPMENT, developmentKeys } from './tokens';

/** Who is asking, as the token says it; nothing a client writes into a request can change it. */
export interface Session {
  readonly actor: Actor;
  readonly roles: readonly Role[];
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface Authenticator {
  /** Takes the value of an Authorization header; throws UNAUTHENTICATED or TOKEN_EXPIRED. */
  session(header: string | undefined): Session | Promise<Session>;
}

const KINDS: readonly ActorKind[] = ['person', 'service', 'agent'];
const REMEMBERED = 10_000;
const LONGEST_TOKEN = 8192;
const CLOCK_TOLERANCE_SECONDS = 5;

interface Verification {
  readonly key: JWTVerifyGetKey;
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: string[];
}

async function verification(config: Pick<Config, 'auth' | 'dataDir'>): Promise<Verification> {
  const { auth, dataDir } = config;
  if (auth.mode === 'oidc') {
    return {
      key: createRemoteJWKSet(new URL(auth.jwksUri)),
      issuer: auth.issuer,
      audience: auth.audience,
      algorithms: [...auth.algorithms],
    };
  }
  const { publicKey } = await developmentKeys(dataDir);
  return {
    key: async () => publicKey,
    issuer: DEVELOPMENT.issuer,
    audience: DEVELOPMENT.audience,
    algorithms: [DEVELOPMENT.algorithm],
  };
}

function sessionOf(payload: JWTPayload): Session {
  const { sub, exp, roles, kind, onBehalfOf } = payload;
  if (typeof sub !== 'string' || sub === '' || sub.length > 200) {
    throw fault('UNAUTHENTICATED', 'The token names no subject.');
  }
  const actorKind = kind === undefined ? 'person' : KINDS.find((known) => known === kind);
  if (actorKind === undefined) throw fault('UNAUTHENTICATED', 'The token names a kind of actor that is not known.');
  const actor: Actor = { id: sub, kind: actorKind };
  return {
    actor: typeof onBehalfOf === 'string' && onBehalfOf !== '' ? { ...actor, onBehalfOf } : actor,
    roles: Array.isArray(roles) ? roles.filter(isRole) : [],
    expiresAt: ((exp ?? 0) + CLOCK_TOLERANCE_SECONDS) * 1000,
  };
}

/** The keys could not be fetched: no answer in time, no connection (a TypeError of fetch), or no key set in the answer. */
function isUnreachable(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || (error as Error).name === 'TypeError') return true;
  return error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC';
}

/**
 * Verifies bearer tokens: issuer, audience and algorithms are pinned, a token must expire. What was verified is
 * remembered by the token's hash until it expires, because a signature costs more than a query.
 */
export async function createAuthenticator(config: Pick<Config, 'auth' | 'dataDir'>): Promise<Authenticator> {
  const { key, issuer, audience, algorithms } = await verification(config);
  const remembered = new Recent<string, Session>(REMEMBERED);

  const verify = async (token: string, print: string): Promise<Session> => {
    try {
      const { payload } = await jwtVerify(token, key, {
        issuer,
        audience,
        algorithms,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      const session = sessionOf(payload);
      remembered.set(print, session);
      return session;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw fault('TOKEN_EXPIRED');
      if (isUnreachable(error)) throw fault('PROVIDER_UNAVAILABLE');
      if (error instanceof errors.JOSEError)
        throw fault('UNAUTHENTICATED', 'The token is not one this server accepts.');
      throw error;
    }
  };

  return {
    session(header) {
      if (header === undefined || header === '') throw fault('UNAUTHENTICATED', 'The request carries no token.');
      const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(header)?.[1];
      if (token === undefined || token.length > LONGEST_TOKEN) {
        throw fault('UNAUTHENTICATED', 'The Authorization header is not "Bearer <token>".');
      }
      const print = hash('sha256', token, 'base64');
      const known = remembered.get(print);
      if (known === undefined) return verify(token, print);
      if (known.expiresAt > Date.now()) return known;
      remembered.delete(print);
      throw fault('TOKEN_EXPIRED');
    },
  };
}
