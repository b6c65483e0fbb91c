import { subjectIn } from '../../../domain/stream';
import { Spans } from '../../recording/spans';
import { type ImportState, saveProgress } from '../recorder/importstate';
import type { Run } from '../recorder/prepare';
import type { Recorder } from '../recorder/recorder';
import type { Difference, ImportResult, LeftOut, ReleasesResult } from '../result';
import { compareReleases } from './comparison';
import { reconcile } from './reconcile';

const NAMED = 20;

/** What this run recorded. */
export interface RecordedByRun {
  readonly recorder: Recorder;
  readonly moved: ReleasesResult['moved'];
}

/** Reconciles the log with git, and summarises what is recorded of this repository. */
export async function conclude(run: Run, { recorder, moved }: RecordedByRun, seconds: number): Promise<ImportResult> {
  const { intents, progress, issuer, releases } = run;
  const campaigns = new Set([
    ...releases.ordered.map(({ tag }) => intents.campaignId(tag)),
    ...run.shipping.recorded().keys(),
  ]);
  const spans = new Spans();
  const { log, differences, commands, otherMerges, unread } = await reconcile(run, {
    mine: (stream) => progress.assets.has(subjectIn(stream)) || campaigns.has(subjectIn(stream)),
    also: spans.take,
    links: recorder.links.entries().length,
  });
  const compared = await compareReleases(run, spans);
  saveProgress(run.stateFile, progress);
  const all = [...refusals(run), ...differences, ...compared.differences];
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
    commands: [...commands, ...compared.commands],
    repository: progress.repository,
    commits: progress.place,
    placements: times('PlacementObserved'),
    releases: {
      count: compared.releases,
      files: compared.files,
      offRecord: compared.offRecord,
      moved,
      gone: releases.gone,
    },
    attested: times('DecisionAttested'),
    pointers: progress.pointers.size,
    escapedPaths: progress.escaped.size,
    parted: intents.identities.parted(),
    leftOut: {
      links: { count: lost.length, examples: lost.slice(0, NAMED) },
      submodules: [...progress.submodules].sort(),
      merges: some([...otherMerges]),
      reviewLines: some([...unread]),
      tags: {
        count: releases.leftOut.length,
        examples: releases.leftOut.slice(0, NAMED).map(({ name }) => name),
        reasons: releases.leftOut.map(({ name, reason }) => ({ tag: name, reason })),
      },
      releaseLinks: linksIn(progress),
    },
  };
}

function some(all: readonly string[]): { readonly count: number; readonly examples: readonly string[] } {
  return { count: all.length, examples: all.slice(0, NAMED) };
}

/** A command that should not be refused: another writer changed the asset meanwhile, or the import has a bug. */
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

function linksIn({ compared }: ImportState): LeftOut['releaseLinks'] {
  const all = [...compared].filter(([, { links }]) => links > 0);
  const count = all.reduce((sum, [, { links }]) => sum + links, 0);
  return { count, examples: all.slice(0, NAMED).map(([tag, { link }]) => `${tag}: ${link}`) };
}
