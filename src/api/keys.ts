import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** After this age a key set is fetched again, while requests still use it. Milliseconds, as below. */
const FRESH = 25_000;
/** After this age a key set is not used before it has been fetched again. */
const STALE = 50_000;
/** Minimum pause after a fetch, whatever its result. */
const BACK_OFF = 5_000;
/** Timeout of a fetch. */
const PATIENCE = 3_000;
/** Maximum number of bytes read of a key set. */
const LARGEST = 262_144;

/** A token cannot be verified: its key is unknown, and the provider does not answer. */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable';
}

/** Finds the key that a token was signed with. */
export interface TokenKeys {
  /** Changes with the keys: tokens verified with an earlier generation must be verified again. */
  readonly generation: number;
  /** Call before each use: returns a promise if the keys must be fetched first, usually undefined. */
  due(): Promise<void> | undefined;
  /** Throws ProviderUnavailable, or a JOSEError if no key fits. */
  readonly find: JWTVerifyGetKey;
}

/**
 * The public keys of a provider. A key that the provider withdraws is dropped within a minute; while the provider does
 * not answer, its last keys stay valid. Unknown keys cause at most one fetch in five seconds.
 */
export class ProviderKeys implements TokenKeys {
  generation = 0;
  private keys: JWTVerifyGetKey | undefined;
  /** Canonical text of the keys, which shows whether a fetch changed them. */
  private text: string | undefined;
  private fetchedAt = Number.NEGATIVE_INFINITY;
  private triedAt = Number.NEGATIVE_INFINITY;
  private failed = false;
  private fetching: Promise<void> | undefined;

  constructor(
    private readonly url: string,
    private readonly now: () => number,
    /** Receives the reason why a fetch failed. */
    private readonly report: (error: unknown) => void,
  ) {}

  due(): Promise<void> | undefined {
    const now = this.now();
    const age = now - this.fetchedAt;
    if (age < FRESH || this.keys === undefined) return undefined;
    // Requests do not wait for a provider that just failed to answer: it may be unreachable for hours.
    const away = this.failed && now - this.triedAt < STALE;
    const fetching = this.fetch();
    return age >= STALE && !away ? fetching : undefined;
  }

  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (this.keys === undefined) await this.fetch();
    try {
      if (this.keys === undefined) throw new ProviderUnavailable('no key was fetched yet');
      return await this.keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.fetch();
      if (this.failed) throw new ProviderUnavailable('the key is not known');
      return await this.keys!(header, token);
    }
  };

  /** Fetches the keys unless that was tried recently; concurrent callers share one fetch. Never rejects. */
  private fetch(): Promise<void> | undefined {
    if (this.fetching !== undefined) return this.fetching;
    if (this.now() - this.triedAt < BACK_OFF) return undefined;
    this.triedAt = this.now();
    this.fetching = keySetAt(this.url)
      .then((keySet) => this.take(keySet))
      .catch((error: unknown) => {
        this.failed = true;
        this.report(new Error(`the keys of the token issuer cannot be fetched: ${reasonOf(error)}`));
      })
      .finally(() => {
        this.fetching = undefined;
      });
    return this.fetching;
  }

  private take(keySet: JSONWebKeySet): void {
    const keys = createLocalJWKSet(keySet);
    const text = keySet.keys
      .map((key) => JSON.stringify(key))
      .sort()
      .join('\n');
    this.failed = false;
    // The age of the keys counts from the request: a withdrawal may have happened while the answer was in flight.
    this.fetchedAt = this.triedAt;
    if (text === this.text) return;
    this.text = text;
    this.keys = keys;
    this.generation += 1;
  }
}

async function keySetAt(url: string): Promise<JSONWebKeySet> {
  const headers = { accept: 'application/json, application/jwk-set+json' };
  const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(PATIENCE) });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new Error(`it answered with ${response.status}`);
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.length;
    if (size > LARGEST) throw new Error(`its answer is longer than ${LARGEST} bytes`);
    parts.push(part);
  }
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as JSONWebKeySet;
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}, ${cause.message}` : message;
}
