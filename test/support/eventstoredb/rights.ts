import type { Metadata } from '@grpc/grpc-js';
import type { Log } from './log';
import { accessDenied, type Refusal, unauthenticated } from './refusals';

export type Right = 'read' | 'write' | 'delete';

/** Access rules. */
export interface Access {
  refusal(metadata: Metadata, right: Right, stream: string): Refusal | undefined;
}

/** A server started without security enforces no rights at all. */
export const everybody: Access = { refusal: () => undefined };

export interface User {
  readonly loginName: string;
  readonly fullName: string;
  readonly groups: readonly string[];
  readonly password: string;
}

const ADMINISTRATORS = '$admins';

/** The users of a secure server, starting with its two built-in ones. */
export class Users {
  private readonly byName = new Map<string, User>();

  constructor() {
    this.put({
      loginName: 'admin',
      fullName: 'Event Store Administrator',
      groups: [ADMINISTRATORS],
      password: 'changeit',
    });
    this.put({ loginName: 'ops', fullName: 'Event Store Operations', groups: ['$ops'], password: 'changeit' });
  }

  put(user: User): void {
    this.byName.set(user.loginName, user);
  }

  get(loginName: string): User | undefined {
    return this.byName.get(loginName);
  }

  remove(loginName: string): void {
    this.byName.delete(loginName);
  }

  /** @param header `Basic …` as HTTP has it; undefined for nobody, 'wrong' where the password is */
  authenticated(header: string | undefined): User | 'wrong' | undefined {
    if (header === undefined || header === '') return undefined;
    const text = Buffer.from(header.replace(/^Basic /i, ''), 'base64').toString('utf8');
    const [name = ''] = text.split(':', 1);
    const user = this.byName.get(name);
    return user && text === `${name}:${user.password}` ? user : 'wrong';
  }
}

export const isAdministrator = (user: User): boolean => user.groups.includes(ADMINISTRATORS);

type Key = '$r' | '$w' | '$d' | '$mr' | '$mw';

/**
 * Rights as a secure server enforces them: by the stream's own list, otherwise by `$settings`, otherwise by built-in
 * rules.
 */
export class EnforcedAccess implements Access {
  constructor(
    private readonly log: Log,
    private readonly users: Users,
  ) {}

  refusal(metadata: Metadata, right: Right, stream: string): Refusal | undefined {
    const user = this.users.authenticated(metadata.get('authorization')[0]?.toString());
    if (user === 'wrong') return unauthenticated();
    if (!user) return accessDenied();
    if (isAdministrator(user)) return undefined;
    const held = [user.loginName, ...user.groups, '$all'];
    return this.rolesFor(right, stream).some((role) => held.includes(role)) ? undefined : accessDenied();
  }

  /** The metadata of a stream is in a stream of its own, with its own rights. */
  private rolesFor(right: Right, stream: string): readonly string[] {
    if (stream.startsWith('$$')) return this.roles(right === 'read' ? '$mr' : '$mw', stream.slice(2));
    return this.roles(right === 'read' ? '$r' : right === 'write' ? '$w' : '$d', stream);
  }

  private roles(key: Key, stream: string): readonly string[] {
    const system = stream.startsWith('$');
    const { settings } = this.log;
    const usual = system ? settings.$systemStreamAcl : settings.$userStreamAcl;
    const roles = this.log.metadataOf(stream).$acl?.[key] ?? usual?.[key] ?? (system ? ADMINISTRATORS : '$all');
    return typeof roles === 'string' ? [roles] : roles;
  }
}
