import { entryAt } from '../../projections/approvals/queries';
import { eventAt } from '../../projections/history/queries';
import type { Asking } from './asking';
import { parseGlobalId } from './ids';
import { one } from './listing';
import type { Moment } from './moment';
import { assetView, versionView } from './views/asset';
import { HistoryView } from './views/history';
import { approvalView } from './views/ledger';
import { campaignView, placementView } from './views/placement';

/** Anything by its global id; an id that is none of ours, or of nothing that was there then, gives null. */
export function nodeOf(asking: Asking, globalId: string): Promise<object | null> | null {
  const id = parseGlobalId(globalId);
  switch (id?.type) {
    case 'asset':
      return one(asking, 'library', {}, async (m) => assetView(await m.asset(id.uuid), m));
    case 'version':
      return one(asking, 'library', {}, (m) => versionAt(m, id.uuid, id.number));
    case 'campaign':
      return one(asking, 'campaigns', {}, async (m) => campaignView(await m.campaign(id.uuid), m));
    case 'placement':
      return one(asking, 'placements', {}, async (m) => placementView(await m.placement(id.uuid), m));
    case 'approval':
      return one(asking, 'approvals', {}, async (m) => approvalView(await m.approval(id.uuid), m));
    case 'event':
      return one(asking, 'history', {}, (m) => eventView(m, id.position));
    case 'decision':
      return one(asking, 'approvals', {}, async (m) =>
        approvalView(await entryAt(m.reader('approvals'), id.position, m.at), m),
      );
    default:
      return null;
  }
}

/** A version of an asset, null where it had not been added at that moment. */
export async function versionAt(moment: Moment, asset: string, number: number) {
  const row = await moment.asset(asset);
  if (row === undefined || row.version < number) return null;
  return versionView(await moment.version(asset, number), moment);
}

async function eventView(moment: Moment, position: string): Promise<HistoryView | null> {
  const event = await eventAt(moment.reader('history'), position);
  return event === undefined || isAfter(event, moment) ? null : new HistoryView(event, moment);
}

function isAfter(event: { position: string; recordedAt: string; occurredAt: string }, { at }: Moment): boolean {
  if (at === undefined) return false;
  if ('position' in at) return event.position > at.position;
  return 'recordedAt' in at ? event.recordedAt > at.recordedAt : event.occurredAt > at.occurredAt;
}
