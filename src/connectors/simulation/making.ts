import { hash } from 'node:crypto';
import type { RegisterAsset } from '../../domain/asset/commands';
import type { MadeWith, MetadataValue, VersionContent } from '../../domain/asset/parts';
import type { Actor } from '../../domain/event';
import type { AssetKind } from '../../domain/kinds';
import { type Motif, motif } from './motif';
import type { Organisation, Source } from './organisation';
import type { Random } from './random';
import { BRANDS, type Brand, CRAFTS, type Craft, MARKETS, MOODS, TEMPLATE, THEMES } from './vocabulary';

type Registration = Omit<RegisterAsset, 'asset' | 'content'>;

/** The plan for an asset: what it will be and who works on it. */
export interface Conception {
  readonly id: string;
  readonly kind: AssetKind;
  readonly craft: Craft;
  readonly brand: Brand;
  readonly product: string;
  readonly theme: string;
  readonly market: string;
  readonly author: Actor;
  readonly manager: Actor;
  readonly tool: string;
  readonly toolVersion: string;
  /** How far AI is involved in making it. */
  readonly ai: MadeWith['ai'];
  readonly registration: Registration;
  /** Set if other assets will be made from it; `among` is the list in which they look for it. */
  readonly remembered: Source | undefined;
  readonly among: Source[];
}

const CRAFT_WEIGHTS = CRAFTS.map((craft) => craft.weight);
/** One asset in this many is a template, and so are the first few of a year. */
const TEMPLATES = 40;

export function conceive(organisation: Organisation, random: Random, index: number, start: number): Conception {
  const isTemplate = index % TEMPLATES === 0;
  const craft = isTemplate ? TEMPLATE : CRAFTS[random.weighted(CRAFT_WEIGHTS)]!;
  const template = !isTemplate && random.chance(0.3) ? pickOf(organisation.templates, random) : undefined;
  const parent =
    !isTemplate && template === undefined && random.chance(0.28) ? pickOf(organisation.masters, random) : undefined;
  const brand = parent?.brand ?? template?.brand ?? random.pick(BRANDS);
  const product = parent?.product ?? random.pick(brand.products);
  const theme = parent?.theme ?? random.pick(THEMES);
  const market = random.pick(MARKETS);
  const mood = random.pick(MOODS);
  const id = organisation.id(`asset ${index}`);
  const [tool, toolVersion] = random.pick(craft.tools);
  const source: Source = { id, brand, product, theme, versions: 1 };
  const isMaster = parent === undefined && template === undefined && random.chance(0.4);
  return {
    id,
    kind: craft.kind,
    craft,
    brand,
    product,
    theme,
    market,
    ...staff(organisation, random),
    tool,
    toolVersion,
    ai: involvement(organisation, random, start),
    registration: {
      type: 'RegisterAsset',
      kind: craft.kind,
      title: `${product} – ${theme}, ${mood.toLowerCase()} ${random.pick(craft.formats)} ${market}`,
      tags: [brand.name.toLowerCase(), slug(theme), market, mood.toLowerCase()].slice(0, random.whole(2, 4)),
      derivedFrom: parent === undefined ? undefined : [{ asset: parent.id, version: parent.versions }],
      template: template === undefined ? undefined : { asset: template.id, version: template.versions },
    },
    remembered: isTemplate || isMaster ? source : undefined,
    among: isTemplate ? organisation.templates : organisation.masters,
  };
}

function staff(organisation: Organisation, random: Random): { author: Actor; manager: Actor } {
  const maker = random.pick(organisation.makers);
  const byAgent = random.chance(0.04);
  const author: Actor = byAgent ? { id: 'agent-layout', kind: 'agent', onBehalfOf: maker.id } : maker;
  return { author, manager: random.pick(organisation.managers) };
}

/** AI involvement grows a little every month. */
function involvement(organisation: Organisation, random: Random, start: number): MadeWith['ai'] {
  const passed = organisation.calendar.dayOf(start) / 365;
  const words = ['none', 'assisted', 'generated'] as const;
  return words[random.weighted([70 - 25 * passed, 22 + 13 * passed, 8 + 12 * passed])]!;
}

/** Kinds whose versions are drawn where pictures are taken. */
const DRAWN: readonly AssetKind[] = ['image', 'template', 'design'];
const USUAL_SIZE = [1_080, 1_080] as const;

/** The content of the next version: a picture where those are taken, else its digest is a random number. */
export function draw(organisation: Organisation, idea: Conception, random: Random, version: number): VersionContent {
  const imagined = imagine(organisation, idea, random, version);
  if (!DRAWN.includes(idea.kind)) return imagined;
  const { id, brand, product, theme } = idea;
  return drawn(organisation, imagined, { id, version, brand: brand.name, product, theme });
}

/** The imagined content with a picture of its own where pictures are taken. */
export function drawn(organisation: Organisation, imagined: VersionContent, of: Omit<Motif, 'width' | 'height'>) {
  if (organisation.pictures === undefined) return imagined;
  const { width = USUAL_SIZE[0], height = USUAL_SIZE[1] } = imagined;
  const bytes = motif({ ...of, width, height });
  const digest = hash('sha256', bytes, 'hex');
  organisation.pictures(digest, bytes);
  return { ...imagined, digest, bytes: bytes.length, mediaType: 'image/svg+xml', width, height };
}

function imagine(organisation: Organisation, idea: Conception, random: Random, version: number): VersionContent {
  const { craft, tool, toolVersion, ai } = idea;
  const size = craft.sizes === undefined ? undefined : random.pick(craft.sizes);
  const [least, most] = craft.bytes;
  const helper = random.chance(0.15) ? random.pick(organisation.makers).id : undefined;
  return {
    digest: random.hex(64),
    bytes: Math.round(least * (most / least) ** random.next()),
    mediaType: random.pick(craft.mediaTypes),
    width: size?.[0],
    height: size?.[1],
    note: version > 1 && random.chance(0.4) ? random.pick(NOTES) : undefined,
    madeWith: { tool, toolVersion, ai, system: ai === 'none' ? undefined : random.pick(craft.systems) },
    contributors: helper === undefined || helper === idea.author.id ? undefined : [helper],
  };
}

const NOTES = [
  'logo moved to the safe area',
  'brighter background',
  'new claim from legal',
  'shorter text',
  'colours checked for print',
  'subtitle added',
  'price updated',
];

/** Metadata that is added about the asset later; an approval covers some of it. */
export function fields(idea: Conception, random: Random, nth: number): { set: { [name: string]: MetadataValue } } {
  const set: { [name: string]: MetadataValue } = {
    territory: { type: 'text', value: idea.market, material: false },
    [`round ${nth}`]: { type: 'number', value: random.whole(1, 900), material: false },
  };
  if (random.chance(0.5))
    set.claim = { type: 'text', value: `${idea.brand.name} claim ${random.whole(1, 60)}`, material: true };
  if (random.chance(0.3)) set.validUntil = { type: 'date', value: `2027-0${random.whole(1, 9)}-15`, material: true };
  return { set };
}

function pickOf(sources: readonly Source[], random: Random): Source | undefined {
  return sources.length === 0 ? undefined : random.pick(sources);
}

function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
