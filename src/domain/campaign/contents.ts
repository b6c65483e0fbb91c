import type { Context, Outcome } from '../decider';
import type { InputFault } from '../input';
import { refuse } from '../refusal';
import type { ObserveContents } from './commands';
import type { CampaignEvent } from './events';
import type { ContentsChange } from './parts';
import type { CampaignState } from './state';

/** Records what a tool saw in a campaign that is planned, launched or ended. */
export function observeContents(
  command: ObserveContents,
  state: CampaignState,
  context: Context,
): Outcome<CampaignEvent> {
  const { base, put, gone, more, evidence } = command;
  if (base !== undefined && context.standing('campaign', base) === undefined) {
    return refuse('CAMPAIGN_NOT_FOUND', undefined, ['base']);
  }
  const data = { base, put, gone, more, evidence };
  if (base === undefined && state.reported !== undefined && isSame(data, state.reported)) return { events: [] };
  return { events: [{ type: 'CampaignContentsObserved', data }] };
}

/** What a report says in one field against another. */
export function contradictionsOf({ campaign, base, put, gone = [] }: ObserveContents): readonly InputFault[] {
  const faults: InputFault[] = [];
  if (base === campaign) faults.push({ steps: ['base'], reason: 'a campaign is not its own base; leave it out' });
  const seen = new Set<string>();
  for (const [index, { path, version, asset }] of put.entries()) {
    const at = ['put', String(index)];
    if (seen.has(path)) faults.push({ steps: [...at, 'path'], reason: 'is already in the list' });
    if (version !== undefined && asset === undefined) {
      faults.push({ steps: [...at, 'asset'], reason: 'is missing: a version belongs to an asset' });
    }
    seen.add(path);
  }
  for (const [index, path] of gone.entries()) {
    if (seen.has(path)) {
      faults.push({ steps: ['gone', String(index)], reason: 'is put or gone in this report already' });
    }
    seen.add(path);
  }
  return faults;
}

function isSame(one: ContentsChange, other: ContentsChange): boolean {
  return JSON.stringify(wordsOf(one)) === JSON.stringify(wordsOf(other));
}

/** What a report says, in one order, whatever order its fields were written in. */
function wordsOf({ base, put, gone = [], more = false, evidence }: ContentsChange): readonly unknown[] {
  const files = put.map((file) => [file.path, file.digest, file.bytes, file.asset, file.version]);
  return [base, files, gone, more, evidence?.kind, evidence?.source, evidence?.reference];
}
