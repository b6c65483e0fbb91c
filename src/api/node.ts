import { entryAt } from '../../projections/approvals/queries';
import { eventAt } from '../../projections/history/queries';
import type { Asking } from './asking';
import { type Identified, parseGlobalId } from './ids';
import { one } from './listing';
import type { Moment } from './moment';
import { ActorView } from './views/actor';
import { assetView, versionView } from './views/asset';
import { eventView } from './views/history';
import { approvalView } from './views/ledger';
import { licenceAt } from './views/licence';
import { campaignView, placementView } from './views/placement';
import { recallAt } from './views/recall';
import { reviewView } from './views/review';
import { rulebookView, workflowView } from './views/rules';
import { waiverAt } from './views/waiver';

/** How an object with a UUID is found: its projection, and its view. */
interface Finding {
  readonly projection: string;
  readonly find: (moment: Moment, uuid: string) => Promise<object | null>;
}

/** Object types get an entry as soon as a projection contains them. */
export const OBJECTS: { readonly [T in Identified]?: Finding } = {
  asset: { projection: 'library', find: async (m, id) => assetView(await m.asset(id), m) },
  campaign: { projection: 'campaigns', find: async (m, id) => campaignView(await m.campaign(id), m) },
  workflow: { projection: 'rules', find: async (m, id) => workflowView(await m.workflow(id), m) },
  rulebook: { projection: 'rules', find: async (m, id) => rulebookView(await m.rulebook(id), m) },
  review: { projection: 'reviews', find: async (m, id) => reviewView(await m.review(id), m) },
  placement: { projection: 'placements', find: async (m, id) => placementView(await m.placement(id), m) },
  licence: { projection: 'licences', find: (m, id) => licenceAt(m, id) },
  recall: { projection: 'recalls', find: (m, id) => recallAt(m, id) },
  waiver: { projection: 'waivers', find: (m, id) => waiverAt(m, id) },
  approval: { projection: 'approvals', find: async (m, id) => approvalView(await m.approval(id), m) },
};

/** The object that a history entry refers to, once its projection contains that entry; null if there is none. */
export async function objectIn(moment: Moment, type: Identified, uuid: string): Promise<object | null> {
  const finding = OBJECTS[type];
  if (finding === undefined) return null;
  await moment.settled(finding.projection);
  return finding.find(moment, uuid);
}

/** The object with a global id, as of the moment in the id if there is one; null if there is none. */
export function nodeOf(asking: Asking, globalId: string): Promise<object | null> | null {
  const id = parseGlobalId(globalId);
  if (id === undefined) return null;
  switch (id.type) {
    case 'version':
      return one(asking, 'library', { at: id.at }, (m) => versionAt(m, id.uuid, id.number));
    case 'event':
      return one(asking, 'history', { at: id.at }, async (m) =>
        eventView(await eventAt(m.reader('history'), id.position, m.at), m),
      );
    case 'decision':
      return one(asking, 'approvals', { at: id.at }, async (m) =>
        approvalView(await entryAt(m.reader('approvals'), id.position, m.at), m),
      );
    case 'actor':
      return one(asking, 'actors', {}, (m) => actorAt(m, id.opaqueId, asking.session));
    default: {
      const finding = OBJECTS[id.type];
      return finding === undefined
        ? null
        : one(asking, finding.projection, { at: id.at }, (m) => finding.find(m, id.uuid));
    }
  }
}

/** An actor named in the log, in the known names or in the token; `viewer` can be the latter. */
async function actorAt(
  moment: Moment,
  opaqueId: string,
  { actor: asks }: Asking['session'],
): Promise<ActorView | null> {
  const actor = new ActorView(opaqueId, moment);
  if (actor.name !== undefined || opaqueId === asks.id || opaqueId === asks.onBehalfOf) return actor;
  return (await moment.actor(opaqueId)) === undefined ? null : actor;
}

/** A version of an asset; null if it did not exist at that moment. */
export async function versionAt(moment: Moment, asset: string, number: number) {
  const row = await moment.asset(asset);
  if (row === undefined || row.version < number) return null;
  return versionView(await moment.version(asset, number), moment);
}
