import { label, text } from './fields';
import { optional } from './input';

/** Where a reported fact can be checked. It names no tool: every connector tells its own evidence in this form. */
export class Evidence {
  /** What it is, in a word of the connector: `reviewTrailer`, `merge`, `releaseTag`. */
  @label(100) readonly kind!: string;
  /** The repository, project or account that holds it. */
  @text(1_000) readonly source!: string;
  /** What names it there. Git's is a commit and, behind a blank, the trailer or the tag: `1f2e3d4c Reviewed-by`. */
  @text(1_000) readonly reference!: string;
  /** A page that shows it. */
  @optional(text(2_000)) readonly url?: string;
}

/** A reference up to its first blank, and what follows the blank. */
export function partsOf({ reference }: Pick<Evidence, 'reference'>): readonly [first: string, rest: string] {
  const blank = reference.indexOf(' ');
  return blank === -1 ? [reference, ''] : [reference.slice(0, blank), reference.slice(blank + 1)];
}

/** Evidence as version 1 of the events that carry it had it; only git gave any. */
interface GitEvidence {
  readonly kind: keyof typeof KINDS;
  readonly repository: string;
  readonly commit: string;
  readonly trailer?: string;
  readonly tag?: string;
  readonly url?: string;
}

const KINDS = { trailer: 'reviewTrailer', merge: 'merge', tag: 'releaseTag' } as const;

/** Lifts event data from version 1 to 2: evidence that named git's own terms becomes evidence in the common form. */
export function withCommonEvidence(data: { readonly evidence?: GitEvidence }): unknown {
  const { evidence } = data;
  if (evidence === undefined) return data;
  const { kind, repository, commit, trailer, tag, url } = evidence;
  return { ...data, evidence: common(KINDS[kind], repository, [commit, trailer, tag], url) };
}

/** The same for the report of a campaign's contents, whose evidence was called `source` and was always a tag. */
export function withTagAsEvidence({
  source,
  ...data
}: {
  readonly source?: Pick<GitEvidence, 'repository' | 'commit' | 'tag'>;
}): unknown {
  if (source === undefined) return data;
  return { ...data, evidence: common(KINDS.tag, source.repository, [source.commit, source.tag], undefined) };
}

function common(
  kind: string,
  source: string,
  names: readonly (string | undefined)[],
  url: string | undefined,
): Evidence {
  const reference = names.filter((name) => name !== undefined).join(' ');
  return url === undefined ? { kind, source, reference } : { kind, source, reference, url };
}

/** The way back, for the hash of a command that an older program recorded; undefined for evidence it did not know. */
export function asGitEvidence(evidence: Evidence): GitEvidence | undefined {
  const kind = (Object.keys(KINDS) as (keyof typeof KINDS)[]).find((word) => KINDS[word] === evidence.kind);
  if (kind === undefined) return undefined;
  const [commit, name] = partsOf(evidence);
  const { source: repository, url } = evidence;
  const named = name === '' || kind === 'merge' ? {} : { [kind]: name };
  return { kind, repository, commit, ...named, ...(url === undefined ? {} : { url }) };
}
