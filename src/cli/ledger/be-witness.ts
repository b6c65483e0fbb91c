import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../../config/exit';
import { LedgerKeys } from '../../ledger/keys';
import { BadNote, COSIGNATURE, isKeyName, parseVkey, type Verifier, vkeyOf } from '../../ledger/note';
import { Witness } from '../../ledger/witness/witness';
import { serveWitness } from '../../ledger/witness/witnessserver';
import { print } from '../../telemetry/out';
import { action, dataCommand } from '../frame';
import { untilStopped } from '../watch';

interface Options {
  readonly log: readonly string[];
  readonly name?: string;
  readonly listen: string;
}

/** `ledger witness`: what an auditor runs, so that a log cannot show two histories. */
export function addWitness(ledger: Command): void {
  dataCommand(
    ledger,
    'witness',
    'be a witness (c2sp.org/tlog-witness) for logs of others: cosign each checkpoint that contains the one before; keep its data directory away from the operator of the log',
    [
      'ledger witness --log log.vkey --name audit.example/w1 --data ./witness',
      'ledger witness --log log.vkey --listen 4600',
    ],
  )
    .requiredOption('--log <file...>', 'public keys of the logs, from `ledger key`')
    .option('--name <name>', 'name of the witness, when it is made; it never changes')
    .option('--listen <port>', 'port on 127.0.0.1; a proxy in front of it can offer it to others', '4600')
    .action(
      action<Options>(async ({ config, signal, log }, options): Promise<undefined> => {
        if (!/^\d{1,5}$/.test(options.listen)) throw new UsageError(`--listen must be a port, not "${options.listen}"`);
        const logs = options.log.flatMap(keysIn);
        const keys = witnessKeys(join(config.dataDir, 'witness.json'), options.name);
        const [signer] = keys.signers(COSIGNATURE);
        const witness = new Witness(join(config.dataDir, 'witnessed'), signer!, logs);
        const server = await serveWitness(witness, '127.0.0.1', Number(options.listen));
        try {
          print(`${vkeyOf(signer!)} ${server.url}`);
          log.info('witnessing; Ctrl-C stops', { logs: logs.map(({ name }) => name).join(', ') });
          await untilStopped(signal);
        } finally {
          await server.close();
        }
      }),
    );
}

function keysIn(path: string): readonly Verifier[] {
  try {
    const lines = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
    return lines.map((line) => parseVkey(line.trim()));
  } catch (error) {
    if (error instanceof BadNote) throw new UsageError(`${path}: ${error.message}`);
    throw new UsageError(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function witnessKeys(file: string, name: string | undefined): LedgerKeys {
  const known = LedgerKeys.read(file);
  if (known !== undefined) {
    if (name !== undefined && name !== known.origin)
      throw new UsageError(`the witness in ${file} is called ${known.origin}`);
    return known;
  }
  if (name !== undefined && !isKeyName(name))
    throw new UsageError(`--name must have no blanks or plus signs: "${name}"`);
  return LedgerKeys.create(file, new Date().toISOString(), name);
}
