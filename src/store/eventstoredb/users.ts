import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { Unavailable } from '../store';
import type { Address, Credentials } from './address';
import { certificatesOf } from './certificates';

/** Timeout of an HTTP request, in milliseconds. */
const PATIENCE_MS = 10_000;

export interface User {
  readonly name: string;
  readonly fullName: string;
  readonly groups: readonly string[];
  readonly password: string;
}

/** What was changed for a user. */
export type Put = 'made' | 'password' | 'standing';

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Manages users, which the server offers over HTTP only. Requests go to the first node of the address. */
export class Users {
  constructor(
    private readonly address: Address,
    private readonly administrator: Credentials,
  ) {}

  /** False on a server that was started without security: it has no users and enforces no rights. */
  async areKept(): Promise<boolean> {
    const info = await this.ask('GET', '/info');
    if (info.status !== 200) throw refusal(info, 'say what it is');
    const { features } = JSON.parse(info.body) as { features?: { userManagement?: boolean } };
    return features?.userManagement !== false;
  }

  /**
   * Creates a user, or sets the password of an existing one: `password` if it had a different one. Throws Unavailable
   * if the server refuses.
   */
  async put({ name, fullName, groups, password }: User): Promise<Put> {
    const made = await this.ask('POST', '/users', { loginName: name, fullName, groups, password });
    if (made.status === 201) return 'made';
    if (made.status !== 409) throw refusal(made, `make the user ${name}`);
    const comesIn = await this.ask('GET', '/users/$current', undefined, { username: name, password });
    if (comesIn.status === 200) return 'standing';
    const path = `/users/${encodeURIComponent(name)}/command/reset-password`;
    const changed = await this.ask('POST', path, { newPassword: password });
    if (changed.status >= 300) throw refusal(changed, `set the password of ${name}`);
    return 'password';
  }

  private ask(method: string, path: string, body?: object, who = this.administrator): Promise<Answer> {
    const { hosts, tls } = this.address;
    const [host] = hosts;
    const { rootCertificate: ca } = certificatesOf(this.address);
    const { username, password } = who;
    const options = {
      host: host!.address,
      port: host!.port,
      method,
      path,
      auth: `${username}:${password}`,
      headers: { 'content-type': 'application/json' },
      timeout: PATIENCE_MS,
      ...(ca === undefined ? {} : { ca }),
    };
    return new Promise((resolve, reject) => {
      const failed = (error: Error) =>
        reject(new Unavailable(`the event store cannot be asked about users: ${error.message}`, { cause: error }));
      const asked = (tls ? secure : plain)(options, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
        response.on('error', failed);
      });
      asked.on('timeout', () => asked.destroy(new Error('no answer in time')));
      asked.on('error', failed);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

function refusal({ status }: Answer, what: string): Unavailable {
  const why =
    status === 401
      ? 'the name or password of the administrator is wrong, or it lacks the right'
      : `it answered with the HTTP status ${status}`;
  return new Unavailable(`the event store did not ${what}: ${why}`);
}
