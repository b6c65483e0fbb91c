import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '../../src/domain/event';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import { drawEarlier } from './earlier';
import { History, icon, Story } from './history';

/** The log that the program of November 2026 made of this history, before all tools shared one form of evidence. */
const LOG = readFileSync(join(__dirname, 'logs', 'mapping-2.ndjson'), 'utf8');
const earlier: readonly RecordedEvent[] = LOG.trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

let history: History;
beforeEach(async () => {
  history = new History();
  drawEarlier(history);
  mkdirSync(history.dataDir);
  const store = openSqliteStore(join(history.dataDir, 'events.sqlite'), { synchronous: 'OFF' });
  for (const event of earlier) {
    await store.append(event.stream, event.revision === 0 ? 'none' : event.revision - 1, [event]);
  }
  await store.close();
});
afterEach(() => history.dispose());

describe('a history that an earlier version of the program imported', () => {
  it('holds evidence in git’s own terms', () => {
    const evidence = earlier.flatMap(({ data }) => (data as { evidence?: object }).evidence ?? []);
    expect(evidence).toContainEqual(expect.objectContaining({ kind: 'trailer', trailer: 'Reviewed-by' }));
    expect(evidence).toContainEqual(expect.objectContaining({ kind: 'tag', tag: 'v1.1.0' }));
  });

  it('is not recorded a second time, and no command of it is refused as different under the same key', async () => {
    const result = await history.import();
    expect(result).toMatchObject({ events: 0, reconciled: true, differences: [] });
    expect(await history.events()).toHaveLength(earlier.length);
  });

  it('is continued in the current form', async () => {
    const message = 'Redraw\n\nReviewed-by: Cia Proof <cia@studio.example>';
    const commit = history.commit([{ path: 'icons/sun.svg', content: icon('sun at dusk') }], { message });
    history.tag('v1.2.0', commit);
    const result = await history.import();
    expect(result).toMatchObject({ reconciled: true, differences: [] });
    const added = new Story((await history.events()).slice(earlier.length), result);
    const source = result.repository;
    const released = { kind: 'releaseTag', source, reference: `${commit} v1.2.0` };
    expect(added.events.map(({ type, data }) => [type, (data as { evidence?: object }).evidence])).toEqual([
      ['VersionAdded', undefined],
      ['DecisionAttested', { kind: 'reviewTrailer', source, reference: `${commit} Reviewed-by` }],
      ['CampaignPlanned', undefined],
      ['CampaignLaunched', undefined],
      ['PlacementEndObserved', released],
      ['PlacementObserved', released],
      ['CampaignContentsObserved', released],
    ]);
    expect(added.of('DecisionAttested')[0]!.metadata.schemaVersion).toBe('2');
  });

  it('records for each new event where git shows it', async () => {
    const commit = history.commit([
      { path: 'icons/sun.svg', content: icon('sun at dusk') },
      { remove: 'icons/night.svg' },
    ]);
    history.tag('v1.2.0', commit);
    const result = await history.import();
    const added = new Story((await history.events()).slice(earlier.length), result);
    const sources = (type: string) => added.of(type).map(({ metadata }) => metadata.source);
    expect(sources('VersionAdded')).toEqual([`git ${commit}:icons/sun.svg`]);
    expect(sources('AssetRetired')).toEqual([`git ${commit} -- icons/night.svg`]);
    expect(sources('PlacementObserved')).toEqual([`git ${commit}:icons/sun.svg`]);
    expect(new Set(sources('CampaignContentsObserved'))).toEqual(new Set(['git refs/tags/v1.2.0']));
    const [, object] = sources('VersionAdded')[0]!.split('git ');
    expect(history.git(['-C', history.path, 'show', object!])).toBe(icon('sun at dusk').trim());
    for (const named of [...added.events].map(({ metadata }) => metadata.source!.split(' ').slice(1))) {
      expect(history.git(['-C', history.path, 'show', ...named])).not.toBe('');
    }
  });
});
