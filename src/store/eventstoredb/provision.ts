import { Unavailable } from '../store';
import type { Credentials } from './address';
import { type Done, openAll, writeSettings } from './rights';
import type { Put, Users } from './users';
import type { Wire } from './wire';

/** The users to create, and the administrator's authority. */
export interface Plan {
  readonly administrator: Credentials;
  readonly writer: { readonly name: string; readonly password: string };
  readonly reader: { readonly name: string; readonly password: string };
  /** Group of the readers. */
  readonly readers: string;
  /** Replace default rights that another administrator has set. */
  readonly replace: boolean;
}

export interface Provisioned {
  readonly writer: Put;
  readonly reader: Put;
  readonly settings: Done;
  readonly all: Done;
}

/** Creates users with the least rights they need on a server. Idempotent. `wire` is connected as the administrator. */
export async function provision(wire: Wire, users: Users, plan: Plan): Promise<Provisioned> {
  if (!(await users.areKept())) {
    throw new Unavailable('the event store was started without security: it knows no users and enforces no rights');
  }
  const { writer, reader, readers } = plan;
  const members = { writer: writer.name, readers };
  return {
    writer: await users.put({ ...writer, fullName: 'Palimpsest writes', groups: [] }),
    reader: await users.put({ ...reader, fullName: 'Palimpsest reads', groups: [readers] }),
    settings: await writeSettings(wire, members, plan.replace),
    all: await openAll(wire, members),
  };
}
