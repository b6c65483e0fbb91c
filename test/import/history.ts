import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Explained, explain } from '../../src/cli/explain';
import { childEnvironment } from '../../src/config/config';
import { importGit } from '../../src/connectors/git/import';
import type { Destination, ImportOptions, ImportResult } from '../../src/connectors/git/result';
import type { RecordedEvent } from '../../src/domain/event';
import { openPeople } from '../../src/store/people';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import type { Store } from '../../src/store/store';

export const ADA = 'Ada Draw <ada@studio.example>';
export const BEN = 'Ben Ink <ben@studio.example>';
export const CIA = 'Cia Proof <cia@studio.example>';
const HOUR = 3600;
export const FIRST = Date.UTC(2019, 4, 1) / 1000;

/** What a commit does to one path. `content` is a file, `link` a symbolic link, `gitlink` a submodule's commit. */
export type Doing =
  | { readonly path: string; readonly content: string | Buffer; readonly mode?: '100644' | '100755' }
  | { readonly path: string; readonly link: string }
  | { readonly path: string; readonly gitlink: string }
  | { readonly remove: string }
  | { readonly rename: string; readonly to: string };

export interface Drawn {
  readonly message?: string;
  readonly author?: string;
  readonly committer?: string;
  /** Seconds since 1970; default: an hour after the previous commit. */
  readonly at?: number;
  readonly committedAt?: number;
  readonly branch?: string;
  /** The parent commit, if it is not the tip of its branch. */
  readonly from?: string;
  readonly merge?: string;
}

/** A small real repository that a test builds commit by commit, and the data directory for its import. */
export class History {
  readonly directory = mkdtempSync(join(tmpdir(), 'palimpsest-import-'));
  readonly path = join(this.directory, 'icons.git');
  readonly dataDir = join(this.directory, 'data');
  private at = FIRST;

  constructor() {
    this.git(['init', '--quiet', '--bare', '--initial-branch=main', this.path]);
  }

