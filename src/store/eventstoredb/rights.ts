import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Unavailable } from '../store';
import { jsonBytes } from './encoding';
import { meaningOf, readError } from './meaning';
import type { Incoming, Wire } from './wire';

const NO_METADATA = jsonBytes({});

/** The writing user and the group of readers, by their names on the server. */
export interface Members {
  readonly writer: string;
  readonly readers: string;
}

type Acl = Readonly<Record<string, string | readonly string[]>>;

/** gRPC status code. */
const UNAUTHENTICATED = 16;
const ADMINS = '$admins';
const SETTINGS = '$settings';
/** Stream that holds the metadata of `$all`. */
const ALL_METADATA = '$$$all';

/** The server's default rights for streams without rights of their own. Only `$admins` may delete. */
export function settingsFor({ writer, readers }: Members): Readonly<Record<string, Acl>> {
  return {
    $userStreamAcl: { $r: [writer, readers, ADMINS], $w: [writer], $d: ADMINS, $mr: [ADMINS, writer], $mw: ADMINS },
    $systemStreamAcl: { $r: ADMINS, $w: ADMINS, $d: ADMINS, $mr: ADMINS, $mw: ADMINS },
  };
}

/** The outcome: `standing` if already in place, `other` if somebody else's setting was left unchanged. */
export type Done = 'written' | 'standing' | 'other';

/**
 * Writes the server's default rights. They apply to every stream of the server, so existing ones are replaced only on
 * request.
 */
export async function writeSettings(wire: Wire, members: Members, replace: boolean): Promise<Done> {
  const last = await asked(wire.readLast(SETTINGS));
  const wanted = settingsFor(members);
  if (last !== undefined && isDeepStrictEqual(last.data, wanted)) return 'standing';
  if (last !== undefined && !replace) return 'other';
  await write(wire, SETTINGS, last, 'settings', wanted);
  return 'written';
}

/** Lets the writer and the readers read `$all`, in addition to those who already may. */
export async function openAll(wire: Wire, { writer, readers }: Members): Promise<Done> {
  const last = await asked(wire.readLast(ALL_METADATA));
  const standing = (last?.data ?? {}) as { readonly $acl?: Acl };
  const said = standing.$acl?.$r ?? [ADMINS];
  const now = typeof said === 'string' ? [said] : said;
  const wanted = [...new Set([...now, ADMINS, readers, writer])];
  if (last !== undefined && wanted.length === now.length) return 'standing';
  const data = { ...standing, $acl: { ...standing.$acl, $r: wanted } };
  await write(wire, ALL_METADATA, last, '$metadata', data);
  return 'written';
}

async function write(wire: Wire, stream: string, last: Incoming | undefined, type: string, data: object) {
  await asked(wire.append(stream, last?.revision ?? 'none', [{ id: randomUUID(), type, data, metadata: NO_METADATA }]));
}

/** Translates the client's errors. */
function asked<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error) => {
    throw readError(error);
  });
}

/** What the connected user may do. */
export interface Rights {
  readonly append: boolean;
  readonly readAll: boolean;
  readonly remove: boolean;
  readonly metadata: boolean;
  /** May write system streams: an administrator, or a server without security. */
  readonly system: boolean;
}

/** Tries each right without changing anything: appends to an unwritten stream at a revision it is not at. */
export async function probeRights(wire: Wire, prefix: string): Promise<Rights> {
  const stream = `${prefix}.doctor-${randomUUID()}`;
  const event = () => [{ id: randomUUID(), type: 'RightsProbed', data: {}, metadata: NO_METADATA }];
  const at = (name: string) => may(() => wire.append(name, 1, event()));
  return {
    readAll: await may(() => wire.readBackwards(undefined, 1)),
    append: await at(stream),
    metadata: await at(`$$${stream}`),
    system: await at(`$${stream}`),
    remove: await may(() => wire.tryDelete(stream)),
  };
}

/** The server has no such user, or the password is wrong. */
export class UnknownUser extends Unavailable {}

/** The user or the password is wrong, so nothing can be said about rights. */
function isUnknown(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === UNAUTHENTICATED;
}

/** False if the server denies access; a conflict shows that access was granted. */
async function may(attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch (error) {
    const meaning = meaningOf(error);
    if (meaning === 'conflict') return true;
    if (meaning === 'denied' && !isUnknown(error)) return false;
    const failure = readError(error);
    throw isUnknown(error) ? new UnknownUser(failure.message, { cause: error }) : failure;
  }
}
