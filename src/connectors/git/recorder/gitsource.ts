import type { Evidence } from '../../../domain/evidence';

/** Characters of a metadata value at most; a path that makes it longer is left out. */
const LONGEST = 2_000;

/** Where git shows an object, a commit or a tag: `git show` takes what follows the first word. */
export function sourceOf(object: string): string {
  return `git ${object}`;
}

/** A file as a commit shows it. */
export function fileSource(commit: string, path: string): string {
  return bounded(`${commit}:${path}`, commit);
}

/** What a commit did to a path that it may have removed. */
export function changeSource(commit: string, path: string): string {
  return bounded(`${commit} -- ${path}`, commit);
}

function bounded(object: string, commit: string): string {
  const source = sourceOf(object);
  return source.length <= LONGEST ? source : sourceOf(commit);
}

export function releaseEvidence(repository: string, release: { readonly commit: string; readonly tag: string }) {
  const { commit, tag } = release;
  return { kind: 'releaseTag', source: repository, reference: `${commit} ${tag}` } as const satisfies Evidence;
}
