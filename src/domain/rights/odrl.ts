import { type Terms, USES, type UseWord } from './terms';
import { WORLDWIDE } from './territories';

/** Our own words beside those of ODRL: channels, groups of countries, embargo, releases, training of AI. */
const PROFILE = 'https://palimpsest.invalid/odrl/1';
const CONTEXT = 'http://www.w3.org/ns/odrl.jsonld';

type Json = Readonly<Record<string, unknown>>;

interface Constraint {
  readonly leftOperand: string;
  readonly operator: string;
  readonly rightOperand: unknown;
}

/** A licence as ODRL 2.2 in JSON-LD: one agreement with one permission. */
export function toOdrl(licence: string, holder: string, terms: Terms): Json {
  const { allowed, forbidden = [], credit, aiTraining, modelRelease, propertyRelease } = terms;
  const ai = { action: 'plp:aiTraining' };
  return {
    '@context': [CONTEXT, { plp: `${PROFILE}#` }],
    '@type': 'Agreement',
    uid: `urn:uuid:${licence}`,
    profile: PROFILE,
    conflict: 'prohibit',
    ...(modelRelease !== undefined && { 'plp:modelRelease': modelRelease }),
    ...(propertyRelease !== undefined && { 'plp:propertyRelease': propertyRelease }),
    permission: [
      {
        target: { '@type': 'AssetCollection', source: `licence-${licence}` },
        assigner: holder,
        action: allowed,
        constraint: constraintsOf(terms),
        ...(credit !== undefined && { duty: [{ action: 'attribute', 'plp:credit': credit }] }),
      },
      ...(aiTraining === 'allowed' ? [ai] : []),
    ],
    prohibition: [
      ...(forbidden.length > 0 ? [{ action: forbidden }] : []),
      ...(aiTraining === 'prohibited' ? [ai] : []),
    ],
  };
}

function constraintsOf(terms: Terms): readonly Constraint[] {
  const { territories, exceptTerritories, channels, languages, from, until, embargoUntil, maximumUses } = terms;
  const worldwide = territories.includes(WORLDWIDE);
  const all: readonly (Constraint | undefined)[] = [
    worldwide ? undefined : { leftOperand: 'spatial', operator: 'isAnyOf', rightOperand: territories },
    said(exceptTerritories, 'spatial', 'isNoneOf'),
    said(channels, 'deliveryChannel', 'isAnyOf'),
    said(languages, 'language', 'isAnyOf'),
    said(from, 'dateTime', 'gteq'),
    said(until, 'dateTime', 'lt'),
    said(embargoUntil, 'plp:embargo', 'gteq'),
    said(maximumUses, 'count', 'lteq'),
  ];
  return all.filter((constraint) => constraint !== undefined);
}

function said(value: unknown, leftOperand: string, operator: string): Constraint | undefined {
  return value === undefined ? undefined : { leftOperand, operator, rightOperand: value };
}

/** The most things that are named as not understood. */
export const MOST_NOTES = 100;

/** What of a policy is understood. What is not permits nothing, and is named. */
export interface Understood {
  readonly holder: string | undefined;
  readonly terms: Terms;
  readonly notUnderstood: readonly string[];
}

