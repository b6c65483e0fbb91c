import { idOf, oneOf } from '../filters';
import { listOf } from '../list';
import { link } from './tables';

/** What an asset comes from and holds, or with `originId` where it went. */
export const lineage = listOf({
  name: 'lineage',
  projection: 'lineage',
  table: link,
  orders: { since: 'since' },
  usual: { by: 'since', direction: 'desc' },
  filters: { assetId: idOf('asset', 'asset'), originId: idOf('origin', 'asset'), relationIn: oneOf('relation') },
});
