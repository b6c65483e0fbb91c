import type { Recorded } from '../../src/domain/catalogue';
import { projection, type RowsOf } from '../../src/tables/projection';
import { found, subjectOf } from '../subject';
import { changed, type File, type Leaf } from './leaves';
import { tables } from './tables';

/** What campaigns contain, file by file, as tools reported it: of a release every file of its tag's tree. */
export const contents = projection({
  name: 'contents',
  version: 2,
  tables,
  on: { CampaignContentsObserved: observe },
});

function observe(event: Recorded<'CampaignContentsObserved'>, rows: RowsOf<typeof tables>): void {
  const campaign = subjectOf(event);
  const { position } = event;
  const { occurredAt } = event.metadata;
  const { base = campaign, put, gone = [] } = event.data;
  const before = rows.contents.get({ campaign: base });
  let ordinal = 0;
  let offRecord = before?.offRecord ?? 0;
  const read = ([of, revision, place]: Leaf): readonly File[] => {
    const row = found(rows.leaf.get({ campaign: of, revision, ordinal: place }), event);
    const files = row.files as readonly File[];
    offRecord -= unknown(files);
    return files;
  };
  const write = (files: readonly File[]): Leaf => {
    const leaf: Leaf = [campaign, event.revision, ordinal, files[0]![0], files.length];
    rows.leaf.put({ campaign, revision: event.revision, ordinal, files, position, occurredAt });
    ordinal += 1;
    offRecord += unknown(files);
    return leaf;
  };
  const files = put.map(({ path, digest, bytes, asset, version }): File => {
    return [path, digest, bytes ?? null, asset ?? null, version ?? null];
  });
  const leaves = changed((before?.leaves ?? []) as readonly Leaf[], { put: files, gone }, read, write);
  const count = leaves.reduce((sum, leaf) => sum + leaf[4], 0);
  rows.contents.put({ campaign, leaves, files: count, offRecord });
}

function unknown(files: readonly File[]): number {
  return files.reduce((sum, file) => sum + (file[4] === null ? 1 : 0), 0);
}
