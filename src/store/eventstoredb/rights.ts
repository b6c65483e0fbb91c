import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Unavailable } from '../store';
import { jsonBytes } from './encoding';
import { meaningOf, readError } from './meaning';
import type { Incoming, Wire } from './wire';

const NO_METADATA = jsonBytes({});

/** Who writes and who reads. The server knows users and groups by these names. */
export interface Members {
  readonly writer: string;
  readonly readers: string;
}

type Acl = Readonly<Record<string, string | readonly string[]>>;

/** gRPC status code. */
const UNAUTHENTICATED = 16;
const ADMINS = '$admins';
const SETTINGS = '$settings';
/** Stream in which the metadata of `$all` is kept. */
const ALL_METADATA = '$$$all';

/** The server's default: who may do what with a stream that says nothing itself. Nobody but `$admins` may delete. */
export function settingsFor({ writer, readers }: Members): Readonly<Record<string, Acl>> {
  return {
    $userStreamAcl: { $r: [writer, readers, ADMINS], $w: [writer], $d: ADMINS, $mr: [ADMINS, writer], $mw: ADMINS },
    $systemStreamAcl: { $r: ADMINS, $w: ADMINS, $d: ADMINS, $mr: ADMINS, $mw: ADMINS },
  };
}

/** What was done: `standing` where it was so already, `other` where somebody else's stands and was left alone. */
export type Done = 'written' | 'standing' | 'other';

/** Writes the server's default rights. They hold for every stream of the server, so others' are replaced only if told. */
export async function writeSettings(wire: Wire, members: Members, replace: boolean): Promise<Done> {
  const last = await asked(wire.readLast(SETTINGS));
  const wanted = settingsFor(members);
  if (last !== undefined && isDeepStrictEqual(last.data, wanted)) return 'standing';
  if (last !== undefined && !replace) return 'other';
  await write(wire, SETTINGS, last, 'settings', wanted);
  return 'written';
}

/** Lets writer and readers read `$all`, beside those who may already. */
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

/** The client's errors in our words. */
function asked<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error) => {
    throw readError(error);
  });
}

/** What those who come in may do. */
export interface Rights {
  readonly append: boolean;
  readonly readAll: boolean;
  readonly remove: boolean;
  readonly metadata: boolean;
  /** Write streams of the server itself: an administrator, or a server that enforces nothing. */
  readonly system: boolean;
}

/** Tries each right in a way that changes nothing: at a revision that a stream nobody has written to is not at. */
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

/** The server knows no such user, or not with this password. */
export class UnknownUser extends Unavailable {}

/** The user is not one of the server's, or the password is not the user's: nothing can be told of rights. */
function isUnknown(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === UNAUTHENTICATED;
}

/** False where the server refuses for want of a right; a conflict shows that it would have done it. */
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
