import { type Ident, identIn } from './ident';
import type { Git } from './run';

export interface Tag {
  readonly name: string;
  readonly commit: string;
  /** Present on annotated tags only. */
  readonly tagger?: Ident;
  /** Seconds since 1970; of the tagger where there is one. */
  readonly taggedAt?: number;
}

const FIELDS = [
  'refname:strip=2',
  'objecttype',
  'objectname',
  '*objecttype',
  '*objectname',
  'taggername',
  'taggeremail',
  'taggerdate:unix',
];
/** Null bytes cannot stand in a reference's name or a person's, so they frame the fields. */
export const TAG_ARGS: readonly string[] = [
  'for-each-ref',
  '--sort=refname',
  `--format=${FIELDS.map((field) => `%(${field})`).join('%00')}%00`,
  'refs/tags',
];

/** Reads what `git for-each-ref` says; tags of trees or files are left out. */
export function tagsIn(output: string): readonly Tag[] {
  const pieces = output.split('\0');
  const tags: Tag[] = [];
  for (let at = 0; at + FIELDS.length <= pieces.length; at += FIELDS.length) {
    const [name = '', type, object = '', peeledType, peeled = '', tagger = '', email = '', date = ''] = pieces
      .slice(at, at + FIELDS.length)
      .map((piece, index) => (index === 0 ? piece.replace(/^\n/, '') : piece));
    if (type === 'commit') tags.push({ name, commit: object });
    else if (type === 'tag' && peeledType === 'commit') {
      const who = identIn(`${tagger} ${email}`);
      const taggedAt = Number.parseInt(date, 10);
      tags.push({
        name,
        commit: peeled,
        ...(who === undefined ? {} : { tagger: who }),
        ...(date === '' ? {} : { taggedAt }),
      });
    }
  }
  return tags;
}

/** A name that carries a version: `v1.2.0`, `octicons_gem@19.33.0`, `2.4`, `v7`. */
export function isReleaseName(name: string): boolean {
  return /(^|\D)\d+\.\d+/.test(name) || /(^|[^a-z])v\d+$/i.test(name);
}

/** For each tag the place on the line of record it was cut from: itself, or where its own first-parent line left it. */
export async function forkPoints(
  git: Git,
  tags: readonly Tag[],
  line: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number>> {
  const off = tags.filter((tag) => !line.has(tag.commit)).map((tag) => tag.commit);
  const parents = new Map<string, string>();
  if (off.length > 0) {
    const text = await git.text(['rev-list', '--first-parent', '--parents', '--stdin'], `${off.join('\n')}\n`);
    for (const row of text.split('\n')) {
      const [commit = '', first] = row.split(' ');
      if (first !== undefined) parents.set(commit, first);
    }
  }
  const found = new Map<string, number>();
  for (const tag of tags) {
    let commit: string | undefined = tag.commit;
    while (commit !== undefined && !line.has(commit)) commit = parents.get(commit);
    if (commit !== undefined) found.set(tag.name, line.get(commit)!);
  }
  return found;
}
