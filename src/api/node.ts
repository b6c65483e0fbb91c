import { entryAt } from '../../projections/approvals/queries';
import { eventAt } from '../../projections/history/queries';
import type { Asking } from './asking';
import { parseGlobalId } from './ids';
import { one } from './listing';
import type { Moment } from './moment';
import { ActorView } from './views/actor';
import { assetView, versionView } from './views/asset';
import { eventView } from './views/history';
import { approvalView } from './views/ledger';
import { campaignView, placementView } from './views/placement';

/** The object with a global id, as of the moment in it where there is one; null where the id names nothing. */
export function nodeOf(asking: Asking, globalId: string): Promise<object | null> | null {
  const id = parseGlobalId(globalId);
  switch (id?.type) {
    case 'asset':
      return one(asking, 'library', { at: id.at }, async (m) => assetView(await m.asset(id.uuid), m));
    case 'version':
      return one(asking, 'library', { at: id.at }, (m) => versionAt(m, id.uuid, id.number));
    case 'campaign':
      return one(asking, 'campaigns', { at: id.at }, async (m) => campaignView(await m.campaign(id.uuid), m));
    case 'placement':
      return one(asking, 'placements', { at: id.at }, async (m) => placementView(await m.placement(id.uuid), m));
    case 'approval':
      return one(asking, 'approvals', { at: id.at }, async (m) => approvalView(await m.approval(id.uuid), m));
    case 'event':
      return one(asking, 'history', { at: id.at }, async (m) =>
        eventView(await eventAt(m.reader('history'), id.position, m.at), m),
      );
    case 'decision':
      return one(asking, 'approvals', { at: id.at }, async (m) =>
        approvalView(await entryAt(m.reader('approvals'), id.position, m.at), m),
      );
    case 'actor':
      return one(asking, 'actors', {}, (m) => actorAt(m, id.opaqueId));
    default:
      return null;
  }
}

/** An actor that the log names, or whose name is known. */
async function actorAt(moment: Moment, opaqueId: string): Promise<ActorView | null> {
  const actor = new ActorView(opaqueId, moment);
  return actor.name !== undefined || (await moment.actor(opaqueId)) !== undefined ? actor : null;
}

/** A version of an asset, null where it had not been added at that moment. */
export async function versionAt(moment: Moment, asset: string, number: number) {
  const row = await moment.asset(asset);
  if (row === undefined || row.version < number) return null;
  return versionView(await moment.version(asset, number), moment);
}
