import type { Config } from '../config/config';
import { ROLE_MEANINGS, ROLES, type Role } from '../domain/roles';
import { devToken } from './tokens';

/** A persona that the pages of this server can use. */
export interface Persona {
  readonly role: Role;
  readonly meaning: string;
  readonly token: string;
}

/**
 * A fresh token of each persona for the pages of this server, usable by anybody who can reach this address, which is
 * why a server with development tokens listens on this machine only. None if tokens come from an identity provider.
 */
export async function personasOf({ auth, dataDir }: Pick<Config, 'auth' | 'dataDir'>): Promise<readonly Persona[]> {
  if (auth.mode !== 'development') return [];
  return Promise.all(
    ROLES.map(async (role) => ({ role, meaning: ROLE_MEANINGS[role], token: await devToken(dataDir, { role }) })),
  );
}
