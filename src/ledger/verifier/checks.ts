import { canonical, concat, fromBase64, fromHex, type Host, hex, same, utf8 } from './bytes';
import { faultsOfDecisions } from './decisions';
import { readProof } from './notes';
import { Opening, type Pack, parsed, type Trust } from './opening';
import { SENTENCES } from './sentences';
import { type Frame, reportEnd, reportHead, reportStream, type Told } from './story';
import type { HeadFile } from './tree';

export interface Line {
  readonly code: number;
  readonly ok: boolean;
  readonly title: string;
  readonly detail: string;
}

const TITLES: { readonly [code: number]: string } = {
  10: 'The pack is complete, and holds nothing else',
  11: 'Every file is the one that the manifest lists',
  12: 'The log that you know signed the manifest and the checkpoint',
  13: 'Witnesses saw the same log',
  14: 'Every record follows from its event',
  15: 'Every record is in the log, at its place',
  16: 'The log still begins with what you kept of it',
  17: 'No event of these streams is left out or was added',
  18: 'Every content file has the bytes that its version names',
  19: 'Every decision kept to the rules',
  20: 'What was erased',
  21: 'The report tells what the events say',
};

interface Entry extends Told {
  readonly salt: string;
}

/** Every check has a line, also where an earlier one failed. */
export function verify(pack: Pack, trust: Trust, host: Host): readonly Line[] {
  return new Verification(pack, trust, host).run();
}

class Verification extends Opening {
  private readonly lines: Line[] = [];
  private entries: readonly Entry[] = [];
  /** Canonical records by index, and their leaf hashes. */
  private readonly records = new Map<number, string>();
  private readonly leaves = new Map<number, Uint8Array>();

  run(): readonly Line[] {
    this.check(10, () => this.layout());
    this.check(11, () => this.digests());
    this.check(12, () => this.signatures());
    this.check(13, () => this.witnesses());
    this.check(14, () => this.recompute());
    this.check(15, () => this.inclusion());
    this.check(16, () => this.consistency());
    this.check(17, () => this.completeness());
    this.check(18, () => this.contents());
    this.check(19, () => this.decisions());
    this.check(20, () => 'no field of these events was erased');
    this.check(21, () => this.report());
    return this.lines;
  }

  private check(code: number, look: () => string): void {
    let [ok, detail] = [true, ''];
    try {
      detail = look();
    } catch (error) {
      // Whatever else goes wrong does so because a file is not what it should be.
      const damaged = error instanceof TypeError || error instanceof RangeError;
      [ok, detail] = [false, damaged ? 'a file that it needs is damaged' : (error as Error).message];
    }
    this.lines.push({ code, ok, title: TITLES[code]!, detail });
  }

  private recompute(): string {
    const { origin } = this.checkpoint();
    this.entries = this.rows<Entry>('events.ndjson');
    const rows = this.rows<{ readonly index: number; readonly record: unknown }>('leaves.ndjson');
    for (const { index, record } of rows) this.records.set(index, canonical(record));
    if (rows.length !== this.records.size) throw new Error('an index stands twice in leaves.ndjson');
    for (const [index, record] of this.records) this.leaves.set(index, this.trees.leaf(utf8(record)));
    const last = new Map<string, string>();
    for (const { index, salt, event } of this.entries) {
      const expected = this.recordOf(origin, event as Event, salt, last.get(event.stream));
      const record = this.records.get(index);
      if (record !== expected)
        throw new Error(
          `entry ${index} is not the record of ${event.type} ${event.id} in ${event.stream}: ${whatDiffers(record, expected)}`,
        );
      last.set(event.stream, hex(this.leaves.get(index)!));
    }
    return `${this.entries.length} events`;
  }

  private recordOf(log: string, event: Event, salt: string, prev: string | undefined): string {
    const { id, stream, revision, type, recordedAt, metadata, data, position, originalPosition } = event;
    if (fromHex(salt).length !== 16) throw new Error(`the salt of ${id} has not 16 bytes`);
    const metaHash = hex(this.host.sha256(utf8(canonical(metadata))));
    const dataHash = hex(this.host.sha256(concat(fromHex(salt), utf8(canonical(data)))));
    const from = originalPosition ?? position;
    return canonical({
      v: 1,
      log,
      position: from,
      eventId: id,
      stream,
      revision,
      prev,
      type,
      recordedAt,
      actor: metadata.actorId,
      metaHash,
      dataHash,
    });
  }

  private inclusion(): string {
    const { size, root } = this.checkpoint();
    const checkpoint = this.text('checkpoints/to');
    for (const [index, leaf] of this.leaves) {
      const name = `proofs/${index}.tlog-proof`;
      const proof = readProof(this.text(name));
      if (proof.index !== index || proof.checkpoint !== checkpoint)
        throw new Error(`${name} is of another entry or checkpoint`);
      const found = this.trees.rootOf(index, size, leaf, proof.hashes);
      if (found === undefined || !same(found, root))
        throw new Error(`${name} does not prove that entry ${index} is in the log`);
    }
    const known = new Set(this.entries.map(({ index }) => index));
    for (const [index, record] of this.records) {
      if (known.has(index)) continue;
      if ((JSON.parse(record) as { type: string }).type !== 'StreamHeads')
        throw new Error(`entry ${index} belongs to no event of the pack`);
    }
    if (this.leaves.size === 0) throw new Error('there is no record');
    return `${this.leaves.size} records, under the root of the checkpoint`;
  }

