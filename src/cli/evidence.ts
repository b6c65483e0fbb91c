import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { validate as isUuid } from 'uuid';
import { version } from '../../package.json';
import { openContent, openNames, openStoreToRead, refuseMissing } from '../app';
import { FaultFound, UsageError } from '../config/exit';
import { type Made, makePack } from '../ledger/evidence/pack';
import { EvidenceRefused } from '../ledger/evidence/packfiles';
import { programsIn } from '../ledger/evidence/programs';
import type { Question } from '../ledger/evidence/scope';
import { ledgerIn } from '../ledger/ledger';
import { BadNote } from '../ledger/note';
import { ContentMissing } from '../store/content/contentfaults';
import type { ContentStore } from '../store/content/contentstore';
import { action, dataCommand, type Result } from './frame';
import { signedToHead } from './ledger/checkpoint';

interface Options {
  readonly asset?: string;
  readonly placement?: string;
  readonly campaign?: string;
  readonly person?: string;
  readonly window?: string;
  readonly out: string;
  readonly since?: string;
  readonly names?: boolean;
  readonly content?: boolean;
}

/** `evidence`: a pack that outsiders verify without this program. */
export function addEvidence(program: Command): void {
  dataCommand(
    program,
    'evidence',
    'write everything the log has about something into a directory that verifies offline, with the proofs, a report in sentences, and the programs that verify it',
    [
      'evidence --asset 7f3c1e9a-5b7d-5c0e-9d9e-2f6a1b3c4d5e --out ./evidence',
      'evidence --campaign 0a51…  --out ./evidence --content --names',
      'evidence --window 2026-01-01T00:00:00Z/2026-02-01T00:00:00Z --out ./january --since 2025-12-31.checkpoint',
    ],
  )
    .option('--asset <id>', 'the life of one asset')
    .option('--placement <id>', 'one placement, with its asset and campaign')
    .option('--campaign <id>', 'a campaign, with the assets that were placed in it')
    .option('--person <id>', 'whatever one actor took part in')
    .option('--window <from/to>', 'whatever something was recorded about from one instant to another')
    .requiredOption('--out <dir>', 'directory of the pack; it must not exist')
    .option('--since <file>', 'a checkpoint that the auditor kept: the pack proves that its history is still there')
    .option('--names', 'with the names of people; otherwise their pseudonyms alone')
    .option('--content', 'with the bytes of versions; otherwise their SHA-256 alone')
    .action(
      action<Options>(async ({ config, signal }, options): Promise<Result> => {
        const question = questionOf(options);
        const since = options.since === undefined ? undefined : textOf(options.since);
        refuseMissing(config);
        const store = await openStoreToRead(config);
        const content = options.content ? openContent(config) : undefined;
        try {
          const people = options.names ? await openNames(config) : undefined;
          const signed = await signedToHead(store, ledgerIn(config.dataDir), signal);
          const made = await refusing(() =>
            makePack({
              signed,
              store,
              question,
              ...(since !== undefined && { since }),
              ...(people && { nameOf: (actor) => people.nameOf(actor) }),
              ...(content && { contentOf: (digest) => bytesOf(content, digest) }),
              tool: version,
              programs: programsIn(__dirname),
              directory: options.out,
              signal,
            }),
          );
          return { json: made, text: report(made) };
        } finally {
          await content?.close();
          await store.close();
        }
      }),
    );
}

function questionOf(options: Options): Question {
  const asked = (['asset', 'placement', 'campaign', 'person', 'window'] as const).filter(
    (name) => options[name] !== undefined,
  );
  const [kind] = asked;
  if (kind === undefined || asked.length > 1) {
    throw new UsageError('name one of --asset, --placement, --campaign, --person and --window');
  }
  const value = options[kind]!;
  if (kind === 'window') return windowOf(value);
  if (kind === 'person') return { person: value.replace(/^actor-/, '') };
  const id = value.toLowerCase().replace(new RegExp(`^${kind}-`), '');
  if (!isUuid(id)) throw new UsageError(`--${kind} must be a UUID or a global id, not "${value}"`);
  return { [kind]: id } as unknown as Question;
}

function windowOf(text: string): Question {
  const [from, to] = text.split('/').map((each) => new Date(each));
  const sound = from !== undefined && to !== undefined && text.split('/').length === 2 && from < to;
  if (!sound) throw new UsageError(`--window must be two instants with a slash between them, not "${text}"`);
  return { from: from.toISOString(), to: to.toISOString() };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`the checkpoint ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

async function bytesOf(content: ContentStore, digest: string): Promise<Buffer | undefined> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of await content.open(digest)) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof ContentMissing) return undefined;
    throw error;
  }
}

/** What the data say ends with 1, what was asked wrongly with 2. */
async function refusing(make: () => Promise<Made>): Promise<Made> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof BadNote) throw new UsageError(`the checkpoint of --since: ${error.message}`);
    if (!(error instanceof EvidenceRefused)) throw error;
    throw /there already|no signed event/.test(error.message)
      ? new UsageError(error.message)
      : new FaultFound(error.message);
  }
}

function report({ directory, events, streams, files, size }: Made): string {
  return `${directory}: ${events} events of ${streams} streams in ${files} files, as signed at ${size} entries\nto verify: node ${directory}/verify.mjs --key KEY`;
}
