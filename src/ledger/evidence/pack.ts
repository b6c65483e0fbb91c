import type { RecordedEvent } from '../../domain/event';
import type { Store } from '../../store/store';
import { canonicalJson } from '../canonical';
import { openCheckpoint } from '../checkpoint';
import { leafHash, sha256, toBase64 } from '../hash';
import { type HeadsMap, keyOfStream } from '../headsmap';
import { verifyInclusion } from '../merkle';
import { signNote } from '../note';
import type { SignedLog } from '../reading';
import { encodeRecord, HEADS_EVERY, recordOf, saltOf } from '../record';
import { picturesIn } from '../verifier/checks';
import { SENTENCES } from '../verifier/sentences';
import { type Frame, reportEnd, reportHead, reportStream, type Told } from '../verifier/story';
import { EvidenceRefused, PackFiles } from './packfiles';
import { type Question, streamsFor, titleOf } from './scope';
import { CERTIFICATE, readme } from './texts';

export interface PackOptions {
  readonly signed: SignedLog;
  readonly store: Pick<Store, 'readAll' | 'readStream' | 'readType'>;
  readonly question: Question;
  /** A checkpoint that the auditor kept: the pack proves that its history is still there. */
  readonly since?: string;
  /** Names of actors; without it the pack has their pseudonyms alone. */
  readonly nameOf?: (actor: string) => string | undefined;
  /** The bytes of versions; without it the pack has their SHA-256 alone. */
  readonly contentOf?: (digest: string) => Promise<Buffer | undefined>;
  /** Version of the program. */
  readonly tool: string;
  /** Programs that verify a pack, by name. */
  readonly programs: ReadonlyMap<string, string>;
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Made {
  readonly directory: string;
  readonly events: number;
  readonly streams: number;
  readonly files: number;
  readonly size: number;
}

/** Entries of a block: events, and the commitment to the heads of streams behind them. */
const BLOCK = HEADS_EVERY + 1;

/** Makes a pack as a directory. The same question under the same checkpoint gives the same bytes. */
export async function makePack(options: PackOptions): Promise<Made> {
  const { signed, store, question } = options;
  const streams = await streamsFor(store, question);
  const files = new PackFiles(options.directory);
  try {
    const made = await new PackMaker(options, files).make(streams);
    if (made.events === 0)
      throw new EvidenceRefused('no signed event is about this: check the id, and ask again in a moment');
    files.publish();
    return { directory: options.directory, ...made, size: signed.size };
  } catch (error) {
    files.discard();
    throw error;
  }
}

class PackMaker {
  private events = 0;
  private readonly last: string;
  private readonly actors = new Map<string, string>();
  private readonly contents = new Map<string, string>();
  private readonly heads: HeadsMap | undefined;
  /** The entry that commits to the heads of streams last; negative where there is none. */
  private readonly headsIndex: number;

  constructor(
    private readonly options: PackOptions,
    private readonly files: PackFiles,
  ) {
    const { signed } = options;
    this.last = signed.lastPosition() ?? '';
    this.headsIndex = signed.size - (signed.size % BLOCK) - 1;
    if (this.headsIndex >= 0) this.heads = signed.heads((Math.floor(this.headsIndex / BLOCK) + 1) * HEADS_EVERY);
  }

  async make(streams: readonly string[]): Promise<Omit<Made, 'directory' | 'size'>> {
    let told = 0;
    for (const stream of streams) told += await this.stream(stream);
    if (told === 0) return { events: 0, streams: 0, files: 0 };
    if (this.headsIndex >= 0) this.leaf(this.headsIndex, this.options.signed.entries().at(this.headsIndex));
    this.tail();
    this.checkpoints();
    this.people();
    await this.content();
    await this.report(streams);
    this.files.write('CERTIFICATE.txt', CERTIFICATE);
    this.files.write('README.txt', readme(this.options.signed.keys.origin));
    for (const [name, program] of this.options.programs) this.files.write(name, program);
    this.manifest();
    return { events: this.events, streams: told, files: Object.keys(this.files.listed()).length };
  }

  /** 1, or 0 where no event of the stream was signed. */
  private async stream(stream: string): Promise<0 | 1> {
    let prev: string | undefined;
    for await (const event of this.eventsOf(stream)) {
      const { signed } = this.options;
      const index = signed.indexOf(event.position);
      if (index === undefined) throw tampered(event, 'the ledger does not know its position');
      const entry = encodeRecord(recordOf(event, signed.keys, prev));
      this.leaf(index, entry, event);
      prev = leafHash(entry).toString('hex');
      const salt = saltOf(signed.keys.saltKey, event.id).toString('hex');
      this.files.append('events.ndjson', `${canonicalJson({ index, salt, event })}\n`);
      this.events += 1;
      this.notice(event);
    }
    if (prev === undefined) return 0;
    if (this.heads !== undefined) this.files.write(`heads/${stream}.json`, headFile(stream, this.heads));
    return 1;
  }

  private async *eventsOf(stream: string): AsyncGenerator<RecordedEvent> {
    for await (const page of this.options.store.readStream(stream)) {
      this.options.signal?.throwIfAborted();
      for (const event of page) if (event.position <= this.last) yield event;
    }
  }

  private leaf(index: number, entry: Buffer, event?: RecordedEvent): void {
    const { signed } = this.options;
    const proof = signed.inclusion(index);
    if (!verifyInclusion(index, signed.size, leafHash(entry), proof, signed.checkpoint.root)) {
      throw tampered(event, 'it is not as it was signed');
    }
    this.files.append('leaves.ndjson', `{"index":${index},"record":${entry.toString('utf8')}}\n`);
    this.files.write(`proofs/${index}.tlog-proof`, signed.tlogProof(index, proof));
  }

