import type { JWTHeaderParameters, JWTPayload } from 'jose';
import type { TokenType } from '../config/oidc';
import type { Actor, ActorKind } from '../domain/event';
import { isRole, type Role } from '../domain/roles';
import { fault } from './errors';

/** The caller according to the token; nothing in a request can change it. */
export interface Session {
  readonly actor: Actor;
  readonly roles: readonly Role[];
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

interface Limits {
  /** Maximum age of a token in seconds after `iat`. */
  readonly maxAge: number;
  /** Tolerated clock difference in seconds. */
  readonly tolerance: number;
}

const KINDS: readonly ActorKind[] = ['person', 'service', 'agent'];
const LONGEST_ID = 200;
/** Claims that an OpenID Connect provider puts into ID tokens and never into access tokens. */
const OF_ID_TOKENS = ['nonce', 'at_hash', 'c_hash', 's_hash'];

/**
 * Refuses everything but access tokens: an ID token tells an application who signed in and gives no right to act. The
 * type `at+jwt` identifies an access token. The type `JWT` does not, so its claims are checked. Throws UNAUTHENTICATED.
 */
export function ensureAccessToken(header: JWTHeaderParameters, payload: JWTPayload, types: readonly TokenType[]): void {
  const type = typeOf(header.typ);
  if (type === undefined || !types.includes(type)) {
    throw fault('UNAUTHENTICATED', `The token is not of a type this server accepts (${types.join(', ')}).`);
  }
  if (type === 'at+jwt') return;
  const { typ, token_use: use, azp, client_id: client = azp, aud } = payload;
  const claimed = OF_ID_TOKENS.some((claim) => claim in payload);
  const said = typ !== undefined && !(typeof typ === 'string' && typ.toLowerCase() === 'bearer');
  const used = use !== undefined && use !== 'access';
  const forItself = client !== undefined && [aud].flat().every((audience) => audience === client);
  if (claimed || said || used || forItself) throw fault('UNAUTHENTICATED', 'The token is not an access token.');
}

function typeOf(typ: unknown): TokenType | undefined {
  if (typ === undefined) return 'JWT';
  const name = String(typ)
    .toLowerCase()
    .replace(/^application\//, '');
  if (name === 'at+jwt') return name;
  return name === 'jwt' ? 'JWT' : undefined;
}

/** Throws UNAUTHENTICATED if the claims do not identify an actor that can be recorded. */
export function sessionOf(payload: JWTPayload, { maxAge, tolerance }: Limits): Session {
  const { exp = 0, iat = 0, roles } = payload;
  return {
    actor: actorOf(payload),
    roles: Array.isArray(roles) ? roles.filter(isRole) : [],
    expiresAt: (Math.min(exp, iat + maxAge) + tolerance) * 1000,
  };
}

/**
 * `sub` acts, on behalf of `onBehalfOf` if given; in an exchanged token (RFC 8693) `act.sub` acts on behalf of `sub`.
 * An actor is a person only if the token says so.
 */
function actorOf(payload: JWTPayload): Actor {
  const { sub, kind, onBehalfOf, act } = payload;
  if (act === undefined) {
    const actor = { id: idOf('sub', sub), kind: kindOf(kind) };
    return onBehalfOf === undefined ? actor : { ...actor, onBehalfOf: idOf('onBehalfOf', onBehalfOf) };
  }
  if (typeof act !== 'object' || act === null || onBehalfOf !== undefined) {
    throw fault('UNAUTHENTICATED', 'The token says in more than one way, or in none that is known, who acts for whom.');
  }
  const acting = act as { readonly sub?: unknown; readonly kind?: unknown };
  return { id: idOf('act.sub', acting.sub), kind: kindOf(acting.kind), onBehalfOf: idOf('sub', sub) };
}

/**
 * An id ends up in events, logs and on screens. It contains no invisible characters, so that ids that look the same are
 * the same.
 */
function idOf(claim: string, id: unknown): string {
  if (
    typeof id === 'string' &&
    id !== '' &&
    id.length <= LONGEST_ID &&
    !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|^\s|\s$/u.test(id)
  ) {
    return id;
  }
  throw fault(
    'UNAUTHENTICATED',
    `The token's "${claim}" is not an id: it must have 1 to ${LONGEST_ID} visible characters.`,
  );
}

function kindOf(kind: unknown): ActorKind {
  if (kind === undefined) return 'service';
  const known = KINDS.find((each) => each === kind);
  if (known === undefined) throw fault('UNAUTHENTICATED', 'The token names a kind of actor that is not known.');
  return known;
}
