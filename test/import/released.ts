import { createHash } from 'node:crypto';
import { fileKindOf } from '../../src/connectors/git/kinds';
import type { RecordedEvent } from '../../src/domain/event';
import type { History, Story } from './history';

interface File {
  readonly path: string;
  readonly digest: string;
  readonly asset?: string;
  readonly version?: number;
}

interface Release {
  readonly tag: string;
  readonly files: ReadonlyMap<string, File>;
}

/** The contents of each release in a log, folded as simply as possible. */
export function releasesIn(events: readonly RecordedEvent[]): readonly Release[] {
  const names = new Map<string, string>();
  const contents = new Map<string, Map<string, File>>();
  for (const { type, stream, data } of events) {
    const campaign = stream.slice('campaign-'.length);
    if (type === 'CampaignPlanned') names.set(campaign, (data as { name: string }).name);
    if (type !== 'CampaignContentsObserved') continue;
    const { base, put, gone = [] } = data as { base?: string; put: readonly File[]; gone?: readonly string[] };
    const files = new Map(contents.get(base ?? campaign));
    for (const path of gone) files.delete(path);
    for (const file of put) files.set(file.path, file);
    contents.set(campaign, files);
  }
  return [...contents].map(([campaign, files]) => ({ tag: names.get(campaign) ?? '', files }));
}

/** The tree of each tag in git: path → SHA-256, for files of an asset kind. */
export function treesOf(history: History, tags: readonly string[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const trees = new Map<string, ReadonlyMap<string, string>>();
  const digests = new Map<string, string>();
  for (const tag of tags) {
    const files = new Map<string, string>();
    const rows = history.git(['-C', history.path, 'ls-tree', '-r', '-z', `refs/tags/${tag}`]).split('\0');
    for (const row of rows.filter((some) => some !== '')) {
      const [head = '', path = ''] = row.split('\t');
      const [mode = '', , blob = ''] = head.split(' ');
      if (!mode.startsWith('100') || fileKindOf(path) === undefined) continue;
      const digest = digests.get(blob) ?? createHash('sha256').update(history.bytes(blob)).digest('hex');
      digests.set(blob, digest);
      files.set(path, digest);
    }
    trees.set(tag, files);
  }
  return trees;
}

/** Placement events: the event type, the release with which the placement began, the asset's stream, the version. */
export function placedIn(story: Story): readonly (readonly [string, string | undefined, string, number | undefined])[] {
  const names = new Map(
    story.of('CampaignPlanned').map(({ stream, data }) => [stream.slice(9), (data as { name: string }).name]),
  );
  return story.events
    .filter(({ type }) => type.startsWith('Placement'))
    .map(({ type, stream, data }) => {
      const { campaign, version } = data as { campaign: string; version?: number };
      return [type, names.get(campaign), stream, version];
    });
}

/** Checks that every release in the log contains exactly the tree of its tag, and that there are no others. */
export function expectTrees(history: History, story: Story, tags: readonly string[]): void {
  const releases = releasesIn(story.events);
  expect(releases.map(({ tag }) => tag).sort()).toEqual([...tags].sort());
  const trees = treesOf(history, tags);
  for (const { tag, files } of releases) {
    const shown = new Map([...files].map(([path, { digest }]) => [path, digest]));
    expect({ tag, files: shown }).toEqual({ tag, files: trees.get(tag) });
  }
  expect(story.result.differences).toEqual([]);
  expect(story.result).toMatchObject({ reconciled: true, releases: { count: tags.length } });
}

/** A file of a release, according to the log. */
export function fileIn(story: Story, tag: string, path: string): File | undefined {
  return releasesIn(story.events)
    .find((release) => release.tag === tag)
    ?.files.get(path);
}
