import { MAX_TAGS } from '../../src/domain/asset/parts';
import { nfc } from '../../src/domain/characters';
import type { Conditions, Test } from '../../src/tables/reader';
import {
  conditionsOf,
  type Filter,
  hasAll,
  hasAny,
  idOf,
  is,
  label,
  matches,
  oneOf,
  parts,
  together,
  within,
} from '../filters';
import { listOf } from '../list';
import { alias, asset, field, market, version } from './tables';

/** Fields of metadata that one filter names. */
const MOST_FIELDS = 10;

/** Runs or ran in this campaign. */
const ranIn: Filter<'campaigns', string> = {
  takes: { id: 'campaign' },
  conditions: (campaign) => ({ where: { campaigns: { has: campaign } } }),
};

/** A version of it runs or ran in this market. */
const soldIn: Filter<'asset', string> = {
  takes: 'label',
  conditions: (name) => ({
    some: [{ table: market, same: { asset: 'asset' }, where: { market: { eq: nfc(name) } } }],
  }),
};

const versionParts = {
  digest: is('digest'),
  authorId: is('author', 'actor'),
  mediaType: label('mediaType'),
  added: within('occurredAt'),
};

const currentVersion = parts<'asset' | 'version', typeof versionParts>(versionParts, (of) => ({
  some: [{ table: version, same: { asset: 'asset', version: 'version' }, where: conditionsOf(versionParts, of).where }],
}));

const anyVersion = parts<'asset' | 'version', typeof versionParts>(versionParts, (of) => ({
  some: [{ table: version, same: { asset: 'asset' }, where: conditionsOf(versionParts, of).where }],
}));

/** Exactly one of these. */
interface FieldValue {
  readonly text?: string | null;
  readonly date?: string | null;
  readonly number?: number | null;
  readonly boolean?: boolean | null;
  readonly listContains?: string | null;
}

interface FieldFilter {
  readonly name?: string;
  readonly value?: FieldValue;
}

const fieldParts = {
  name: { takes: 'label', conditions: () => ({}) } as Filter<never, string>,
  value: { takes: 'value', conditions: () => ({}) } as Filter<never, FieldValue>,
};

/** Texts of older events stand as they were typed, those of newer ones in normal form C. */
const typed = (value: string): Test => ({ in: [...new Set([value, nfc(value)])] });

function valueTests(value: FieldValue | undefined): Conditions<'type' | 'value'>['where'] {
  const [[type, given] = []] = Object.entries(value ?? {}).filter(([, each]) => each !== null && each !== undefined);
  if (type === undefined) return {};
  if (type === 'listContains') return { type: { eq: 'list' }, value: { has: nfc(given as string) } };
  return { type: { eq: type }, value: type === 'text' ? typed(given as string) : { eq: given } };
}

const fieldOf = ({ name, value }: FieldFilter): Conditions<'asset'> => ({
  some: [{ table: field, same: { asset: 'asset' }, where: { name: { eq: nfc(name ?? '') }, ...valueTests(value) } }],
});

/** Each of these fields is there and, where a value is given, has it. */
const metadata: Filter<'asset', readonly FieldFilter[]> = {
  takes: { list: fieldParts, most: MOST_FIELDS },
  conditions: (fields) => together(fields.map(fieldOf)),
};

const aliased = (path: string): Conditions<'asset'> => ({
  some: [{ table: alias, same: { asset: 'asset' }, where: { path: { eq: path } } }],
});

/** Its field `path`, which an import keeps, or another path that leads to it. */
const path: Filter<'asset', string> = {
  takes: 'label',
  conditions: (at) => ({ anyOf: [[fieldOf({ name: 'path', value: { text: at } }), aliased(at)]] }),
};

/** Names what is left out otherwise. */
const includeRetired: Filter<never, true> = { takes: 'flag', conditions: () => ({}) };

/** One of these assets; for programs, since the contract does not name it. */
const among: Filter<'asset', readonly string[]> = {
  takes: 'words',
  conditions: (ids) => ({ where: { asset: { in: ids } } }),
};

/** The library: assets by filter and words, in a chosen order. */
export const assets = listOf({
  name: 'assets',
  projection: 'library',
  table: asset,
  orders: { registered: 'registered', changed: 'changed', title: 'titleKey' },
  usual: { by: 'registered', direction: 'desc' },
  filters: {
    titleMatches: matches,
    kindIn: oneOf('kind'),
    statusIn: oneOf('status'),
    includeRetired,
    tagsAll: hasAll('tags', MAX_TAGS),
    tagsAny: hasAny('tags', MAX_TAGS),
    tool: label('tool'),
    templateId: idOf('template', 'asset'),
    campaignId: ranIn,
    market: soldIn,
    path,
    alias: { takes: 'label', conditions: aliased } as Filter<'asset', string>,
    metadata,
    currentVersion,
    anyVersion,
    registered: within('registeredAt'),
    changed: within('changedAt'),
    among,
  },
  leftOut: { unless: ['statusIn', 'includeRetired'], but: { where: { status: { not: 'retired' } } } },
});

/** Every version, of any asset, with a content. */
export const holders = listOf({
  name: 'holders',
  projection: 'library',
  table: version,
  orders: { asset: 'asset' },
  usual: { by: 'asset', direction: 'asc' },
  filters: { digest: is('digest') },
});

/** Versions of an asset that were there at a moment. */
export const versions = listOf({
  name: 'versions',
  projection: 'library',
  table: version,
  orders: { number: 'version' },
  usual: { by: 'number', direction: 'desc' },
  filters: { assetId: idOf('asset', 'asset') },
});

/** Paths besides its own that lead to an asset. */
export const aliases = listOf({
  name: 'aliases',
  projection: 'library',
  table: alias,
  orders: { path: 'path' },
  usual: { by: 'path', direction: 'asc' },
  filters: { assetId: idOf('asset', 'asset') },
});
