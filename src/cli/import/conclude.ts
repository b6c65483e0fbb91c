import type { Run } from './prepare';
import { reconcile } from './reconcile';
import type { Recorder } from './recorder';
import type { Difference, ImportResult } from './result';

const NAMED = 20;

/** Reconciles, and says what is recorded of this repository. */
export async function conclude(run: Run, recorder: Recorder, seconds: number): Promise<ImportResult> {
  const { git, line, intents, progress, issuer, releases } = run;
  const campaigns = new Set([...progress.releases.keys()].map((tag) => intents.campaignId(tag)));
  const merges = await git.text(['rev-list', '--first-parent', '--merges', line.tip]);
  const merge = new Set(merges.split('\n'));
  const { log, differences, commands, otherMerges, unread } = await reconcile({
    git,
    tip: line.tip,
    branch: line.branch,
    line: new Map(line.commits.map((hash) => [hash, { merge: merge.has(hash) }])),
    intents,
    wanted: run.wanted,
    store: run.options.store,
    mine: (stream) => progress.assets.has(stream.slice(6)) || campaigns.has(stream.slice(9)),
    links: recorder.links.entries().length,
  });
  const all = [...refusals(run), ...differences];
  const times = (type: string) => log.types.get(type) ?? 0;
  const lost = recorder.lostLinks();
  return {
    events: issuer.written,
    assets: times('AssetRegistered'),
    versions: times('VersionAdded'),
    renames: log.renames,
    deletions: times('AssetRetired'),
    aliases: times('AliasObserved'),
    authors: log.makers,
    trailers: Object.fromEntries([...log.counts.trailers].sort()),
    tags: times('CampaignPlanned'),
    seconds: Math.round(seconds * 100) / 100,
    reconciled: all.length === 0,
    differences: all,
    commands,
    repository: progress.repository,
    commits: progress.place,
    placements: times('PlacementObserved'),
    attested: times('DecisionAttested'),
    pointers: progress.pointers.size,
    escapedPaths: progress.escaped.size,
    parted: intents.identities.parted(),
    leftOut: {
      links: { count: lost.length, examples: lost.slice(0, NAMED) },
      submodules: [...progress.submodules].sort(),
      tags: { count: releases.others.length, examples: releases.others.slice(0, NAMED) },
      merges: some([...otherMerges]),
      reviewLines: some([...unread]),
      lateReleases: [...progress.releases].filter(([, { late }]) => late).map(([tag]) => tag),
    },
  };
}

function some(all: readonly string[]): { readonly count: number; readonly examples: readonly string[] } {
  return { count: all.length, examples: all.slice(0, NAMED) };
}

/** A command nobody should have refused: somebody else changed the asset meanwhile, or the import is wrong. */
function refusals({ issuer, intents, line, git }: Run): readonly Difference[] {
  if (issuer.refused.length === 0) return [];
  const commits = new Map(line.commits.map((hash) => [intents.commitId(hash), hash]));
  return issuer.refused.map(({ intent, code, message }) => {
    const commit = commits.get(intent.correlationId ?? '') ?? line.tip;
    const command = git.shown(['show', '--raw', commit]);
    return {
      what: `${intent.command.type} of commit ${commit}`,
      git: 'reported',
      events: `refused, ${code}: ${message}`,
      command,
    };
  });
}
