import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { createApp } from '../app';
import { childEnvironment } from '../config/config';
import { importGit } from '../connectors/git/import';
import { LIMITS, limitsOf } from '../connectors/git/importlimits';
import type { ImportProgress, ImportResult } from '../connectors/git/result';
import { inLines } from '../telemetry/out';
import { action, collected, dataCommand, type Result } from './frame';
import { openProgress } from './progress-bar';

/**
 * Percentage by which the heap may grow before garbage collection. By default V8 lets it grow to a multiple on a
 * machine with much memory, and an import produces much short-lived garbage.
 */
const HEAP_GROWTH = 30;

interface Options {
  readonly branch?: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly releases: readonly string[];
  readonly content: boolean;
  readonly allowShallow?: boolean;
  readonly limit: readonly string[];
}

/** `import git PATH`: records the history of a local clone as production history. */
export function addImportGit(imports: Command): void {
  dataCommand(
    imports,
    'git <path>',
    'record the history of a local clone, bare or not: every version of every image, font, document and design source in the first-parent history, who made it, who approved it, and the releases that contain it. A second run adds only what is new, and an interrupted run resumes; exit code 1 if its counts differ from git’s own',
    [
      'import git ../octicons',
      'import git ../icons.git --branch main --include "icons/**" --exclude "**/legacy/**"',
      'import git ../fonts --no-content --json',
    ],
  )
    .option('--branch <name>', 'branch whose first-parent history is imported (default: the branch of HEAD)')
    .option('--include <glob>', 'only paths that match; may be repeated', collected, [])
    .option('--exclude <glob>', 'no paths that match; may be repeated', collected, [])
    .option(
      '--releases <glob>',
      'tags whose names match are releases, instead of tags named by a version or a date; may be repeated',
      collected,
      [],
    )
    .option('--no-content', 'do not keep the bytes of versions, only their digests, sizes and dimensions')
    .option('--allow-shallow', 'import a shallow clone')
    .option(
      '--limit <name=number>',
      `change a limit of what is read from one repository: ${limitsShown()}; may be repeated; numbers of bytes may end in KiB, MiB or GiB`,
      collected,
      [],
    )
    .action(
      action<Options, [path: string]>(async ({ config, signal }, options, path): Promise<Result> => {
        setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
        const progress = openProgress('import');
        try {
          const given = {
            ...options,
            limits: limitsOf(options.limit),
            path,
            signal,
            dataDir: config.dataDir,
            workspace: 'default',
            environment: childEnvironment(),
            onProgress: ({ phase, done, total, events }: ImportProgress) =>
              progress.update(done, total, `${phase}, ${events} events`),
          };
          const json = await importGit(given, () => createApp(config));
          return { json, text: report(inLines(json)), fault: !json.reconciled };
        } finally {
          progress.stop();
        }
      }),
    );
}

function limitsShown(): string {
  return Object.entries(LIMITS)
    .map(([name, most]) => `${name} ${most}`)
    .join(', ');
}

function report(result: ImportResult): string {
  const { events, assets, versions, renames, deletions, aliases, authors, tags, seconds, trailers } = result;
  const rate = seconds > 0 ? `, ${Math.round(events / seconds)} a second` : '';
  const lines = [
    `${events} events written in ${seconds.toFixed(1)} s${rate}`,
    `recorded of this repository: ${assets} assets, ${versions} versions, ${renames} renames, ${deletions} deletions, ` +
      `${aliases} aliases, ${authors} authors, ${tags} release tags`,
    `releases: ${result.releases.count} with ${result.releases.files} files, ${result.releases.offRecord} of them never in the first-parent history`,
    ...Object.entries(trailers).map(([name, count]) => `  ${name}: ${count}`),
    ...leftOut(result),
  ];
  if (result.reconciled) return [...lines, 'reconciled: the counts are git’s own'].join('\n');
  const differences = result.differences.map(
    ({ what, git, events: ours, command }) => `  ${what}: git ${git}, recorded ${ours}\n    $ ${command}`,
  );
  return [...lines, 'NOT reconciled:', ...differences].join('\n');
}

function leftOut({ leftOut: all, parted, releases }: ImportResult): readonly string[] {
  const { links, submodules, tags, releaseLinks, merges, reviewLines } = all;
  return [
    ...(merges.count > 0
      ? [
          `no approval: ${merges.count} merges without evidence of one, for example of the same branch, such as ${merges.examples[0]}`,
        ]
      : []),
    ...(reviewLines.count > 0
      ? [
          `no review: ${reviewLines.count} commits whose review lines name no person, such as ${reviewLines.examples[0]}`,
        ]
      : []),
    ...parted.map(({ ids }) => `one person by today’s .mailmap, recorded before as ${ids.join(' and ')}; the ids stay`),
    ...(links.count > 0 ? [`left out: ${links.count} links that lead to no asset, such as ${links.examples[0]}`] : []),
    ...(submodules.length > 0 ? [`left out: submodules ${submodules.join(', ')}`] : []),
    ...(tags.count > 0 ? [`left out: ${tags.count} tags that are not releases:`, ...reasonsOf(tags.reasons)] : []),
    ...(releaseLinks.count > 0
      ? [`left out: ${releaseLinks.count} links in the trees of releases, such as ${releaseLinks.examples[0]}`]
      : []),
    ...releases.moved.map(
      ({ tag, from, to }) => `tag ${tag} moved from ${from} to ${to}: its contents are recorded anew`,
    ),
    ...(releases.gone.length > 0 ? [`tags that are gone, still recorded: ${releases.gone.join(', ')}`] : []),
  ];
}

const NAMED = 20;

function reasonsOf(reasons: ImportResult['leftOut']['tags']['reasons']): readonly string[] {
  const more = reasons.length - NAMED;
  const rows = reasons.slice(0, NAMED).map(({ tag, reason }) => `  ${tag}: ${reason}`);
  return more > 0 ? [...rows, `  and ${more} more; --json names all`] : rows;
}
