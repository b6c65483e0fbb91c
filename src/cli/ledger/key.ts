import type { Command } from 'commander';
import { refuseMissing } from '../../app';
import { UsageError } from '../../config/exit';
import { LedgerKeys } from '../../ledger/keys';
import { ledgerIn } from '../../ledger/ledger';
import { isKeyName } from '../../ledger/note';
import { placesIn } from '../../ledger/sequencer';
import { action, dataCommand, type Result } from '../frame';

interface Options {
  readonly create?: boolean;
  readonly origin?: string;
  readonly rotate?: boolean;
  readonly retire?: boolean;
}

/** `ledger key`: prints the public keys for an auditor. */
export function addKey(ledger: Command): void {
  dataCommand(ledger, 'key', 'print the public keys that checkpoints of this log are verified with', [
    'ledger key > log.vkey',
    'ledger key --create --origin example.com/content-log',
    'ledger key --rotate',
    'ledger key --retire',
  ])
    .option('--create', 'make the keys of a new log; `serve` makes them by itself where there are none')
    .option('--origin <name>', 'with --create: the name of the log, best a host and path of yours; it never changes')
    .option('--rotate', 'add a key: from the next checkpoint on, both sign')
    .option('--retire', 'the older keys sign no more; hand out the new key first')
    .action(
      action<Options>(async ({ config }, options): Promise<Result> => {
        if (!options.create) refuseMissing(config);
        const { keys: file } = placesIn(ledgerIn(config.dataDir));
        const keys = keysFor(file, options);
        const known = keys.known();
        const lines = known.filter(({ retired }) => retired === undefined).map(({ vkey }) => vkey);
        return { json: { origin: keys.origin, file, keys: known }, text: lines.join('\n') };
      }),
    );
}

function keysFor(file: string, { create, origin, rotate, retire }: Options): LedgerKeys {
  if (Number(create ?? false) + Number(rotate ?? false) + Number(retire ?? false) > 1) {
    throw new UsageError('--create, --rotate and --retire exclude each other');
  }
  if (origin !== undefined && !create)
    throw new UsageError('--origin goes with --create: the name of a log never changes');
  if (origin !== undefined && !isKeyName(origin))
    throw new UsageError(`--origin must have no blanks or plus signs: "${origin}"`);
  const keys = LedgerKeys.read(file);
  const now = new Date().toISOString();
  if (create) {
    if (keys !== undefined) throw new UsageError(`${file} is there already, for the log ${keys.origin}`);
    return LedgerKeys.create(file, now, origin);
  }
  if (keys === undefined)
    throw new UsageError(`there are no keys in ${file}; \`palimpsest ledger key --create\` makes them`);
  if (rotate) return keys.rotate(now);
  return retire ? keys.retire(now) : keys;
}
