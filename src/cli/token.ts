import type { Command } from 'commander';
import { devToken } from '../api/tokens';
import { UsageError } from '../config/exit';
import { ROLES, type Role } from '../domain/roles';
import { action, dataCommand, type Result } from './frame';

interface Options {
  readonly role: string;
  readonly actor?: string;
  readonly kind: string;
}

const KINDS = ['person', 'service', 'agent'] as const;

/** `token`: prints a bearer token for a development server on the same data directory. */
export function addToken(program: Command): void {
  dataCommand(program, 'token', 'print one bearer token that a development server on this data directory accepts', [
    'token --role author',
    'token --role approver --actor maria',
    'token --role author --actor importer --kind service',
    'curl -H "Authorization: Bearer $(palimpsest token --role analyst)" …',
  ])
    .requiredOption('--role <role>', `what its bearer may do: ${ROLES.join(', ')}`)
    .option('--actor <id>', 'opaque id of the bearer (default: dev-<role>)')
    .option('--kind <kind>', `kind of the bearer: ${KINDS.join(', ')}`, 'person')
    .action(
      action<Options>(async ({ config }, { role, actor, kind: named }): Promise<Result> => {
        if (config.auth.mode !== 'development') {
          throw new UsageError('PALIMPSEST_AUTH is oidc: tokens come from the identity provider, not from here');
        }
        if (!ROLES.includes(role as Role)) {
          throw new UsageError(`--role must be one of ${ROLES.join(', ')}, not "${role}"`);
        }
        if (actor !== undefined && !/^[\w.@:+-]{1,200}$/.test(actor)) {
          throw new UsageError('--actor must be 1 to 200 letters, digits or any of . _ @ : + -');
        }
        const kind = KINDS.find((each) => each === named);
        if (kind === undefined) throw new UsageError(`--kind must be one of ${KINDS.join(', ')}, not "${named}"`);
        const wanted = { role: role as Role, kind, ...(actor === undefined ? {} : { actor }) };
        const token = await devToken(config.dataDir, wanted);
        return { json: { token, role, actor: actor ?? `dev-${role}` }, text: token };
      }),
    );
}
