import type { Recorded } from '../../src/domain/catalogue';
import { projection, type RowsOf } from '../../src/tables/projection';
import { subjectOf } from '../subject';
import { tables } from './tables';

type Lineage = RowsOf<typeof tables>;

/** What assets were made from and hold; read from its other end, where an asset was used. */
export const lineage = projection({
  name: 'lineage',
  version: 1,
  tables,
  on: {
    AssetRegistered: (event, rows) => {
      const { derivedFrom = [], template, componentOf } = event.data;
      const asset = subjectOf(event);
      for (const parent of derivedFrom) put(event, rows, asset, parent, 'parent');
      if (template !== undefined) put(event, rows, asset, template, 'template');
      if (componentOf !== undefined) put(event, rows, componentOf, { asset, version: null }, 'component');
    },
    ComponentAdded: (event, rows) => put(event, rows, subjectOf(event), event.data.component, 'component'),
    ComponentRemoved: (event, rows) =>
      rows.link.delete({ asset: subjectOf(event), origin: event.data.component.asset, relation: 'component' }),
  },
});

interface Ref {
  readonly asset: string;
  readonly version: number | null;
}

function put(event: Recorded, rows: Lineage, asset: string, { asset: origin, version }: Ref, relation: string): void {
  const { position: since, metadata } = event;
  rows.link.put({ asset, origin, relation, version, since, sinceAt: metadata.occurredAt });
}
