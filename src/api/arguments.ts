import type { LedgerFilter } from '../../projections/approvals/queries';
import type { ArchiveFilter } from '../../projections/archive/queries';
import type { CampaignFilter } from '../../projections/campaigns/queries';
import type { AssetFilter } from '../../projections/library/queries';
import type { Window } from '../../projections/page';
import type { PlacementFilter } from '../../projections/placements/queries';
import type { SignalFilter } from '../../projections/signals/queries';
import { MAX_TAGS } from '../domain/asset/parts';
import { holdsWord } from '../tables/searchwords';
import { fault } from './errors';
import { idArgument, opaqueIdOf } from './ids';

/** A filter as it comes in: checked against the schema, null where a client said null. */
type Given = Readonly<Record<string, unknown>> | null | undefined;

/**
 * Characters of a name that is looked for. No name in the log is that long, in whichever normal form; one of a megabyte
 * would be folded anew for each field of a request that asks for it.
 */
const LONGEST_NAME = 1000;

/** Null and absent mean the same in a filter: no condition. */
function present(filter: Given): Record<string, unknown> {
  const given = Object.entries(filter ?? {}).filter(([, value]) => value !== null);
  for (const [name, value] of given) if (name !== 'text') ensureName(value, ['filter', name]);
  return Object.fromEntries(given);
}

/** Throws BAD_USER_INPUT where a text is longer than any name. */
function ensureName(value: unknown, path: readonly string[]): void {
  if (typeof value !== 'string' || value.length <= LONGEST_NAME) return;
  throw fault('BAD_USER_INPUT', `${path.join('.')} must have at most ${LONGEST_NAME} characters.`, path);
}

/** Tags an asset must have all of; no asset has more than it may. */
function tagsOf(given: unknown): readonly string[] | undefined {
  const tags = distinct<string>(given);
  const path = ['filter', 'tag'];
  if (tags !== undefined && tags.length > MAX_TAGS) {
    throw fault('BAD_USER_INPUT', `filter.tag must name at most ${MAX_TAGS} tags.`, path);
  }
  for (const tag of tags ?? []) ensureName(tag, path);
  return tags;
}

/** An actor in whichever form of its id. */
export function actorOf(value: unknown, path: readonly string[]): string | undefined {
  if (typeof value !== 'string') return undefined;
  ensureName(value, path);
  return opaqueIdOf(value);
}

const id = (type: 'asset' | 'campaign', value: unknown, name: string): string | undefined =>
  typeof value === 'string' ? idArgument(type, value, ['filter', name]) : undefined;

/** One of many words once: what a client says twice means the same, and a list of a schema's words stays short. */
export const distinct = <T>(words: unknown): readonly T[] | undefined =>
  Array.isArray(words) ? [...new Set(words as readonly T[])] : undefined;

/** Words to search for. Characters. */
const LONGEST_QUESTION = 200;

function searched(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const path = ['filter', 'text'];
  if (text.length > LONGEST_QUESTION) {
    throw fault('BAD_USER_INPUT', `filter.text must have at most ${LONGEST_QUESTION} characters.`, path);
  }
  if (holdsWord(text)) return text;
  throw fault('BAD_USER_INPUT', 'filter.text holds no letter or digit to search for, so nothing could be found.', path);
}

export const window = (value: unknown): Window | undefined =>
  value === undefined || value === null ? undefined : (present(value as Given) as Window);

export function assetFilter(given: Given): AssetFilter {
  const { text, kind, status, tag, tool, template, campaign } = present(given);
  return {
    text: searched(text),
    kinds: distinct(kind),
    statuses: distinct(status),
    tags: tagsOf(tag),
    tool: tool as AssetFilter['tool'],
    template: id('asset', template, 'template'),
    campaign: id('campaign', campaign, 'campaign'),
  };
}

export function approvalFilter(given: Given): LedgerFilter {
  const { asset, actor, kind, decision, occurred, recorded, ...rest } = present(given);
  if (rest.version !== undefined && asset === undefined) {
    throw fault('BAD_USER_INPUT', 'filter.version goes only together with filter.asset.', ['filter', 'version']);
  }
  return {
    ...rest,
    asset: id('asset', asset, 'asset'),
    actor: actorOf(actor, ['filter', 'actor']),
    kinds: distinct(kind),
    decisions: distinct(decision),
    occurred: window(occurred),
    recorded: window(recorded),
  };
}

export function placementFilter(given: Given): PlacementFilter {
  const { asset, campaign, started, ...rest } = present(given);
  return {
    ...rest,
    asset: id('asset', asset, 'asset'),
    campaign: id('campaign', campaign, 'campaign'),
    started: window(started),
  };
}

export function archiveFilter(given: Given): ArchiveFilter {
  const { kind, asset, by, since, ...rest } = present(given);
  return {
    ...rest,
    whats: distinct(kind),
    asset: id('asset', asset, 'asset'),
    by: actorOf(by, ['filter', 'by']),
    since: window(since),
  };
}

export function signalFilter(given: Given): SignalFilter {
  const { kind, template, actor, ...rest } = present(given);
  return {
    ...rest,
    kinds: distinct(kind),
    template: id('asset', template, 'template'),
    actor: actorOf(actor, ['filter', 'actor']),
  };
}

export function campaignFilter(given: Given): CampaignFilter {
  const { status, brand, text } = present(given);
  return {
    statuses: distinct(status),
    brand: brand as CampaignFilter['brand'],
    text: searched(text),
  };
}
