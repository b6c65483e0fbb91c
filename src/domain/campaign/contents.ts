import type { Context, Outcome } from '../decider';
import { evidenceInput } from '../evidence';
import { boolean, type Check, digest, integer, list, matching, optional, record, uuid } from '../input';
import { type Refusal, refuse } from '../refusal';
import type { CampaignCommand } from './commands';
import type { CampaignEvent, ContentsChange } from './events';
import type { CampaignState } from './state';

/** Files in one report; a longer one comes in several. Bounded so that the event stays within 256 KiB. */
export const MOST_FILES = 1_000;

/** A path is what a tool shows, byte for byte; what leaves for a terminal is escaped there. */
const path = matching(/^[^\0]{1,4096}$/s, 'a path of 1 to 4096 characters');
const entry = record({
  path,
  digest,
  bytes: optional(integer(0)),
  asset: optional(uuid),
  version: optional(integer(1)),
});

/** What a report of contents may carry, beside the campaign. */
export const CONTENTS_INPUT: Readonly<Record<string, Check>> = {
  base: optional(uuid),
  put: list(MOST_FILES, entry),
  gone: optional(list(MOST_FILES, path)),
  more: optional(boolean),
  evidence: optional(evidenceInput),
};

type ObserveContents = Extract<CampaignCommand, { readonly type: 'ObserveContents' }>;

/** Records what a tool saw in a campaign that is planned, launched or ended. */
export function observeContents(
  command: ObserveContents,
  state: CampaignState,
  context: Context,
): Outcome<CampaignEvent> {
  const wrong = contradiction(command);
  if (wrong !== undefined) return { refusal: wrong };
  const { base, put, gone, more, evidence } = command;
  if (base !== undefined && !context.standing(`campaign-${base}`).exists) {
    return refuse('CAMPAIGN_NOT_FOUND', undefined, ['base']);
  }
  const data = { base, put, gone, more, evidence };
  if (base === undefined && state.reported !== undefined && isSame(data, state.reported)) return { events: [] };
  return { events: [{ type: 'CampaignContentsObserved', data }] };
}

function contradiction({ campaign, base, put, gone = [] }: ObserveContents): Refusal | undefined {
  const invalid = (steps: readonly string[], reason: string): Refusal => ({
    code: 'INVALID_INPUT',
    message: `${steps.join('.')}: ${reason}`,
    path: steps,
  });
  if (base === campaign) return invalid(['base'], 'a campaign is not its own base; leave it out');
  const seen = new Set<string>();
  for (const [index, entry] of put.entries()) {
    if (seen.has(entry.path)) return invalid(['put', String(index), 'path'], 'stands in the list already');
    if (entry.version !== undefined && entry.asset === undefined) {
      return invalid(['put', String(index), 'asset'], 'is missing: a version belongs to an asset');
    }
    seen.add(entry.path);
  }
  for (const [index, path] of gone.entries()) {
    if (seen.has(path)) return invalid(['gone', String(index)], 'is put or gone in this report already');
    seen.add(path);
  }
  return undefined;
}

function isSame(one: ContentsChange, other: ContentsChange): boolean {
  return JSON.stringify(wordsOf(one)) === JSON.stringify(wordsOf(other));
}

/** What a report says, in one order, whatever order its fields were written in. */
function wordsOf({ base, put, gone = [], more = false, evidence }: ContentsChange): readonly unknown[] {
  const files = put.map((file) => [file.path, file.digest, file.bytes, file.asset, file.version]);
  return [base, files, gone, more, evidence?.kind, evidence?.source, evidence?.reference];
}
