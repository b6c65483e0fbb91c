import { type Environment, wordsIn } from './environment';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/;
const NAME = /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9._-]*[a-z0-9])?)(:\d{1,5})?$/;

/** Whether the address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/**
 * Reads `PALIMPSEST_HOSTS`: names under which clients reach the server in addition to its listen address, such as the
 * name of a reverse proxy. A name without a port also matches the ports that URLs omit, 80 and 443. Throws an Error.
 */
export function hostsOfEnvironment(environment: Environment): readonly string[] {
  return wordsIn(environment.PALIMPSEST_HOSTS).map((text) => {
    const host = text.toLowerCase();
    if (!NAME.test(host)) {
      throw new Error(`PALIMPSEST_HOSTS must be host names, each with or without a port, not "${text}"`);
    }
    return host;
  });
}

/**
 * Reads `PALIMPSEST_ORIGINS`: web pages of other origins whose scripts may call this server, each as a browser writes
 * it in its `Origin` header. Throws an Error.
 */
export function originsOfEnvironment(environment: Environment): readonly string[] {
  return wordsIn(environment.PALIMPSEST_ORIGINS).map((text) => {
    const origin = text.toLowerCase();
    const [, host = ''] = /^https?:\/\/(.+)$/.exec(origin) ?? [];
    if (!NAME.test(host) || !URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new Error(
        `PALIMPSEST_ORIGINS must be origins such as https://studio.example.org, without a path, not "${text}"`,
      );
    }
    return origin;
  });
}
