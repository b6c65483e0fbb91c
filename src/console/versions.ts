import { fill, h, hidden } from './dom';
import { pictureOf } from './picture';
import type { AssetDetail, LedgerEntry, VersionFacts } from './questions';
import { nameOf } from './questions';
import { moment, size, word } from './words';

export interface Chosen {
  readonly left: number;
  readonly right: number;
}

/** Two versions side by side, each selectable from all; only one if there is only one. */
export function sideBySide(
  asset: AssetDetail,
  chosen: Partial<Chosen>,
  onChoose: (chosen: Chosen) => void,
): HTMLElement {
  const { nodes } = asset.versions;
  const [current] = nodes;
  if (current === undefined) return h('p', { class: 'empty' }, 'There is no content yet.');
  const known = (number: number | undefined, otherwise: number): number =>
    nodes.some((each) => each.number === number) ? number! : otherwise;
  const right = known(chosen.right, current.number);
  const left = known(chosen.left, nodes.find(({ number }) => number < right)?.number ?? right);
  if (nodes.length === 1) return h('div', { class: 'pair' }, column(asset, current));
  const choose = (side: keyof Chosen) => (number: number) => onChoose({ left, right, [side]: number });
  const of = (number: number): VersionFacts => nodes.find((each) => each.number === number)!;
  return h(
    'div',
    { class: 'pair' },
    column(asset, of(left), { side: 'left', label: 'Left version', choose: choose('left') }),
    column(asset, of(right), { side: 'right', label: 'Right version', choose: choose('right') }),
  );
}

interface Choosing {
  readonly side: string;
  readonly label: string;
  readonly choose: (number: number) => void;
}

function column(asset: AssetDetail, version: VersionFacts, choosing?: Choosing): HTMLElement {
  const { number, digest, bytes, mediaType, width, height, note, occurredAt, author, madeWith } = version;
  const tool = [madeWith.tool, madeWith.toolVersion].filter(Boolean).join(' ');
  const ai = madeWith.ai === 'NONE' ? [] : [['AI', word(madeWith.ai)] as const];
  const rows: readonly (readonly [string, string | HTMLElement])[] = [
    ['Made by', nameOf(author)],
    ['When', moment(occurredAt)],
    ['With', tool],
    ...ai,
    ['Type', mediaType],
    ['Size', [width && height ? `${width} × ${height}` : '', size(bytes)].filter(Boolean).join(', ')],
    ...(note === null ? [] : [['Note', note] as const]),
    ...saidInFile(version),
    ['SHA-256', h('code', { title: digest }, `${digest.slice(0, 12)}…`)],
  ];
  return h(
    'figure',
    { class: 'version' },
    h('div', { class: 'frame large' }, pictureOf(asset, version)),
    h(
      'figcaption',
      {},
      h('div', { class: 'which' }, selector(asset, version, choosing), verdict(asset, number), saving(version)),
      h('dl', {}, ...rows.flatMap(([term, said]) => [h('dt', {}, term), h('dd', {}, said)])),
    ),
  );
}

/** What the bytes say of themselves, apart from what people said. */
function saidInFile({ content: { facts } }: VersionFacts): readonly (readonly [string, string])[] {
  if (!facts) return [];
  const { creator, credit, copyright, usageTerms, digitalSource, aiSystem, c2pa, animated } = facts;
  const words = [creator, credit, copyright, usageTerms, digitalSource, aiSystem].filter(Boolean).join(' · ');
  const marks = [animated ? 'animated' : '', c2pa ? 'C2PA manifest, not verified' : ''].filter(Boolean).join(', ');
  return [
    ...(words === '' ? [] : [['In the file', words] as const]),
    ...(marks === '' ? [] : [['Marks', marks] as const]),
  ];
}

function saving({ content: { url }, number }: VersionFacts): HTMLElement | undefined {
  if (!url) return undefined;
  return h('a', { href: url, download: '' }, 'Download', hidden(` version ${number}`));
}

function selector({ versions }: AssetDetail, { number }: VersionFacts, choosing: Choosing | undefined): HTMLElement {
  if (choosing === undefined) return h('strong', {}, `Version ${number}`);
  const { side, label, choose } = choosing;
  const select = h(
    'select',
    { id: `version-${side}`, 'aria-label': label },
    ...versions.nodes.map((each) => h('option', { value: each.number }, `Version ${each.number}`)),
  );
  select.value = String(number);
  select.addEventListener('change', () => choose(Number(select.value)));
  return select;
}

/** The state of a version in the ledger, as one word. */
function verdict({ approvals }: AssetDetail, number: number): HTMLElement | undefined {
  const about = approvals.nodes.filter(({ version }) => version === number);
  const approval = about.find(({ __typename }) => __typename === 'Approval');
  if (approval !== undefined) {
    return approval.live
      ? h('span', { class: 'badge APPROVED' }, 'Approved')
      : h('span', { class: 'badge' }, `Approved until ${moment(approval.lapse!.occurredAt)}`);
  }
  const [decision] = about as readonly (LedgerEntry | undefined)[];
  return decision?.decision === undefined ? undefined : h('span', { class: 'badge' }, word(decision.decision));
}

/** Shows both, and keeps the focus on the selected choice. */
export function showPair(place: Element, pair: HTMLElement): void {
  const focused = document.activeElement?.id;
  fill(place, pair);
  if (focused?.startsWith('version-')) document.getElementById(focused)?.focus();
}
