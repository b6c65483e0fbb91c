import { makersOf } from '../../src/domain/asset/makers';
import { projection } from '../../src/tables/projection';
import { tables } from './tables';

/** Who made which bytes: what four eyes asks, across assets. */
export const makers = projection({
  name: 'makers',
  version: 2,
  tables,
  on: {
    VersionAdded: (event, rows) => {
      const { digest } = event.data;
      const { position } = event;
      const { occurredAt } = event.metadata;
      for (const maker of makersOf(event)) {
        if (rows.maker.get({ digest, maker }) === undefined) rows.maker.put({ digest, maker, position, occurredAt });
      }
    },
  },
});
