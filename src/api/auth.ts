import { hash } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Config } from '../config/config';
import type { TokenType } from '../config/oidc';
import { ensureAccessToken, type Session, sessionOf } from './claims';
import { fault } from './errors';
import { ProviderKeys, ProviderUnavailable, type TokenKeys } from './keys';
import { DEVELOPMENT, developmentKeys } from './tokens';

export interface Authenticator {
  /** Takes the value of an Authorization header; throws UNAUTHENTICATED, TOKEN_EXPIRED or PROVIDER_UNAVAILABLE. */
  session(header: string | undefined): Session | Promise<Session>;
}

interface Surroundings {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Receives the reason why a provider's keys cannot be fetched. */
  readonly report?: ((error: unknown) => void) | undefined;
}

const REMEMBERED = 10_000;
const LONGEST_TOKEN = 8192;
const CLOCK_TOLERANCE_SECONDS = 5;

/** Requirements for a token. */
interface Rules {
  readonly keys: TokenKeys;
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: string[];
  readonly types: readonly TokenType[];
  /** Seconds. */
  readonly maxAge: number;
}

/** A verified token, and the generation of the keys that verified it. */
interface Verified {
  readonly session: Session;
  readonly generation: number;
}

async function rulesOf(
  { auth, dataDir }: Pick<Config, 'auth' | 'dataDir'>,
  now: () => number,
  report: (error: unknown) => void,
): Promise<Rules> {
  if (auth.mode === 'oidc') {
    return {
      keys: new ProviderKeys(auth.jwksUri, now, report),
      issuer: auth.issuer,
      audience: auth.audience,
      algorithms: [...auth.algorithms],
      types: auth.tokenTypes,
      maxAge: auth.maxTokenAge,
    };
  }
  const { publicKey } = await developmentKeys(dataDir);
  return {
    keys: { generation: 0, due: () => undefined, find: async () => publicKey },
    issuer: DEVELOPMENT.issuer,
    audience: DEVELOPMENT.audience,
    algorithms: [DEVELOPMENT.algorithm],
    types: ['at+jwt'],
    maxAge: DEVELOPMENT.lifetime,
  };
}

/**
 * Verifies bearer tokens: issuer, audience, algorithms and type are pinned, and a token must state when it was issued
 * and when it expires. Verified tokens are cached by hash until they expire or the keys change, because verifying a
 * signature costs more than a query.
 */
export async function createAuthenticator(
  config: Pick<Config, 'auth' | 'dataDir'>,
  { now = Date.now, report = () => undefined }: Surroundings = {},
): Promise<Authenticator> {
  const { keys, issuer, audience, algorithms, types, maxAge } = await rulesOf(config, now, report);
  const remembered = new LRUCache<string, Verified>({ max: REMEMBERED });

  const verify = async (token: string, print: string): Promise<Session> => {
    // If the keys change during verification, the result belongs to the earlier keys and is verified again.
    const { generation } = keys;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys.find, {
        issuer,
        audience,
        algorithms,
        requiredClaims: ['exp', 'iat', 'sub'],
        maxTokenAge: maxAge,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(now()),
      });
      ensureAccessToken(protectedHeader, payload, types);
      const session = sessionOf(payload, { maxAge, tolerance: CLOCK_TOLERANCE_SECONDS });
      remembered.set(print, { session, generation });
      return session;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw fault('TOKEN_EXPIRED');
      if (error instanceof ProviderUnavailable) throw fault('PROVIDER_UNAVAILABLE');
      if (error instanceof errors.JOSEError)
        throw fault('UNAUTHENTICATED', 'The token is not one this server accepts.');
      throw error;
    }
  };

  const judge = (token: string, print: string): Session | Promise<Session> => {
    const known = remembered.get(print);
    if (known === undefined || known.generation !== keys.generation) return verify(token, print);
    if (known.session.expiresAt > now()) return known.session;
    remembered.delete(print);
    throw fault('TOKEN_EXPIRED');
  };

  return {
    session(header) {
      if (header === undefined || header === '') throw fault('UNAUTHENTICATED', 'The request carries no token.');
      const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(header)?.[1];
      if (token === undefined || token.length > LONGEST_TOKEN) {
        throw fault('UNAUTHENTICATED', 'The Authorization header is not "Bearer <token>".');
      }
      const print = hash('sha256', token, 'base64');
      const due = keys.due();
      return due === undefined ? judge(token, print) : due.then(() => judge(token, print));
    },
  };
}
