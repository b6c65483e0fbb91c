import type { Recorded } from '../../src/domain/catalogue';
import type { At } from '../../src/tables/reader';
import { eventsAt, matches } from './model';

/** A position after every other. */
const NOW: At = { position: '~' };

interface Value {
  readonly type: string;
  readonly value: unknown;
}

interface Version {
  readonly digest: string;
  readonly author: string;
  readonly mediaType: string;
  readonly tool: string;
  readonly added: string;
}

/** The state of an asset, computed by reading all its events one by one. */
export interface Known {
  readonly asset: string;
  readonly kind: string;
  readonly template: string | undefined;
  readonly registered: string;
  readonly registeredAt: string;
  changedAt: string;
  title: string;
  tags: readonly string[];
  status: string;
  readonly fields: Map<string, Value>;
  readonly aliases: Set<string>;
  readonly versions: Version[];
  readonly campaigns: Set<string>;
  readonly markets: Set<string>;
}

/** Every asset as of a moment, last registered first. */
export function knownAt(events: readonly Recorded[], at: At | undefined): readonly Known[] {
  const all = new Map<string, Known>();
  for (const event of eventsAt(events, at ?? NOW) as readonly Recorded[]) {
    const asset = event.stream.slice('asset-'.length);
    if (event.type === 'AssetRegistered') all.set(asset, registered(asset, event as Recorded<'AssetRegistered'>));
    else changed(all.get(asset)!, event);
  }
  return [...all.values()].sort((one, other) => (one.registered < other.registered ? 1 : -1));
}

function registered(asset: string, { data, position, metadata }: Recorded<'AssetRegistered'>): Known {
  return {
    asset,
    kind: data.kind,
    template: data.template?.asset,
    registered: position,
    registeredAt: metadata.occurredAt,
    changedAt: metadata.occurredAt,
    title: data.title,
    tags: data.tags,
    status: 'draft',
    fields: new Map(Object.entries(data.metadata ?? {})),
    aliases: new Set(),
    versions: [],
    campaigns: new Set(),
    markets: new Set(),
  };
}

function changed(known: Known, { type, data, metadata }: Recorded): void {
  known.changedAt = metadata.occurredAt;
  // biome-ignore lint/suspicious/noExplicitAny: the type says what the data are.
  const said = data as any;
  if (type === 'VersionAdded') {
    const { digest, mediaType, madeWith } = said;
    const made = { author: metadata.actorId, added: metadata.occurredAt, tool: madeWith.tool };
    known.versions.push({ digest, mediaType, ...made });
    known.status = 'draft';
  } else if (type === 'MetadataChanged') {
    known.title = said.title ?? known.title;
    known.tags = said.tags ?? known.tags;
    for (const [name, value] of Object.entries(said.set ?? {})) known.fields.set(name, value as Value);
    for (const name of said.unset ?? []) known.fields.delete(name);
  } else if (type === 'AliasObserved') known.aliases.add(said.path);
  else if (type === 'AliasEndObserved') known.aliases.delete(said.path);
  else if (type === 'PlacementObserved') {
    known.campaigns.add(said.campaign);
    if (said.market !== undefined) known.markets.add(said.market);
  } else if (type === 'ReviewRequested') known.status = 'inReview';
  else if (type === 'AssetRetired') known.status = 'retired';
  else if (type === 'AssetRestored') known.status = 'draft';
}

interface Window {
  readonly from?: string;
  readonly to?: string;
}

interface VersionFilter {
  readonly digest?: string;
  readonly authorId?: string;
  readonly mediaType?: string;
  readonly added?: Window;
}

