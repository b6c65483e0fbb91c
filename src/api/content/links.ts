import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Config } from '../../config/config';
import { linkKey } from './linkkey';

/** Links change at most this often, in milliseconds, so that browsers can use their cache. */
const STEP = 3_600_000;

/** Why a link is refused. */
export type LinkFault = 'expired' | 'forged';

/**
 * Signed links: anybody with a link may fetch its target until it expires, without a token, as an `<img>` does. It
 * names one version of one asset, so it is issued only to somebody who may see that.
 */
export class Links {
  constructor(
    private readonly key: () => Buffer,
    private readonly now: () => number = Date.now,
  ) {}

  /** A link that is valid for at least this many milliseconds, and its expiry. */
  lasting(
    path: string,
    parameters: Readonly<Record<string, string>>,
    milliseconds: number,
  ): { readonly url: string; readonly expiresAt: number } {
    const expiresAt = (Math.floor(this.now() / STEP) + 1) * STEP + milliseconds;
    return { url: this.signed(path, parameters, expiresAt), expiresAt };
  }

  signed(path: string, parameters: Readonly<Record<string, string>>, expiresAt: number): string {
    const all = new URLSearchParams({ ...parameters, expires: String(Math.floor(expiresAt / 1_000)) });
    all.sort();
    const text = `${path}?${all}`;
    return `${text}&signature=${this.signature(text)}`;
  }

  /** Undefined if the link is valid. */
  faultOf(path: string, parameters: URLSearchParams): LinkFault | undefined {
    const given = Buffer.from(parameters.get('signature') ?? '', 'base64url');
    const rest = new URLSearchParams(parameters);
    rest.delete('signature');
    rest.sort();
    const expected = Buffer.from(this.signature(`${path}?${rest}`), 'base64url');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'forged';
    return Number(rest.get('expires')) * 1_000 > this.now() ? undefined : 'expired';
  }

  private signature(text: string): string {
    return createHmac('sha256', this.key()).update(text).digest('base64url');
  }
}

/** The links of a server. Its key is read or created with the first of them. */
export function linksOf({ dataDir, linkSecret }: Pick<Config, 'dataDir' | 'linkSecret'>): Links {
  let key: Buffer | undefined;
  return new Links(() => {
    key ??= linkKey(dataDir, linkSecret);
    return key;
  });
}
