import { idOf, oneOf, within } from '../filters';
import { listOf } from '../list';
import { obligation } from './tables';

/** What is due, the soonest first. */
export const obligations = listOf({
  name: 'obligations',
  projection: 'obligations',
  table: obligation,
  orders: { due: 'due' },
  usual: { by: 'due', direction: 'asc' },
  filters: { kindIn: oneOf('kind'), due: within('due'), assetId: idOf('asset', 'asset') },
});