  git(args: readonly string[], input?: Buffer | string): string {
    const env = { ...childEnvironment(), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
    const ended = spawnSync('git', args, { input, env, cwd: this.directory });
    if (ended.status !== 0) throw new Error(`git ${args.join(' ')}: ${ended.stderr}`);
    return ended.stdout.toString().trim();
  }

  /** The content of a blob. */
  bytes(blob: string): Buffer {
    return spawnSync('git', ['-C', this.path, 'cat-file', 'blob', blob]).stdout;
  }

  /** Adds a commit; returns its hash. */
  commit(doings: readonly Doing[], drawn: Drawn = {}): string {
    const { message = 'Draw', author = ADA, branch = 'main', committer = author } = drawn;
    const at = drawn.at ?? this.later();
    const tip = drawn.from ?? this.tip(branch);
    const parts: (string | Buffer)[] = [
      `commit refs/heads/${branch}\nauthor ${author} ${at} +0200\ncommitter ${committer} ${drawn.committedAt ?? at} +0200\n`,
      ...data(message),
      ...(tip === undefined ? [] : [`from ${tip}\n`]),
      ...(drawn.merge === undefined ? [] : [`merge ${drawn.merge}\n`]),
      ...doings.flatMap(done),
      '\n',
    ];
    this.git(
      ['-C', this.path, 'fast-import', '--quiet', '--force'],
      Buffer.concat(parts.map((part) => Buffer.from(part))),
    );
    return this.tip(branch)!;
  }

  /** Without a tagger the tag is lightweight. */
  tag(name: string, commit: string, tagger?: string, at = this.later()): void {
    if (tagger === undefined) this.git(['-C', this.path, 'update-ref', `refs/tags/${name}`, commit]);
    else {
      const text = `object ${commit}\ntype commit\ntag ${name}\ntagger ${tagger} ${at} +0000\n\n${name}\n`;
      this.git(['-C', this.path, 'update-ref', `refs/tags/${name}`, this.git(['-C', this.path, 'mktag'], text)]);
    }
  }

  private later(): number {
    this.at += HOUR;
    return this.at;
  }

  tip(branch = 'main'): string | undefined {
    const [hash = ''] = this.git([
      '-C',
      this.path,
      'for-each-ref',
      '--format=%(objectname)',
      `refs/heads/${branch}`,
    ]).split('\n');
    return hash === '' ? undefined : hash;
  }

  async import(
    options: Partial<ImportOptions> & {
      readonly wrap?: (store: Store) => Store;
      readonly destination?: Pick<Destination, 'content'>;
    } = {},
  ): Promise<ImportResult> {
    const { wrap = (store: Store) => store, dataDir = this.dataDir, destination = {}, ...rest } = options;
    mkdirSync(dataDir, { recursive: true });
    const given = { path: this.path, content: true, workspace: 'default', dataDir, environment: childEnvironment() };
    return importGit({ ...given, ...rest }, async () => {
      const store = openSqliteStore(join(dataDir, 'events.sqlite'), { synchronous: 'OFF' });
      return { store: wrap(store), people: await openPeople(dataDir), ...destination, close: () => store.close() };
    });
  }

  /** How the command line reports an import that fails. */
  refusal(options: Parameters<History['import']>[0] = {}): Promise<Explained> {
    return this.import(options).then(() => {
      throw new Error('nothing was refused');
    }, explain);
  }

  /** The whole log. */
  async events(dataDir = this.dataDir): Promise<readonly RecordedEvent[]> {
    const store = openSqliteStore(join(dataDir, 'events.sqlite'));
    try {
      const events: RecordedEvent[] = [];
      for await (const page of store.readAll()) events.push(...page);
      return events;
    } finally {
      await store.close();
    }
  }

  /** Imports, and returns the log as a story. */
  async imported(options: Partial<ImportOptions> = {}): Promise<Story> {
    const result = await this.import(options);
    return new Story(await this.events(), result);
  }

  dispose(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** The log of an import, with queries in the terms of the tests. */
export class Story {
  constructor(
    readonly events: readonly RecordedEvent[],
    readonly result: ImportResult,
  ) {}

  of(type: string): readonly RecordedEvent[] {
    return this.events.filter((event) => event.type === type);
  }

  data<T = Record<string, unknown>>(type: string): readonly T[] {
    return this.of(type).map((event) => event.data as T);
  }

  /** The stream of the asset that was first seen at a path. */
  asset(path: string): string {
    const found = this.of('AssetRegistered').find(({ data }) => pathIn(data) === path);
    if (found === undefined) throw new Error(`no asset was registered at ${path}`);
    return found.stream;
  }

  /** The event types of the asset first seen at a path, in order. */
  life(path: string): readonly string[] {
    const stream = this.asset(path);
    return this.events.filter((event) => event.stream === stream).map(({ type }) => type);
  }
}

function pathIn(data: unknown): string | undefined {
  return (data as { metadata?: { path?: { value: string } } }).metadata?.path?.value;
}

function done(doing: Doing): (string | Buffer)[] {
  if ('remove' in doing) return [`D ${quoted(doing.remove)}\n`];
  if ('rename' in doing) return [`R ${quoted(doing.rename)} ${quoted(doing.to)}\n`];
  if ('gitlink' in doing) return [`M 160000 ${doing.gitlink} ${quoted(doing.path)}\n`];
  if ('link' in doing) return [`M 120000 inline ${quoted(doing.path)}\n`, ...data(doing.link)];
  return [`M ${doing.mode ?? '100644'} inline ${quoted(doing.path)}\n`, ...data(doing.content)];
}

function data(content: string | Buffer): (string | Buffer)[] {
  return [`data ${Buffer.byteLength(content)}\n`, content, '\n'];
}

/** Characters up to U+00FF stand for single bytes, so that a test can write a path that is not UTF-8 as `\xff`. */
function quoted(path: string): string {
  if (/^[\x21-\x7e]+$/.test(path) && !path.includes('"')) return path;
  const bytes = /^[\0-\xff]*$/.test(path) && /[\x80-\xff]/.test(path) ? Buffer.from(path, 'latin1') : Buffer.from(path);
  const shown = [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`);
  return `"${shown.join('')}"`;
}

/** A drawing that differs slightly for each seed, so that git sees a change but still detects renames. */
export function icon(seed: string | number, size = 24): string {
  const path = 'M1 2h3z'.repeat(40);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"><path d="${path}"/><title>${seed}</title></svg>\n`;
}
