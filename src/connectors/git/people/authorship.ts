import type { Evidence } from '../../../domain/evidence';
import type { Commit } from '../history/gitlog';
import type { ContentMakers, MergeContent, Merged } from '../history/merges';
import type { Deed } from '../recorder/intents';
import { isApproval } from './approval';
import { type Ident, isBot, isService } from './ident';
import { CO_AUTHOR, DECISION_ROLES, isDecision } from './trailers';

/** A person's decision about a version, found in the history. */
export interface Testimony {
  readonly who: Ident;
  readonly role: string;
  readonly automated: boolean;
  /** Seconds since 1970. */
  readonly at: number;
  /** The commit that documents it. */
  readonly commit: string;
  readonly evidence: Omit<Evidence, 'source'>;
}

/** Who made the content that a commit shows at a path, and who vouched for it. */
export interface Authorship {
  /** The author, the time, and the commit of the first-parent history that brought it. */
  readonly deed: Deed;
  /** Everybody else who made it. */
  readonly contributors: readonly Ident[];
  readonly testimonies: readonly Testimony[];
}

/**
 * For an ordinary commit, the author made the content and co-authors contributed. For a merge, the merged commits that
 * wrote the path did, the last of them as the author; if none did, the merge itself made it (a conflict resolved by
 * hand). A review of a merged commit counts for a version only if that commit wrote exactly that content. `approves`
 * says whether the merge itself is an approval (see `approvesOn`).
 */
export function authorshipOf(
  commit: Commit,
  path: string,
  blob: string,
  merge: MergeContent | undefined,
  approves: boolean,
): Authorship {
  const makers = merge?.makersOf(path, blob);
  const author = makers?.last.author ?? commit.author;
  const deed = { who: author, at: makers?.last.authoredAt ?? commit.authoredAt, commit: commit.hash };
  const testimonies = [
    ...(makers?.exact.flatMap((merged) => trailerWords(merged)) ?? []),
    ...trailerWords(commit),
    ...(merge === undefined || !approves ? [] : [mergerWord(commit)]),
  ];
  return { deed, contributors: contributorsOf(commit, author, makers), testimonies };
}

function contributorsOf(commit: Commit, author: Ident, makers: ContentMakers | undefined): readonly Ident[] {
  const all = [...(makers?.all.flatMap((merged) => [merged.author, ...coAuthors(merged)]) ?? []), ...coAuthors(commit)];
  return all.filter((who) => who !== author);
}

/** Whether a commit is a merge by which a person accepted another branch; `branch` is the imported branch. */
export function approvesOn(branch: string, { parents, message, committer }: Commit): boolean {
  return parents.length > 1 && isApproval(message, branch, isService(committer));
}

function coAuthors(commit: Pick<Commit, 'trailers'>): readonly Ident[] {
  return commit.trailers.filter(({ name }) => name === CO_AUTHOR).map(({ who }) => who);
}

function trailerWords(commit: Commit | Merged): readonly Testimony[] {
  return commit.trailers.flatMap(({ name, who }) =>
    isDecision(name)
      ? {
          who,
          role: DECISION_ROLES[name],
          automated: isBot(who),
          at: commit.committedAt,
          commit: commit.hash,
          evidence: { kind: 'reviewTrailer', reference: `${commit.hash} ${name}`, ...page(commit) },
        }
      : [],
  );
}

function page({ url }: Pick<Commit, 'url'>): { readonly url?: string } {
  return url === undefined ? {} : { url };
}

/** The merger accepted it. If a web page's merge button committed as a service, the author of the merge pressed it. */
function mergerWord(commit: Commit): Testimony {
  const who = isService(commit.committer) ? commit.author : commit.committer;
  const evidence = { kind: 'merge', reference: commit.hash, ...page(commit) };
  return { who, role: 'merger', automated: isBot(who), at: commit.committedAt, commit: commit.hash, evidence };
}
