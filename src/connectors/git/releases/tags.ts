import { isUtf8 } from 'node:buffer';
import { type Ident, identIn } from '../people/ident';
import { readPath } from '../repository/path';
import type { Git } from '../repository/run';

export interface Tag {
  /** Bytes that are not UTF-8 and invisible characters are shown as `%XX`. */
  readonly name: string;
  /** How to name it on a git command line: its full ref, or its object hash if the ref cannot be written there. */
  readonly ref: string;
  /** The commit it marks, through any number of nested tags. */
  readonly commit: string;
  /** Only for annotated tags; for a tag of a tag, the outer tagger. */
  readonly tagger?: Ident;
  /** Seconds since 1970; from the tagger if there is one. */
  readonly taggedAt?: number;
}

/** A tag that marks no commit, and what it marks instead. */
export interface OddTag {
  readonly name: string;
  readonly reason: string;
}

export interface Tags {
  /** Sorted by name. */
  readonly tags: readonly Tag[];
  readonly odd: readonly OddTag[];
}

/**
 * Reads all tags. They are peeled by `^{}`, which follows nested tags to the end in every version of git; before 2.45,
 * `%(*objectname)` follows one step only.
 */
export async function readTags(git: Git): Promise<Tags> {
  const refs = refsIn(await git.bytes(['for-each-ref', '--format=%(objectname) %(refname)', 'refs/tags']));
  const found = await checked(
    git,
    refs.map(({ object }) => object),
  );
  const peeled = await checked(
    git,
    refs.map(({ object }) => `${object}^{}`),
  );
  const annotated = await taggersOf(
    git,
    refs.filter((_, at) => found[at]?.type === 'tag').map(({ object }) => object),
  );
  const tags: Tag[] = [];
  const odd: OddTag[] = [];
  for (const [at, { object, name, ref }] of refs.entries()) {
    const end = peeled[at];
    if (end?.type === 'commit') tags.push({ name, ref, commit: end.object, ...annotated.get(object) });
    else odd.push({ name, reason: end === undefined ? `object ${object} is missing` : `it marks a ${end.type}` });
  }
  return { tags, odd };
}

interface Checked {
  readonly object: string;
  readonly type: string;
}

/** What each name resolves to; undefined if the object is missing. */
async function checked(git: Git, names: readonly string[]): Promise<readonly (Checked | undefined)[]> {
  if (names.length === 0) return [];
  const rows = (await git.text(['cat-file', '--batch-check'], `${names.join('\n')}\n`)).split('\n');
  return rows.map((row) => {
    const [object = '', type = ''] = row.split(' ');
    return type === 'missing' ? undefined : { object, type };
  });
}

/** The taggers of annotated tags. */
async function taggersOf(
  git: Git,
  objects: readonly string[],
): Promise<ReadonlyMap<string, Pick<Tag, 'tagger' | 'taggedAt'>>> {
  const found = new Map<string, Pick<Tag, 'tagger' | 'taggedAt'>>();
  if (objects.length === 0) return found;
  const output = await git.bytes(['cat-file', '--batch'], `${objects.join('\n')}\n`);
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const [object = '', , size] = output.toString('latin1', at, end).split(' ');
    const next = end + 1 + Number(size);
    found.set(object, taggerIn(output.toString('utf8', end + 1, next)));
    at = next + 1;
  }
  return found;
}

/** The header of a tag object ends with an empty line. */
function taggerIn(text: string): Pick<Tag, 'tagger' | 'taggedAt'> {
  const head = text.split('\n\n', 1)[0]!;
  const line = head.split('\n').find((row) => row.startsWith('tagger '));
  if (line === undefined) return {};
  const who = identIn(line.slice('tagger '.length));
  const date = / (-?\d+) [-+]\d+$/.exec(line)?.[1];
  return {
    ...(who === undefined ? {} : { tagger: who }),
    ...(date === undefined ? {} : { taggedAt: Number(date) }),
  };
}

interface Ref extends Pick<Tag, 'name' | 'ref'> {
  readonly object: string;
}

/** `<object> refs/tags/<name>`, one per line. */
function refsIn(output: Buffer): readonly Ref[] {
  const rows = output.toString('latin1').split('\n');
  return rows.flatMap((row): Ref[] => {
    const end = row.indexOf(' ');
    if (end === -1) return [];
    const object = row.slice(0, end);
    const whole = Buffer.from(row.slice(end + 1), 'latin1');
    const { path: name } = readPath(whole.subarray('refs/tags/'.length));
    return [{ object, name, ref: isUtf8(whole) ? whole.toString('utf8') : object }];
  });
}
