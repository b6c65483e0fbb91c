import { actors } from './actors/fold';
import { approvals } from './approvals/fold';
import { archive } from './archive/fold';
import { campaigns } from './campaigns/fold';
import { contents } from './contents/fold';
import { custody } from './custody/fold';
import { history } from './history/fold';
import { library } from './library/fold';
import { licences } from './licences/fold';
import { lineage } from './lineage/fold';
import { makers } from './makers/fold';
import { obligations } from './obligations/fold';
import { pictures } from './pictures/fold';
import { placements } from './placements/fold';
import { recalls } from './recalls/fold';
import { reviews } from './reviews/fold';
import { rules } from './rules/fold';
import { signals } from './signals/fold';
import { waivers } from './waivers/fold';

/**
 * Everything that can be asked. New tables get their indexes from the last to the first: the history has no rows to put
 * in order and the largest indexes, which take the room that the others leave behind.
 */
export const PROJECTIONS = [
  history,
  library,
  approvals,
  placements,
  archive,
  signals,
  campaigns,
  licences,
  lineage,
  waivers,
  recalls,
  obligations,
  makers,
  contents,
  custody,
  pictures,
  actors,
  rules,
  reviews,
] as const;
