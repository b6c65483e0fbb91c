import type { Command } from 'commander';
import { provisionStore } from '../app';
import { eventsSecret } from '../config/config';
import { UsageError } from '../config/exit';
import type { Provisioned } from '../store/eventstoredb/provision';
import { action, dataCommand, type Result } from './frame';

interface Options {
  readonly admin: string;
  readonly writer: string;
  readonly reader: string;
  readonly group: string;
  readonly replaceAcl?: boolean;
}

const TEACHING = `
Steps, on the EventStoreDB that PALIMPSEST_EVENTS names:
  1. creates the user --writer for \`serve\` and \`project\`: appends, reads, reads $all
  2. creates the user --reader in the group --group for read-only access: reads, reads $all
  3. sets the server's default rights: the writer appends, writer and group read, only $admins deletes streams or
     changes their metadata. The rights apply to all streams of the server; if other default rights are already set,
     they are kept and the command exits with 1, unless --replace-acl is given
  4. allows writer and group to read $all
Run again, it changes only what differs, and reports what it changed. Passwords come from the environment or from secret files, never from the
command line, where every user of the machine could read them:
  PALIMPSEST_ADMIN_PASSWORD    or PALIMPSEST_ADMIN_PASSWORD_FILE     of the administrator
  PALIMPSEST_WRITER_PASSWORD   or PALIMPSEST_WRITER_PASSWORD_FILE    new password of the writer
  PALIMPSEST_READER_PASSWORD   or PALIMPSEST_READER_PASSWORD_FILE    new password of the reader
Afterwards set PALIMPSEST_EVENTS_USER and PALIMPSEST_EVENTS_PASSWORD_FILE to those of the writer;
\`palimpsest doctor\` checks its rights.`;

/** `store init`: creates users of an EventStoreDB that cannot delete streams. */
export function addStore(program: Command): void {
  const store = program.command('store').description('manage the event store');
  dataCommand(store, 'init', 'give an EventStoreDB a writer and a reader with the least rights they need', [
    'PALIMPSEST_ADMIN_PASSWORD_FILE=/run/secrets/admin palimpsest store init',
    'palimpsest store init --writer acme-writer --json',
  ])
    .option('--admin <name>', 'administrator whose rights are used', 'admin')
    .option('--writer <name>', 'user that writes', 'palimpsest-writer')
    .option('--reader <name>', 'user that reads', 'palimpsest-reader')
    .option('--group <name>', 'group of the reading users', 'palimpsest-readers')
    .option('--replace-acl', 'replace default rights that another administrator has set')
    .addHelpText('after', TEACHING)
    .action(
      action<Options>(async ({ config }, options): Promise<Result> => {
        for (const name of [options.admin, options.writer, options.reader, options.group]) {
          if (!/^[\w.-]{1,100}$/.test(name)) throw new UsageError(`"${name}" must be letters, digits or any of _ . -`);
        }
        if (config.events.adapter !== 'eventstoredb') {
          throw new UsageError('PALIMPSEST_EVENTS is not an EventStoreDB; the embedded store needs no users');
        }
        const done = await provisionStore(config.events.address, {
          administrator: { username: options.admin, password: eventsSecret('PALIMPSEST_ADMIN_PASSWORD') },
          writer: { name: options.writer, password: eventsSecret('PALIMPSEST_WRITER_PASSWORD') },
          reader: { name: options.reader, password: eventsSecret('PALIMPSEST_READER_PASSWORD') },
          readers: options.group,
          replace: options.replaceAcl ?? false,
        });
        // The changes made are reported even if something was left undone.
        return { json: done, text: report(options, done), fault: done.settings === 'other' };
      }),
    );
}

/** The changes, one per line. */
function report({ writer, reader, group }: Options, done: Provisioned): string {
  const user = (name: string, put: Provisioned['writer']) => {
    if (put === 'made') return [`made the user ${name}`];
    return put === 'password' ? [`set the password of ${name}`] : [];
  };
  const changes = [
    ...user(writer, done.writer),
    ...user(reader, done.reader),
    ...(done.settings === 'written'
      ? [`set the default rights of the server: ${writer} appends, ${writer} and ${group} read, $admins alone delete`]
      : []),
    ...(done.all === 'written' ? [`let ${writer} and ${group} read $all`] : []),
  ];
  const left =
    done.settings === 'other'
      ? [
          'left unchanged: default rights set by another administrator; see the stream $settings; --replace-acl replaces them',
        ]
      : [];
  return [...(changes.length > 0 ? changes : ['nothing was changed']), ...left].join('\n');
}
