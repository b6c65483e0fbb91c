import { type ComplianceRule, RIGHTS, type Ruling } from '../compliance';
import type { Context } from '../decider';
import { type Refusal, type RefusalCode, refuse } from '../refusal';
import { type Lineage, lineageOf } from '../rights/lineage';
import { mostSpecific, RULEBOOK, type Scope } from '../scope';
import type { Known } from '../standings';
import { streamOf } from '../stream';
import { rightsAsked } from './lineage';
import { fieldOf } from './material';
import type { Digest, Disclosure } from './parts';
import { endOf, type Found, type Licences, licencesOf, rightsFound } from './rights';
import { type AssetState, isBeforeVersion } from './state';

/** What is placed, where and when. */
export interface Place {
  readonly asset: string;
  readonly campaign: string;
  /** Undefined where what was seen is no version of the asset. */
  readonly version: number | undefined;
  readonly digest: Digest;
  readonly channel: string;
  readonly market?: string | undefined;
  readonly language?: string | undefined;
  /** Undefined for the moment of the act. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly disclosure?: Disclosure | undefined;
}

/** What the gate says to a placement: every reason against it, and what became of each rule that is in force. */
export interface Verdict {
  readonly closed: readonly Refusal[];
  /** Absent where no licence and no rule applies. */
  readonly rulings?: readonly Ruling[];
}

/** The most reasons that are told at once. */
const MOST_REASONS = 10;

/** Streams that the gate asks about. */
export function gateAsks(campaign: string, known: Known, state: AssetState): readonly string[] {
  return [streamOf('campaign', campaign), streamOf('rulebook', RULEBOOK), ...rightsAsked(state, known).streams];
}

/** Every reason against a placement: an act is refused for all of them, a report is marked with them. */
export function gate(place: Place, state: AssetState, context: Context): Verdict {
  const always = alwaysClosed(place, state, context);
  const rulings = rulingsOn(place, state, context);
  if (rulings.length === 0) return { closed: always };
  const judged = rulings.map((each) => judge(each, place, state, context));
  const closed = rulings.flatMap(({ found }, index) =>
    judged[index]!.outcome === 'blocked'
      ? found.map(({ code, message, path }) => refuse(code, message, [path]).refusal)
      : [],
  );
  return { closed: [...always, ...closed].slice(0, MOST_REASONS), rulings: judged };
}

/** What holds whatever rules there are, and cannot be waived. */
function alwaysClosed(place: Place, state: AssetState, context: Context): readonly Refusal[] {
  const { version } = place;
  const closed: Refusal[] = [];
  const close = (code: RefusalCode, path?: string) =>
    closed.push(refuse(code, undefined, path === undefined ? undefined : [path]).refusal);
  if (state.retired) close('ASSET_RETIRED');
  if (version === undefined) close('VERSION_NOT_FOUND', 'version');
  else if (isBeforeVersion(state, version, context)) close('BEFORE_VERSION', 'occurredAt');
  const approved = version !== undefined && state.approval?.version === version;
  if (!approved) close('NOT_APPROVED', 'version');
  const campaign = context.standing('campaign', place.campaign);
  if (campaign === undefined) close('CAMPAIGN_NOT_FOUND', 'campaign');
  else if (campaign.status !== 'launched') close('CAMPAIGN_NOT_OPEN', 'campaign');
  if (rightsAsked(state, context).cut) close('TOO_MANY_REFERENCES', 'version');
  return closed;
}

/** A rule in force, and what it found. */
interface Looked {
  readonly rule: string;
  readonly version: number;
  readonly warns: boolean;
  readonly found: readonly Found[];
}

/** What each rule in force finds, in the order of their ids. */
function rulingsOn(place: Place, state: AssetState, context: Context): readonly Looked[] {
  const lineage = lineageOf(state, context);
  const sides = licencesOf(place.asset, state, lineage, context);
  const { from = context.occurredAt, market: territory, channel, language } = place;
  const until = place.until ?? lastInstant(place.campaign, context);
  const rights = rightsFound(sides, { territory, channel, language, from, until });
  const looked = rights.map(
    ({ name, found }): Looked => ({ rule: `${RIGHTS}${name}`, version: 1, warns: false, found: [found] }),
  );
  const kept: Looked = { rule: `${RIGHTS}all`, version: 1, warns: false, found: [] };
  const own = sides.length === 0 || rights.length > 0 ? looked : [kept];
  const facts = { place, state, lineage, sides, context };
  const laidDown = rulesFor(place, state, context).map((rule): Looked => {
    const found = LOOKS[rule.check](rule, facts);
    return { rule: rule.id, version: rule.version, warns: rule.outcome === 'warn', found };
  });
  return [...own, ...laidDown].sort((one, other) => (one.rule < other.rule ? -1 : 1));
}

/** A placement that names no end runs at most until its campaign is over. */
function lastInstant(campaign: string, context: Context): string | undefined {
  const endsOn = context.standing('campaign', campaign)?.endsOn;
  return endsOn === undefined ? undefined : new Date(Date.parse(endsOn) + 86_400_000).toISOString();
}

function rulesFor(place: Place, state: AssetState, context: Context): readonly ComplianceRule[] {
  const entries = context.standing('rulebook', RULEBOOK)?.entries.filter(({ rules }) => rules !== undefined) ?? [];
  return entries.length === 0 ? [] : (mostSpecific(entries, scopeOf(place, state))?.rules ?? []);
}

/** What is placed is in the market of the placement. */
function scopeOf({ market }: Place, { kind, metadata }: AssetState): Scope {
  const brand = fieldOf(metadata, 'brand');
  return { kind, ...(brand?.type === 'text' && { brand: brand.value }), ...(market !== undefined && { market }) };
}

interface Facts {
  readonly place: Place;
  readonly state: AssetState;
  readonly lineage: Lineage;
  readonly sides: readonly Licences[];
  readonly context: Context;
}

type Looking = (rule: ComplianceRule, facts: Facts) => readonly Found[];

const found = (code: RefusalCode, { id, text }: ComplianceRule, what: string, path = 'version'): readonly Found[] => [
  { code, message: `Rule ${id}: ${what} (${text})`, path },
];

const LOOKS: { readonly [C in ComplianceRule['check']]: Looking } = {
  licenceNeeded: (rule, { state }) =>
    state.licences.length > 0 ? [] : found('LICENCE_MISSING', rule, 'no licence covers the asset.'),
  releaseNeeded: (rule, { sides }) => {
    const silent = sides.some(({ licences }) =>
      licences.some(({ terms }) => terms.modelRelease === undefined || terms.propertyRelease === undefined),
    );
    return silent ? found('RELEASE_MISSING', rule, 'a licence does not say whether releases are needed.') : [];
  },
  metadataNeeded: (rule, { state }) => {
    const missing = (rule.fields ?? []).filter((name) => fieldOf(state.metadata, name) === undefined);
    return missing.length === 0 ? [] : found('METADATA_MISSING', rule, `the asset lacks ${missing.join(', ')}.`);
  },
  aiDisclosed: (rule, { place, state, lineage, context }) => {
    if (place.disclosure !== undefined) return [];
    const own = place.version !== undefined && state.aiMade.includes(place.version);
    const part = lineage.origins.find(({ asset, version }) =>
      context.standing('asset', asset)?.aiMade.includes(version),
    );
    if (!own && part === undefined) return [];
    const what = own ? 'AI took part in it' : `AI took part in ${streamOf('asset', part!.asset)}, which is in it`;
    return found('AI_NOT_DISCLOSED', rule, `${what}, and the placement does not disclose it.`, 'disclosure');
  },
  partsApproved: (rule, { lineage, context }) => {
    const open = lineage.origins.filter(
      ({ asset, version }) => context.standing('asset', asset)?.approval?.version !== version,
    );
    const names = open
      .slice(0, 3)
      .map(({ asset, version, as }) => `${as} ${streamOf('asset', asset)} version ${version}`);
    return open.length === 0 ? [] : found('PART_NOT_APPROVED', rule, `${names.join(', ')} has no live approval.`);
  },
  rightsEndSoon: (rule, { place, sides, context }) => {
    const end = endOf(sides);
    const from = Date.parse(place.from ?? context.occurredAt);
    if (end === undefined || Date.parse(end) - from > (rule.days ?? 0) * 86_400_000) return [];
    return found('RIGHTS_END_SOON', rule, `the rights end at ${end}.`);
  },
};

/** A broken rule warns, or blocks unless somebody has waived it for exactly this content. */
function judge(
  { rule, version, warns, found: all }: Looked,
  place: Place,
  state: AssetState,
  context: Context,
): Ruling {
  if (all.length === 0) return { rule, version, outcome: 'passed' };
  const codes = [...new Set(all.map(({ code }) => code))];
  if (warns) return { rule, version, outcome: 'warned', codes };
  const waiver = state.waivers.find(
    ({ digest, rules, until }) => digest === place.digest && rules.includes(rule) && context.occurredAt < until,
  );
  if (waiver === undefined) return { rule, version, outcome: 'blocked', codes };
  return { rule, version, outcome: 'waived', codes, waiver: waiver.waiver };
}
