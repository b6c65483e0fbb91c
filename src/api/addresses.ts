import type { IncomingHttpHeaders } from 'node:http';
import { isIP, type Socket } from 'node:net';
import type { Config } from '../config/config';
import { isLoopback } from '../config/hosts';
import type { ErrorCode } from './errors';

/** Network address and headers of a request. */
export interface Arrival {
  readonly headers: IncomingHttpHeaders;
  readonly socket: Pick<Socket, 'localAddress' | 'localPort'>;
}

interface Named {
  readonly name: string;
  /** 80 if the text has none. */
  readonly port: number;
  readonly text: string;
}

const HOST = /^(\[[0-9a-f:.]+\]|[^\s:[\]/@?#]+)(?::(\d{1,5}))?$/;
const USUAL_PORTS = [80, 443];

/**
 * Which names a client may use for this server, and which web pages may call it. A foreign page whose DNS name points
 * here (DNS rebinding) sends its own name as `Host`; a page of another origin sends that origin as `Origin`. Clients
 * other than browsers send no `Origin`.
 */
export class Addresses {
  private readonly hosts: ReadonlySet<string>;
  private readonly origins: ReadonlySet<string>;
  /** The name of the listen address, unless it is a wildcard. */
  private readonly own: string | undefined;
  /** The `Host` last accepted on each connection: further requests on it mostly have the same. */
  private readonly accepted = new WeakMap<object, string>();

  constructor({ hosts, origins }: Pick<Config, 'hosts' | 'origins'>, listening: string) {
    this.hosts = new Set(hosts);
    this.origins = new Set(origins);
    this.own = bracketed(listening);
  }

  /** Whether pages of any other origin may send requests. */
  get crossing(): boolean {
    return this.origins.size > 0;
  }

  /** The origin of a request from an allowed page of another origin; otherwise undefined. */
  crossOrigin({ headers: { origin } }: Arrival): string | undefined {
    return origin !== undefined && this.origins.has(origin) ? origin : undefined;
  }

  /** Why a request is refused, or undefined. `probe`: it asks only for health or metrics. */
  refusal(arrival: Arrival, probe = false): ErrorCode | undefined {
    const { headers, socket } = arrival;
    const { host, origin } = headers;
    if (host === undefined || this.accepted.get(socket) !== host) {
      if (this.isOurs(host, socket)) this.accepted.set(socket, host!);
      else if (!probe || !isProbeable(host)) return 'HOST_NOT_ALLOWED';
    }
    if (origin === undefined || this.origins.has(origin)) return undefined;
    const [, scheme, from] = /^(https?):\/\/(.+)$/.exec(origin) ?? [];
    const usual = scheme === 'https' ? 443 : 80;
    return from !== undefined && this.isOurs(from, socket, usual) ? undefined : 'ORIGIN_NOT_ALLOWED';
  }

  private isOurs(text: string | undefined, socket: Arrival['socket'], usualPort = 80): boolean {
    const named = nameOf(text, usualPort);
    if (named === undefined) return false;
    const { name, port } = named;
    if (this.hosts.has(named.text) || this.hosts.has(`${name}:${port}`)) return true;
    if (USUAL_PORTS.includes(port) && this.hosts.has(name)) return true;
    if (port !== socket.localPort) return false;
    const reached = bracketed((socket.localAddress ?? '').replace(/^::ffff:(?=\d)/, ''));
    // All names of the address that a client connected to are equivalent.
    return name === this.own || name === reached || (isLoopback(reached) && isLoopback(name));
  }
}

function nameOf(text: string | undefined, usualPort: number): Named | undefined {
  const [, name, port] = HOST.exec(text?.toLowerCase() ?? '') ?? [];
  if (name === undefined) return undefined;
  return { name, port: port === undefined ? usualPort : Number(port), text: text!.toLowerCase() };
}

/** IPv6 addresses are in brackets before a port. */
function bracketed(address: string): string {
  return isIP(address) === 6 ? `[${address}]` : address.toLowerCase();
}

/**
 * Load balancers and monitors call a server by its address or by a name in their own network, and HTTP/1.0 sends no
 * name. A name that an outsider can point here has a dot in it.
 */
function isProbeable(host: string | undefined): boolean {
  if (host === undefined) return true;
  const { name } = nameOf(host, 80) ?? {};
  return name !== undefined && (!name.includes('.') || isIP(name) !== 0 || name.startsWith('['));
}
