import type { Evidence } from '../../../domain/evidence';

/** Maximum length of a metadata value; a path that would exceed it is left out. */
const LONGEST = 2_000;

/** The source of an object, commit or tag in git: everything after the first word is an argument of `git show`. */
export function sourceOf(object: string): string {
  return `git ${object}`;
}

/** The source of a file as a commit shows it. */
export function fileSource(commit: string, path: string): string {
  return bounded(`${commit}:${path}`, commit);
}

/** The source of a change at a path, which the commit may have deleted. */
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
