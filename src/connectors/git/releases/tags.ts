import { isUtf8 } from 'node:buffer';
import { type Ident, identIn } from '../people/ident';
import { readPath } from '../repository/path';
import type { Git } from '../repository/run';

export interface Tag {
  /** Bytes that are not UTF-8, and characters that would not be seen, stand as `%XX`. */
  readonly name: string;
  /** What git knows it by on a command line: its whole name, or its object where the name cannot be written there. */
  readonly ref: string;
  /** What it marks in the end, through however many tags of tags. */
  readonly commit: string;
  /** Present on annotated tags only; of a tag of a tag, the outer one's. */
  readonly tagger?: Ident;
  /** Seconds since 1970; of the tagger where there is one. */
  readonly taggedAt?: number;
}

/** A tag that marks no commit, and what it marks instead. */
export interface OddTag {
  readonly name: string;
  readonly reason: string;
}

export interface Tags {
  /** In the order of their names. */
  readonly tags: readonly Tag[];
  readonly odd: readonly OddTag[];
}

/**
 * Reads all tags. They are peeled by `^{}`, which follows a tag of a tag to its end in every version of git, where
 * `%(*objectname)` follows one step in those before 2.45.
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

/** What each name names; undefined where the object is missing. */
async function checked(git: Git, names: readonly string[]): Promise<readonly (Checked | undefined)[]> {
  if (names.length === 0) return [];
  const rows = (await git.text(['cat-file', '--batch-check'], `${names.join('\n')}\n`)).split('\n');
  return rows.map((row) => {
    const [object = '', type = ''] = row.split(' ');
    return type === 'missing' ? undefined : { object, type };
  });
}

/** Who made annotated tags, and when. */
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

/** The head of a tag object ends with an empty line. */
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

/** `<object> refs/tags/<name>`, one a line. */
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