  private completeness(): string {
    const { size, root } = this.checkpoint();
    const heads = size - (size % 257) - 1;
    const tail = this.text('heads/tail.ndjson').split('\n').slice(0, -1);
    const subtrees = this.text('heads/subtrees.txt').split('\n').slice(0, -1).map(fromBase64);
    const found = this.trees.rootFrom(
      heads + 1,
      subtrees,
      tail.map((entry) => this.trees.leaf(utf8(entry))),
    );
    if (found === undefined || !same(found, root) || heads + 1 + tail.length !== size)
      throw new Error('the entries behind the last heads of streams are not those of the log');
    const committed = heads < 0 ? undefined : this.committed(heads);
    const later = new Map<string, { readonly revision: number; readonly index: number }>();
    for (const [offset, entry] of tail.entries()) {
      const { stream, revision } = parsed(entry, 'heads/tail.ndjson') as { stream: string; revision: number };
      later.set(stream, { revision, index: heads + 1 + offset });
    }
    const streams = grouped(this.entries);
    for (const [stream, told] of streams) this.complete(stream, told, committed, later.get(stream));
    return `${streams.size} streams from their first event to their last at ${size} entries; what came later is not covered`;
  }

  private committed(index: number): string {
    const record = parsed(this.records.get(index) ?? 'null', 'leaves.ndjson') as { type: string; root: string } | null;
    if (record?.type !== 'StreamHeads')
      throw new Error(`entry ${index}, which commits to the ends of streams, is not in the pack`);
    return record.root;
  }

  private complete(
    stream: string,
    told: readonly Entry[],
    committed: string | undefined,
    later: { readonly revision: number; readonly index: number } | undefined,
  ): void {
    for (const [at, { event }] of told.entries()) {
      if (event.revision !== at)
        throw new Error(`${stream} goes from revision ${at - 1} to ${event.revision}: events are left out`);
    }
    const last = told.at(-1)!;
    if (committed !== undefined) {
      const name = `heads/${stream}.json`;
      const end = this.trees.endOf(stream, this.json(name) as HeadFile, committed);
      if (end === undefined) throw new Error(`${name} does not prove where ${stream} ends`);
      if (
        end !== null &&
        (told[end.revision] === undefined || hex(this.leaves.get(told[end.revision]!.index)!) !== end.leaf)
      ) {
        throw new Error(`${stream} had revision ${end.revision}, which is not in the pack: its end was cut off`);
      }
      if (later === undefined && end?.revision !== last.event.revision)
        throw new Error(`${stream} has more events here than in the log`);
    }
    if (later !== undefined && (later.revision !== last.event.revision || later.index !== last.index)) {
      throw new Error(`${stream} goes on to revision ${later.revision}, which is not in the pack: its end was cut off`);
    }
    if (committed === undefined && later === undefined) throw new Error(`${stream} is not in the log`);
  }

  private contents(): string {
    const names = [...this.pack.files.keys()].filter((name) => name.startsWith('content/'));
    const named = new Set(this.entries.map(({ event }) => (event.data as { digest?: string }).digest));
    for (const name of names) {
      const digest = hex(this.host.sha256(this.bytes(name)));
      if (name.slice('content/'.length).split('.')[0] !== digest || !named.has(digest))
        throw new Error(`${name} has the SHA-256 ${digest}`);
    }
    return names.length === 0
      ? 'the pack holds the SHA-256 of the bytes, and not the bytes'
      : `${names.length} content files`;
  }

  private decisions(): string {
    const faults = [...grouped(this.entries).values()].flatMap(faultsOfDecisions);
    if (faults.length > 0) throw new Error(faults.join('; '));
    const count = this.entries.filter(({ event }) => event.type === 'DecisionRecorded').length;
    return `${count} decisions: each on the bytes of its version, by somebody who neither made nor submitted them`;
  }

  private report(): string {
    const { log, size, title, asOf } = this.known();
    const actors = this.rows<{ readonly id: string; readonly name?: string }>('actors.ndjson');
    const names = Object.fromEntries(actors.flatMap(({ id, name }) => (name === undefined ? [] : [[id, name]])));
    const frame: Frame = { log, size, title, asOf, names, pictures: picturesIn(this.pack.files.keys()) };
    const streams = [...grouped(this.entries)].map(([stream, told]) => reportStream(stream, told, SENTENCES, frame));
    const expected = `${reportHead(frame)}${streams.join('')}${reportEnd()}`;
    const there = this.text('report.html');
    if (there !== expected)
      throw new Error(
        `report.html does not tell what the events say, from character ${firstDifference(there, expected)} on`,
      );
    return `${this.entries.length} sentences`;
  }
}

type Event = Told['event'] & { readonly position: string; readonly originalPosition?: string };

/** Names of content files that a browser shows as pictures, by digest. */
export function picturesIn(names: Iterable<string>): { readonly [digest: string]: string } {
  const pictures: Record<string, string> = {};
  for (const name of [...names].sort()) {
    const [, digest] = /^content\/([0-9a-f]{64})\.(?:png|jpg|gif|webp|avif)$/.exec(name) ?? [];
    if (digest !== undefined) pictures[digest] = name;
  }
  return pictures;
}

function grouped(entries: readonly Entry[]): Map<string, Entry[]> {
  const streams = new Map<string, Entry[]>();
  for (const entry of entries) {
    if (typeof entry.event.stream !== 'string') throw new TypeError('an event names no stream');
    const known = streams.get(entry.event.stream);
    if (known === undefined) streams.set(entry.event.stream, [entry]);
    else known.push(entry);
  }
  return streams;
}

function whatDiffers(record: string | undefined, expected: string): string {
  if (record === undefined) return 'it is missing';
  const [was, now] = [JSON.parse(record) as Record<string, unknown>, JSON.parse(expected) as Record<string, unknown>];
  return `${Object.keys({ ...was, ...now })
    .filter((name) => was[name] !== now[name])
    .join(', ')} differ`;
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}