/** A filter as a caller writes it, but with enum values of the domain. */
export interface AssetFilter {
  readonly titleMatches?: string;
  readonly kindIn?: readonly string[];
  readonly statusIn?: readonly string[];
  readonly includeRetired?: boolean;
  readonly tagsAll?: readonly string[];
  readonly tagsAny?: readonly string[];
  readonly tool?: string;
  readonly templateId?: string;
  readonly campaignId?: string;
  readonly market?: string;
  readonly path?: string;
  readonly alias?: string;
  readonly metadata?: readonly { readonly name: string; readonly value?: Readonly<Record<string, unknown>> }[];
  readonly currentVersion?: VersionFilter;
  readonly anyVersion?: VersionFilter;
  readonly registered?: Window;
  readonly changed?: Window;
  readonly anyOf?: readonly AssetFilter[];
}

const within = (instant: string, { from, to }: Window): boolean =>
  (from === undefined || instant >= from) && (to === undefined || instant < to);
const same = (one: string, other: string): boolean => one.normalize('NFC') === other.normalize('NFC');
const bare = (id: string): string => id.replace(/^(asset|campaign|actor)-/, '');

function isVersion(version: Version | undefined, { digest, authorId, mediaType, added }: VersionFilter): boolean {
  if (version === undefined) return false;
  return (
    (digest === undefined || version.digest === digest) &&
    (authorId === undefined || version.author === bare(authorId)) &&
    (mediaType === undefined || version.mediaType === mediaType) &&
    (added === undefined || within(version.added, added))
  );
}

function isValue({ type, value }: Value, asked: Readonly<Record<string, unknown>>): boolean {
  if ('listContains' in asked) return type === 'list' && (value as readonly unknown[]).includes(asked.listContains);
  if (!(type in asked)) return false;
  const given = asked[type];
  // Texts of older events are stored as they were typed.
  return value === given || (type === 'text' && value === (given as string).normalize('NFC'));
}

/** Each condition of a filter by its name, implemented as described. */
const CONDITIONS: {
  readonly [N in Exclude<keyof AssetFilter, 'anyOf'>]-?: (known: Known, value: NonNullable<AssetFilter[N]>) => boolean;
} = {
  titleMatches: ({ title }, words) => matches(title, words),
  kindIn: ({ kind }, kinds) => kinds.includes(kind),
  statusIn: ({ status }, states) => states.includes(status),
  includeRetired: () => true,
  tagsAll: ({ tags }, all) => all.every((tag) => tags.some((each) => same(each, tag))),
  tagsAny: ({ tags }, any) => any.some((tag) => tags.some((each) => same(each, tag))),
  tool: ({ versions }, tool) => versions.at(-1)?.tool === tool,
  templateId: ({ template }, id) => template === bare(id),
  campaignId: ({ campaigns }, id) => campaigns.has(bare(id)),
  market: ({ markets }, market) => markets.has(market),
  path: ({ fields, aliases }, path) =>
    aliases.has(path) || [...fields].some(([name, field]) => name === 'path' && isValue(field, { text: path })),
  alias: ({ aliases }, path) => aliases.has(path),
  metadata: ({ fields }, all) =>
    all.every(({ name, value }) => {
      const field = fields.get(name);
      return field !== undefined && (value === undefined || isValue(field, value));
    }),
  currentVersion: ({ versions }, filter) => isVersion(versions.at(-1), filter),
  anyVersion: ({ versions }, filter) => versions.some((version) => isVersion(version, filter)),
  registered: ({ registeredAt }, window) => within(registeredAt, window),
  changed: ({ changedAt }, window) => within(changedAt, window),
};

const asksForRetired = ({ statusIn, includeRetired }: AssetFilter): boolean =>
  statusIn !== undefined || includeRetired === true;

/** Whether an asset matches a filter. `asked`: an enclosing filter also asks for retired assets. */
export function isFound(known: Known, filter: AssetFilter, asked = false): boolean {
  const { anyOf, ...conditions } = filter;
  const retired = asked || asksForRetired(filter);
  const all = Object.entries(conditions).every(([name, value]) =>
    (CONDITIONS[name as keyof typeof CONDITIONS] as (known: Known, value: unknown) => boolean)(known, value),
  );
  if (anyOf !== undefined) return all && anyOf.some((each) => isFound(known, each, retired));
  return all && (retired || known.status !== 'retired');
}
