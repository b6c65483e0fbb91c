import { placementsById } from '../../projections/placements/queries';
import type { PlacementRow } from '../../projections/placements/tables';
import type { At } from '../tables/reader';
import { pastOf } from './pointintime';
import type { PlacementView } from './views/placement';

/** Whether a placement may run, by its row as of a moment. */
function stateOf(row: PlacementRow | undefined): object {
  const codes = row?.found ?? [];
  if (row === undefined || row.ended !== null) return { state: 'notRunning', codes: [] };
  if (row.finding === 'open' || row.finding === 'acknowledged') return { state: 'notAuthorised', codes };
  return row.finding === 'waived' ? { state: 'waived', codes } : { state: 'authorised', codes: [] };
}

/** What was so at an instant, by what was known then and by what is known as of the answer. */
export async function authorisationOf({ row, moment }: PlacementView, on: string): Promise<object> {
  pastOf({ occurredAt: on }, 'on');
  const asOf = async (at: At) =>
    stateOf(
      await moment.load(
        `authorised ${JSON.stringify(at)}`,
        'placements',
        (reader, ids) => placementsById(reader, ids, at),
        row.placement,
      ),
    );
  const known: At = { ...moment.at, occurredAt: on };
  return {
    asKnownThen: await asOf({ recordedAt: on, occurredAt: on }),
    asKnownNow: await asOf(known),
    now: stateOf(row),
  };
}
