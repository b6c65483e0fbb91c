import type { Recorded } from '../../../domain/catalogue';
import { partsOf } from '../../../domain/evidence';
import { upcast } from '../../../domain/upcast';
import { CO_AUTHOR } from '../people/trailers';
import type { Run } from '../recorder/prepare';
import { type ChangeWord, Counts, count } from './counts';

/** Counts over all events of one repository, read from the log itself. */
export interface LogCounts {
  readonly counts: Counts;
  /** Number of events by type. */
  readonly types: ReadonlyMap<string, number>;
  readonly renames: number;
  /** Number of people who made something, including co-authors. */
  readonly makers: number;
  /** Recorded trailers of merged commits: `<commit> <trailer>`. */
  readonly cited: ReadonlySet<string>;
}

/** What one commit did to one asset. */
interface Change {
  readonly commit: string;
  readonly actor: string;
  path: string;
  word: ChangeWord;
}

/** The change that an event type stands for. If one commit has several, the last in this list counts. */
const WORDS: ReadonlyMap<string, ChangeWord> = new Map([
  ['VersionAdded', 'modified'],
  ['MetadataChanged', 'renamed'],
  ['AssetRetired', 'deleted'],
  ['AssetRegistered', 'added'],
  ['AssetRestored', 'added'],
]);
const RANKS: readonly ChangeWord[] = [...new Set(WORDS.values())];

/** `mine` selects the streams of this repository; `also` receives each of their events. */
export async function countLog(
  run: Run,
  mine: (stream: string) => boolean,
  also: (event: Recorded) => void,
): Promise<LogCounts> {
  const counter = new LogCounter(run);
  for await (const page of run.store.readAll()) {
    for (const recorded of page) {
      if (recorded.metadata.tool !== 'git' || !mine(recorded.stream)) continue;
      const event = upcast(recorded);
      counter.take(event);
      also(event);
    }
  }
  return counter.result();
}

class LogCounter {
  private readonly counts = new Counts();
  private readonly types = new Map<string, number>();
  /** stream → the change of its latest commit: events in a stream are ordered by commit. */
  private readonly changes = new Map<string, Change>();
  private readonly paths = new Map<string, string>();
  /** stream → SHA-256 of its latest version. */
  private readonly shown = new Map<string, string>();
  private readonly alive = new Set<string>();
  private readonly makers = new Set<string>();
  private readonly words = new Set<string>();
  private readonly cited = new Set<string>();
  private renames = 0;

  /** Correlation id → commit of the first-parent history. */
  private readonly commits: ReadonlyMap<string, string>;

  constructor(private readonly run: Run) {
    this.commits = new Map(run.line.commits.map((hash) => [run.intents.commitId(hash), hash]));
  }

  take(event: Recorded): void {
    count(this.types, event.type);
    const word = WORDS.get(event.type);
    if (word !== undefined) this.making(event, word);
    if (event.type === 'DecisionAttested') this.attested(event);
  }

  result(): LogCounts {
    for (const change of this.changes.values()) this.over(change);
    for (const stream of this.alive) this.counts.paths.set(this.paths.get(stream)!, this.shown.get(stream) ?? '');
    const { counts, types, renames, makers, cited } = this;
    return { counts, types, renames, makers: makers.size, cited };
  }

  private making(event: Recorded, word: ChangeWord): void {
    const { stream, type, metadata } = event;
    const commit = this.commits.get(metadata.$correlationId) ?? metadata.$correlationId;
    const data = event.data as {
      metadata?: { path?: { value: string } };
      set?: { path?: { value: string } };
      contributors?: readonly string[];
      digest?: string;
    };
    if (data.digest !== undefined) this.shown.set(stream, data.digest);
    const path = data.metadata?.path?.value ?? data.set?.path?.value;
    if (path !== undefined) this.paths.set(stream, path);
    if (type === 'MetadataChanged' && path !== undefined) this.renames += 1;
    const here = this.paths.get(stream) ?? '';
    if (type === 'AssetRetired') this.alive.delete(stream);
    if (type === 'AssetRegistered' || type === 'AssetRestored') this.alive.add(stream);
    this.makers.add(metadata.actorId);
    for (const contributor of data.contributors ?? []) this.contributed(commit, contributor);
    const before = this.changes.get(stream);
    if (before?.commit !== commit) {
      if (before !== undefined) this.over(before);
      this.changes.set(stream, { commit, actor: metadata.actorId, path: here, word });
      return;
    }
    before.path = here;
    if (RANKS.indexOf(word) > RANKS.indexOf(before.word)) before.word = word;
  }

  private contributed(commit: string, contributor: string): void {
    this.makers.add(contributor);
    const word = `${commit} ${CO_AUTHOR} ${contributor}`;
    if (!this.isOrdinary(commit) || this.words.has(word)) return;
    this.words.add(word);
    count(this.counts.trailers, CO_AUTHOR);
  }

  private attested({ metadata, data: { evidence } }: Recorded<'DecisionAttested'>): void {
    const [commit, trailer] = partsOf(evidence);
    if (evidence.kind === 'merge') this.counts.merges.add(commit);
    if (evidence.kind !== 'reviewTrailer') return;
    if (!this.run.places.has(commit)) this.cited.add(`${commit} ${trailer}`);
    const word = `${commit} ${trailer} ${metadata.actorId}`;
    if (!this.run.places.has(commit) || this.words.has(word)) return;
    this.words.add(word);
    count(this.counts.trailers, trailer);
  }

  private over({ commit, actor, path, word }: Change): void {
    this.counts.change(path, word, this.isOrdinary(commit) ? actor : undefined);
  }
  /** Whether it is a commit of the first-parent history and not a merge. */
  private isOrdinary(commit: string): boolean {
    const { places, line } = this.run;
    return places.has(commit) && !line.merges.has(commit);
  }
}
