import { Unavailable } from '../store';
import type { Credentials } from './address';
import { type Done, openAll, writeSettings } from './rights';
import type { Put, Users } from './users';
import type { Wire } from './wire';

/** Who is to come in, and by whose authority. */
export interface Plan {
  readonly administrator: Credentials;
  readonly writer: { readonly name: string; readonly password: string };
  readonly reader: { readonly name: string; readonly password: string };
  /** Group of those who read. */
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

/** Gives a server users with the least rights they need. Repeatable. `wire` comes in as the administrator. */
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
