/** SQLSTATE of the server's refusal; undefined where it did not come from the server. */
export function stateOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && code !== 'EPIPE' ? code : undefined;
}

/** Classes of SQLSTATE whose cause is the server or its operator, not the statement. */
const PASSING = /^(08|28|3D|40|53|55P03|57|58|25006|25P0[34]|42501)/;
const ENDED = '57P01';
/** Classes of SQLSTATE that end a connection. */
const GONE = /^(08|57P0)/;
const BROKEN = /^(E[A-Z]+|ERR_SOCKET\w*)$/;
/** What a client says of a certificate, in the words of OpenSSL. */
const UNTRUSTED = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA|ERR_(TLS|SSL|OSSL)_)/;
const NO_PASSWORD = /client password must be/;
const SAID =
  /[Cc]onnection terminated|timeout expired|timeout exceeded|not queryable|client was closed|server closed|SASL|support SSL/;

/**
 * What was asked over a connection may be asked over another where an operator `ended` it, or where it `broke`: then
 * perhaps by what was asked, which the server may not have survived. Undefined for every other fault.
 */
export function brokeOff(error: unknown): 'ended' | 'broke' | undefined {
  const state = stateOf(error);
  if (state === ENDED) return 'ended';
  const isGone = state === undefined ? whyUnavailable(error) !== undefined : GONE.test(state);
  return isGone ? 'broke' : undefined;
}

/** Why PostgreSQL could not do it just now, in words; undefined where the fault is the statement's. */
export function whyUnavailable(error: unknown): string | undefined {
  // By what it holds and not by its class: the system's own errors may be of another world than this module.
  const { errors } = (error ?? {}) as { errors?: readonly unknown[] };
  const inner = (errors?.[0] ?? error ?? {}) as NodeJS.ErrnoException;
  if (typeof inner.message !== 'string') return undefined;
  const state = stateOf(inner);
  const { code } = inner;
  if (state !== undefined) return PASSING.test(state) ? `${inner.message} (${state})` : undefined;
  if (code !== undefined && UNTRUSTED.test(code)) return `no connection over TLS that can be trusted: ${inner.message}`;
  if (NO_PASSWORD.test(inner.message)) return 'it asks for a password, and none is given';
  if ((code !== undefined && BROKEN.test(code)) || SAID.test(inner.message)) return inner.message || code;
  return undefined;
}
