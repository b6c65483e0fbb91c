import { projection } from '../../src/tables/projection';
import { found, subjectOf } from '../subject';
import { tables } from './tables';

/** Every exception that anybody ever made. */
export const waivers = projection({
  name: 'waivers',
  version: 1,
  tables,
  on: {
    RulesWaived: (event, rows) => {
      const { waiver, version, digest, rules, waivedUntil: until, reason } = event.data;
      const { occurredAt: sinceAt, actorId: by } = event.metadata;
      const ended = { endedAt: null, endedBy: null, endReason: null };
      const asset = subjectOf(event);
      const since = event.position;
      rows.waiver.put({ waiver, asset, version, digest, rules, until, reason, by, since, sinceAt, ...ended });
    },
    WaiverEnded: (event, rows) => {
      const before = found(rows.waiver.get({ waiver: event.data.waiver }), event);
      const { occurredAt: endedAt, actorId: endedBy } = event.metadata;
      rows.waiver.put({ ...before, endedAt, endedBy, endReason: event.data.reason ?? null });
    },
  },
});
