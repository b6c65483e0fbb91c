import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import esbuild from 'esbuild';
import type { Command } from '../../src/domain/deciders';
import { createExecute } from '../../src/execute/execute';
import { canonicalJson } from '../../src/ledger/canonical';
import { type Made, makePack, type PackOptions } from '../../src/ledger/evidence/pack';
import { programsOf } from '../../src/ledger/evidence/programs';
import { sha256 } from '../../src/ledger/hash';
import { signNote } from '../../src/ledger/note';
import { readSignedLog, type SignedLog } from '../../src/ledger/reading';
import { Sequencer } from '../../src/ledger/sequencer';
import { addVersion, content, decide, launch, place, plan, register, requestReview } from '../domain/commands';
import { uuidOf } from '../domain/world';
import { Log } from './logs';

const { buildVerifiers } = require('../../src/ledger/verifier/build.cjs') as {
  buildVerifiers(bundler: typeof esbuild): Promise<Record<string, string>>;
};

/** A real log with an approval in it, its ledger, and packs about it. */
export class Archive {
  readonly log = new Log();
  private commands = 0;
  private programs: ReadonlyMap<string, string> | undefined;

  /** A poster is made, approved, placed, and made anew; much else happens meanwhile. */
  async live(): Promise<void> {
    await this.does('ana', plan());
    await this.does('ana', launch());
    await this.does('ana', register());
    await this.log.grow(150);
    await this.does('ana', requestReview());
    await this.does('bo', decide());
    await this.does('ana', place());
    await this.log.grow(150);
    await this.does('cy', addVersion('second draft', { note: 'brighter <b>&amp; "bolder"</b> — Ünïcode \u{1f600}' }));
    await this.does('cy', requestReview({ note: 'please' }));
    await this.does('bo', decide('approveWithChanges', { version: 2, digest: content('second draft').digest }));
  }

  async does(actor: string, command: Command): Promise<void> {
    const execute = createExecute({ store: this.log.store, clock: this.log.clock, random: () => 0 });
    this.commands += 1;
    const commandId = uuidOf(`command ${this.commands}`);
    const actorOf = { id: actor, kind: 'person' } as const;
    const answer = await execute({
      command,
      actor: actorOf,
      workspace: 'default',
      tool: 'studio',
      commandId,
      occurredAt: undefined,
    });
    if (!answer.ok) throw new Error(`${command.type}: ${answer.refusal.code}`);
  }

  async sign(): Promise<SignedLog> {
    const { store, ledger, clock } = this.log;
    const sequencer = await Sequencer.open({ store, ledger, clock });
    try {
      await sequencer.toHead(store);
    } finally {
      await sequencer.close();
    }
    return readSignedLog(ledger)!;
  }

  async pack(name: string, more: Partial<PackOptions> & Pick<PackOptions, 'question'>): Promise<Made> {
    this.programs ??= programsOf(await buildVerifiers(esbuild));
    return makePack({
      signed: readSignedLog(this.log.ledger)!,
      store: this.log.store,
      tool: '0.0.0',
      programs: this.programs,
      directory: this.path(name),
      ...more,
    });
  }

  path(name: string): string {
    return join(this.log.directory, name);
  }

  /** A copy of a pack that may be spoiled. */
  async copy(of: string, name: string): Promise<string> {
    rmSync(this.path(name), { recursive: true, force: true });
    await cp(this.path(of), this.path(name), { recursive: true });
    return this.path(name);
  }

  /** As an operator would who forges a pack of his own log: the manifest fits, and the log's own key signs it. */
  seal(pack: string): void {
    const { keys } = readSignedLog(this.log.ledger)!;
    const manifest = JSON.parse(readFileSync(join(pack, 'manifest.json'), 'utf8')) as { files: object };
    const names = filesIn(pack).filter((name) => !name.startsWith('manifest.json'));
    const listed = names.map((name) => {
      const bytes = readFileSync(join(pack, name));
      return [name, { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }];
    });
    const text = canonicalJson({ ...manifest, files: Object.fromEntries(listed) });
    writeFileSync(join(pack, 'manifest.json'), text);
    const note = `palimpsest.invalid/evidence-manifest@v1\n${keys.origin}\n${sha256(text).toString('hex')}\n`;
    writeFileSync(join(pack, 'manifest.json.note'), signNote(note, keys.signers()));
  }

  close(): Promise<void> {
    return this.log.close();
  }
}

export function filesIn(root: string): readonly string[] {
  return (readdirSync(root, { recursive: true }) as string[])
    .filter((name) => statSync(join(root, name)).isFile())
    .sort();
}

/** Changes the text of a file of a pack; throws where nothing changes. */
export function edit(pack: string, name: string, change: (text: string) => string): void {
  const path = join(pack, name);
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`nothing was changed in ${name}`);
  writeFileSync(path, after);
}