  private notice({ type, data, metadata, stream }: RecordedEvent): void {
    const { actorId, actorKind, onBehalfOf } = metadata;
    this.actors.set(actorId, actorKind);
    if (onBehalfOf !== undefined && !this.actors.has(onBehalfOf)) this.actors.set(onBehalfOf, 'person');
    const { digest, mediaType, version, definition, number } = data as Readonly<Record<string, unknown>>;
    if (type === 'VersionAdded') this.contents.set(digest as string, String(mediaType ?? ''));
    if (type === 'WorkflowDefined') {
      const workflow = stream.slice('workflow-'.length);
      this.files.write(`workflows/${workflow}@${version}.json`, `${canonicalJson(definition)}\n`);
    }
    if (type === 'RulebookRevised') this.files.write(`rules/rulebook@${number}.json`, `${canonicalJson(data)}\n`);
  }

  /** What proves how far streams have come behind the last commitment to their ends. */
  private tail(): void {
    const { signed } = this.options;
    const from = this.headsIndex + 1;
    this.files.append('heads/tail.ndjson', '');
    for (const [, entry] of signed.entries().between(from, signed.size)) {
      this.files.append('heads/tail.ndjson', `${entry.toString('utf8')}\n`);
    }
    this.files.write(
      'heads/subtrees.txt',
      signed
        .subtrees(from)
        .map((hash) => `${toBase64(hash)}\n`)
        .join(''),
    );
  }

  private checkpoints(): void {
    const { signed, since } = this.options;
    this.files.write('checkpoints/to', signed.text);
    if (since === undefined) return;
    const from = openCheckpoint(since, signed.keys.origin, signed.keys.verifiers());
    if (from.size > signed.size) {
      throw new EvidenceRefused(
        `the checkpoint that was kept has ${from.size} entries, and the ledger ${signed.size}: the ledger was set back`,
      );
    }
    const proof = from.size === 0 || from.size === signed.size ? [] : signed.consistency(from.size, signed.size);
    this.files.write('checkpoints/from', since);
    this.files.write('consistency.txt', proof.map((hash) => `${toBase64(hash)}\n`).join(''));
  }

  private people(): void {
    const { nameOf } = this.options;
    this.files.append('actors.ndjson', '');
    for (const [id, kind] of [...this.actors].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const name = nameOf?.(id);
      this.files.append('actors.ndjson', `${canonicalJson({ id, kind, erased: false, name })}\n`);
    }
  }

  private async content(): Promise<void> {
    const { contentOf } = this.options;
    if (contentOf === undefined) return;
    for (const [digest, mediaType] of [...this.contents].sort()) {
      const bytes = await contentOf(digest);
      if (bytes !== undefined) this.files.write(`content/${digest}.${EXTENSIONS[mediaType] ?? 'bin'}`, bytes);
    }
  }

  /** Once more through the events, so that no more than one stream is in memory. */
  private async report(streams: readonly string[]): Promise<void> {
    const { signed, question, nameOf } = this.options;
    const names = Object.fromEntries(
      [...this.actors.keys()].flatMap((id) => (nameOf?.(id) === undefined ? [] : [[id, nameOf(id)!]])),
    );
    const pictures = picturesIn(Object.keys(this.files.listed()));
    const frame: Frame = {
      log: signed.keys.origin,
      size: signed.size,
      title: titleOf(question),
      asOf: this.asOf(),
      names,
      pictures,
    };
    this.files.append('report.html', reportHead(frame));
    for (const stream of streams) {
      const told: Told[] = [];
      for await (const event of this.eventsOf(stream)) told.push({ index: signed.indexOf(event.position)!, event });
      if (told.length > 0) this.files.append('report.html', reportStream(stream, told, SENTENCES, frame));
    }
    this.files.append('report.html', reportEnd());
  }

  /** When the last event was recorded that the checkpoint covers: a pack says nothing that depends on when it was made. */
  private asOf(): string {
    const { signed } = this.options;
    for (let index = signed.size - 1; index >= 0; index -= 1) {
      const { recordedAt } = signed.record(index);
      if (recordedAt !== undefined) return recordedAt;
    }
    return '';
  }

  private manifest(): void {
    const { signed, question, tool } = this.options;
    const { origin } = signed.keys;
    const manifest = canonicalJson({
      v: 1,
      tool: `palimpsest ${tool}`,
      log: origin,
      size: signed.size,
      position: this.last,
      asOf: this.asOf(),
      question,
      title: titleOf(question),
      files: this.files.listed(),
    });
    const text = `palimpsest.invalid/evidence-manifest@v1\n${origin}\n${sha256(manifest).toString('hex')}\n`;
    this.files.write('manifest.json', manifest);
    this.files.write('manifest.json.note', signNote(text, signed.keys.signers()));
  }
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/avif': 'avif',
  'image/svg+xml': 'svg',
  'application/pdf': 'pdf',
};

function headFile(stream: string, heads: HeadsMap): string {
  const { nodes, end } = heads.prove(keyOfStream(stream));
  const hex = (hash: Buffer) => (hash.every((byte) => byte === 0) ? '' : hash.toString('hex'));
  const there = end && { key: end.key.toString('hex'), revision: end.revision, leaf: end.leaf.toString('hex') };
  return `${canonicalJson({ stream, nodes: nodes.map((branches) => branches.map(hex)), end: there })}\n`;
}

function tampered(event: RecordedEvent | undefined, what: string): EvidenceRefused {
  const named = event === undefined ? 'a record of the ledger' : `${event.type} ${event.id} at ${event.position}`;
  return new EvidenceRefused(`${named} cannot be proved: ${what}; run \`palimpsest ledger fsck\``);
}
