import type { EventNamed, Recorded } from './catalogue';
import { nfc, nfcList, visible } from './characters';

/** Compared byte for byte with values in other places, so never normalised: paths, evidence and ids of people. */
const EXACT: ReadonlySet<string> = new Set(['path', 'gone', 'evidence', 'contributors']);
const LABELS: ReadonlySet<string> = new Set(['tags', 'markets', 'unset']);
const BY_NAME: ReadonlySet<string> = new Set(['metadata', 'set']);

/**
 * A command with every text in normal form C, so that `Café` is one tag and one word however it was typed. The very same
 * object where it is so already.
 */
export function normalCommand<C extends object>(command: C): C {
  return members(command, false) as C;
}

function normal(value: unknown, name: string): unknown {
  if (EXACT.has(name)) return value;
  if (typeof value === 'string') return nfc(value);
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return members(value, BY_NAME.has(name));
  if (LABELS.has(name) && value.every((item) => typeof item === 'string')) return nfcList(value);
  const items = value.map((item) => normal(item, ''));
  return items.some((item, at) => item !== value[at]) ? items : value;
}

/** `named`: the names are words of the caller too. Two that become one are left as they are, for the check to refuse. */
function members(object: object, named: boolean): object {
  const entries = Object.entries(object);
  const taken = new Set(Object.keys(object));
  const changed = entries.map(([name, value]): [string, unknown] => {
    const own = named && !taken.has(nfc(name)) ? nfc(name) : name;
    taken.add(own);
    // A field may tell a path too, and two files may differ in nothing but the form of their names.
    return [own, normal(value, named && name !== 'path' ? '' : name)];
  });
  const same = changed.every(([name, value], at) => name === entries[at]![0] && value === entries[at]![1]);
  return same ? object : Object.fromEntries(changed);
}

/** Texts that may have line breaks. */
const PROSE: ReadonlySet<string> = new Set(['note', 'reason', 'value']);

/**
 * A command that tells what happened elsewhere, with every character that would not be seen written out: reports are
 * not refused for what they say. The very same object where there is none.
 */
export function visibleCommand<C extends object>(command: C): C {
  return seen(command, '') as C;
}

function seen(value: unknown, name: string): unknown {
  if (typeof value === 'string') return visible(value, PROSE.has(name) ? 'prose' : 'line');
  if (typeof value !== 'object' || value === null) return value;
  const before = Object.values(value);
  const after = Object.entries(value).map(([member, each]) => seen(each, Array.isArray(value) ? name : member));
  if (after.every((each, at) => each === before[at])) return value;
  const names = Object.keys(value);
  return Array.isArray(value) ? after : Object.fromEntries(after.map((each, at) => [names[at], each]));
}

type Texts = { readonly [T in Recorded['type']]?: (data: EventNamed<T>['data']) => EventNamed<T>['data'] };

/** The texts that lists are filtered, sorted and counted by. Events of before may hold them in any form. */
const TEXTS: Texts = {
  AssetRegistered: (data) => ({ ...data, title: nfc(data.title), tags: nfcList(data.tags) }),
  VersionAdded: (data) => ({ ...data, madeWith: { ...data.madeWith, tool: nfc(data.madeWith.tool) } }),
  MetadataChanged: (data) => ({
    ...data,
    ...(data.title !== undefined && { title: nfc(data.title) }),
    ...(data.tags !== undefined && { tags: nfcList(data.tags) }),
  }),
  PlacementStarted: place,
  PlacementObserved: place,
  CampaignPlanned: (data) => ({
    ...data,
    name: nfc(data.name),
    ...(data.brand !== undefined && { brand: nfc(data.brand) }),
    ...(data.markets !== undefined && { markets: nfcList(data.markets) }),
  }),
};

function place<D extends { readonly channel: string; readonly market?: string }>(data: D): D {
  return { ...data, channel: nfc(data.channel), ...(data.market !== undefined && { market: nfc(data.market) }) };
}

/** A recorded event as every fold sees it. The very same object where its texts are in normal form. */
export function normalEvent(event: Recorded): Recorded {
  const texts = TEXTS[event.type] as ((data: unknown) => unknown) | undefined;
  if (texts === undefined || isNormal(event)) return event;
  return { ...event, data: texts(event.data) } as Recorded;
}

/** Most texts are ASCII and are returned as they are. */
function isNormal(event: Recorded): boolean {
  const same = (text: string | undefined) => text === undefined || nfc(text) === text;
  switch (event.type) {
    case 'AssetRegistered':
    case 'MetadataChanged':
      return same(event.data.title) && (event.data.tags === undefined || event.data.tags.every(same));
    case 'VersionAdded':
      return same(event.data.madeWith.tool);
    case 'PlacementStarted':
    case 'PlacementObserved':
      return same(event.data.channel) && same(event.data.market);
    case 'CampaignPlanned':
      return same(event.data.name) && same(event.data.brand) && (event.data.markets ?? []).every(same);
    default:
      return true;
  }
}