/** Undefined where the text is no ODRL policy in JSON. */
export function fromOdrl(text: string): Understood | undefined {
  const policy = parsed(text);
  if (policy === undefined) return undefined;
  const notes: string[] = [];
  const training = new Map<string, 'allowed' | 'prohibited'>();
  const permissions = listOf(policy.permission).filter((rule) => !isTraining(rule, 'allowed', training));
  const prohibitions = listOf(policy.prohibition).filter((rule) => !isTraining(rule, 'prohibited', training));
  const permitted = permissions.flatMap((rule, index) => permissionOf(rule, `permission ${index}`, notes));
  const [first, ...others] = permitted;
  for (const other of others) {
    if (first !== undefined && JSON.stringify(other.limits) === JSON.stringify(first.limits)) continue;
    notes.push('a permission with other constraints: import it as a licence of its own');
  }
  const same = permitted.filter(({ limits }) => JSON.stringify(limits) === JSON.stringify(first?.limits));
  const forbidden = new Set(prohibitions.flatMap((rule) => actionsOf(rule)).filter(isUse));
  const closed = closedBy(policy, prohibitions, notes);
  const allowed = closed
    ? []
    : [...new Set(same.flatMap(({ actions }) => actions))].filter((use) => !forbidden.has(use));
  const releases = { modelRelease: policy['plp:modelRelease'], propertyRelease: policy['plp:propertyRelease'] };
  const terms = present({
    territories: [WORLDWIDE],
    ...first?.limits,
    ...releases,
    allowed,
    forbidden: forbidden.size === 0 ? undefined : [...forbidden],
    aiTraining: training.get('plp:aiTraining'),
  });
  return {
    holder: holderIn(policy, permissions),
    terms: terms as unknown as Terms,
    notUnderstood: [...new Set(notes)].slice(0, MOST_NOTES),
  };
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isPolicy = typeof value === 'object' && value !== null && !Array.isArray(value) && 'permission' in value;
    return isPolicy ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

function listOf(value: unknown): readonly Json[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return all.map((each) => (typeof each === 'object' && each !== null ? (each as Json) : {}));
}

const isUse = (action: string): action is UseWord => (USES as readonly string[]).includes(action);

function actionsOf({ action }: Json): readonly string[] {
  const all: readonly unknown[] = Array.isArray(action) ? action : [action];
  return all.map((each) => (typeof each === 'string' ? each.replace(/^odrl:/, '') : '?'));
}

function isTraining(rule: Json, word: 'allowed' | 'prohibited', found: Map<string, 'allowed' | 'prohibited'>): boolean {
  const [action, ...more] = actionsOf(rule);
  if (action !== 'plp:aiTraining' || more.length > 0) return false;
  // Who forbids it and allows it forbids it.
  if (found.get(action) !== 'prohibited') found.set(action, word);
  return true;
}

/** Members of a policy and of a rule that limit nothing. */
const HARMLESS = ['@context', '@type', 'type', 'uid', 'profile', 'conflict', 'assigner', 'assignee', 'target'];
const OF_POLICY = [...HARMLESS, 'permission', 'prohibition', 'plp:modelRelease', 'plp:propertyRelease'];
const OF_PERMISSION = [...HARMLESS, 'action', 'constraint', 'duty'];

/** A prohibition or a duty of the whole policy that is not understood could forbid anything. */
function closedBy(policy: Json, prohibitions: readonly Json[], notes: string[]): boolean {
  const unknown = [
    ...Object.keys(policy).filter((name) => !OF_POLICY.includes(name)),
    ...prohibitions.flatMap((rule) =>
      actionsOf(rule)
        .filter((action) => !isUse(action))
        .map((action) => `prohibition of ${action}`),
    ),
  ];
  notes.push(...unknown.map((each) => `${each}: so the whole policy permits nothing`));
  return unknown.length > 0;
}

interface Permitted {
  readonly actions: readonly UseWord[];
  readonly limits: Partial<Terms>;
}

function permissionOf(rule: Json, name: string, notes: string[]): readonly Permitted[] {
  const before = notes.length;
  notes.push(
    ...Object.keys(rule)
      .filter((each) => !OF_PERMISSION.includes(each))
      .map((each) => `${name}: ${each}`),
  );
  const limits: Record<string, unknown> = {};
  for (const constraint of listOf(rule.constraint)) take(constraint, limits, name, notes);
  for (const duty of listOf(rule.duty)) {
    const credit = duty['plp:credit'];
    if (actionsOf(duty).join() === 'attribute' && typeof credit === 'string') limits.credit = credit;
    else notes.push(`${name}: duty ${actionsOf(duty).join(', ')}`);
  }
  if (notes.length > before) return [];
  const actions = actionsOf(rule);
  notes.push(...actions.filter((action) => !isUse(action)).map((action) => `${name}: action ${action}`));
  return [{ actions: actions.filter(isUse), limits: limits as Partial<Terms> }];
}

const TERM_OF: Readonly<Record<string, keyof Terms>> = {
  'spatial isAnyOf': 'territories',
  'spatial isNoneOf': 'exceptTerritories',
  'deliveryChannel isAnyOf': 'channels',
  'language isAnyOf': 'languages',
  'dateTime gteq': 'from',
  'dateTime lt': 'until',
  'plp:embargo gteq': 'embargoUntil',
  'count lteq': 'maximumUses',
};
const LISTS: readonly string[] = ['territories', 'exceptTerritories', 'channels', 'languages'];
const KNOWN = ['leftOperand', 'operator', 'rightOperand', '@type', 'uid'];

function take(constraint: Json, limits: Record<string, unknown>, name: string, notes: string[]): void {
  const { leftOperand, operator, rightOperand } = constraint;
  const words = [leftOperand, operator].map((word) => String(word).replace(/^odrl:/, '')).join(' ');
  const term = TERM_OF[words];
  const more = Object.keys(constraint).some((each) => !KNOWN.includes(each));
  if (term === undefined || more || term in limits) {
    notes.push(`${name}: constraint ${words}`);
    return;
  }
  const value = unwrapped(rightOperand);
  limits[term] = LISTS.includes(term) && !Array.isArray(value) ? [value] : value;
}

/** Values of JSON-LD may be wrapped: `{ "@value": "2026-01-01T00:00:00Z", "@type": "xsd:dateTime" }`. */
function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  const inner = typeof value === 'object' && value !== null ? (value as Json)['@value'] : value;
  const isInstant = typeof inner === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(inner) && !Number.isNaN(Date.parse(inner));
  return isInstant ? new Date(Date.parse(inner)).toISOString() : inner;
}

function holderIn(policy: Json, permissions: readonly Json[]): string | undefined {
  const named = [policy.assigner, ...permissions.map(({ assigner }) => assigner)].map((each) =>
    typeof each === 'object' && each !== null ? (each as Json).uid : each,
  );
  return named.find((each) => typeof each === 'string');
}

function present(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
