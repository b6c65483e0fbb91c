import { adder } from './adding';
import { ask, lastWritten, NotAnswered } from './api';
import { fill, h, hidden } from './dom';
import { pictureOf } from './picture';
import { assetPlace, hrefOf, ORDERS, type Place } from './place';
import { type Card, LIBRARY, type Library, pointOf } from './questions';
import { counted, day, KINDS, moment, STATUSES, word } from './words';

const PAGE = 40;

export interface View {
  readonly element: HTMLElement;
  /** Shows a place; resolves when it is rendered. */
  show(place: Place): Promise<void>;
}

/** The library: the search, and a card for each asset. */
export function library(go: (place: Place, replace?: boolean) => void): View {
  let place: Place;
  let asking = new AbortController();
  let cursor: string | null = null;
  const words = h('input', { type: 'search', id: 'words', autocomplete: 'off', placeholder: 'Words of a title' });
  const status = choice('status', 'Any status', STATUSES);
  const kind = choice('kind', 'Any kind', KINDS);
  const order = h('select', { id: 'order' }, ...ORDERS.map((each) => h('option', { value: each }, ORDER_WORDS[each])));
  const told = h('p', { id: 'told', role: 'status' });
  const cards = h('ul', { class: 'cards' });
  const more = h('button', { type: 'button', class: 'more', hidden: true, onclick: () => void next() }, 'Show more');
  const title = h('h1', { tabindex: -1 }, 'Library');

  let later: number | undefined;
  words.addEventListener('input', () => {
    clearTimeout(later);
    later = setTimeout(() => go({ ...place, words: words.value }, true), 150);
  });
  for (const [name, element] of Object.entries({ status, kind, order })) {
    element.addEventListener('change', () => go({ ...place, [name]: element.value }, true));
  }

  const adding = adder(() => void show(place));

  const load = async (after: string | null): Promise<Library['assets']> => {
    asking.abort();
    asking = new AbortController();
    const variables = { ...questionOf(place), first: PAGE, after, waitFor: lastWritten() };
    const { assets, viewer } = await ask<Library>(LIBRARY, variables, asking.signal);
    adding.element.hidden = !viewer.may.assetRegister || place.at !== undefined;
    return assets;
  };
  const add = ({ nodes, pageInfo }: Library['assets']): void => {
    cards.append(...nodes.map((asset) => h('li', {}, card(asset, place))));
    cursor = pageInfo.endCursor;
    more.hidden = !pageInfo.hasNextPage;
  };
  const next = async (): Promise<void> => {
    const before = cards.children.length;
    try {
      add(await load(cursor));
      cards.children[before]?.querySelector('a')?.focus();
    } catch (error) {
      tell(told, error);
    }
  };
  const show = async (asked: Place): Promise<void> => {
    place = asked;
    if (document.activeElement !== words) words.value = place.words;
    [status.value, kind.value, order.value] = [place.status, place.kind, place.order];
    cards.setAttribute('aria-busy', 'true');
    try {
      const assets = await load(null);
      const when = place.at === undefined ? '' : `, as of ${moment(place.at)}`;
      fill(told, `${counted(assets.totalCount, 'asset')}${when}`);
      fill(cards);
      add(assets);
    } catch (error) {
      tell(told, error);
    }
    cards.removeAttribute('aria-busy');
  };
  const form = h(
    'form',
    { class: 'search', role: 'search', onsubmit: (event) => event.preventDefault() },
    h('label', { for: 'words' }, hidden('Search'), words),
    h('label', { for: 'status' }, hidden('Status'), status),
    h('label', { for: 'kind' }, hidden('Kind'), kind),
    h('label', { for: 'order' }, hidden('Order'), order),
  );
  return {
    element: h(
      'div',
      { class: 'library' },
      h('div', { class: 'heading' }, title, told, adding.element),
      form,
      cards,
      more,
    ),
    show,
  };
}

const ORDER_WORDS = { CHANGED: 'Last changed', REGISTERED: 'Newest', TITLE: 'By title' } as const;

function choice(id: string, any: string, names: readonly string[]): HTMLSelectElement {
  return h(
    'select',
    { id },
    h('option', { value: '' }, any),
    ...names.map((name) => h('option', { value: name }, word(name))),
  );
}

function questionOf({ words, status, kind, order, at }: Place): object {
  const filter = {
    ...(/[\p{L}\p{N}]/u.test(words) ? { titleMatches: words } : {}),
    ...(status === '' ? {} : { statusIn: [status] }),
    ...(kind === '' ? {} : { kindIn: [kind] }),
  };
  return { filter, orderBy: { by: order, direction: order === 'TITLE' ? 'ASC' : 'DESC' }, at: pointOf(at) };
}

function card(asset: Card, place: Place): HTMLElement {
  const { id, title, kind, status, versionCount, livePlacements, currentVersion, changedAt } = asset;
  const facts = [
    kind === 'IMAGE' ? '' : word(kind),
    counted(versionCount, 'version'),
    ...(livePlacements > 0 ? [`live in ${counted(livePlacements, 'place')}`] : []),
    day(changedAt),
  ];
  return h(
    'a',
    { class: 'card', href: hrefOf(assetPlace(place, id)) },
    h('span', { class: 'frame' }, pictureOf(asset, currentVersion)),
    h('span', { class: 'title' }, title),
    h('span', { class: `badge ${status}` }, word(status)),
    h('span', { class: 'facts' }, facts.filter((fact) => fact !== '').join(' · ')),
  );
}

/** Shows an error in place of the answer, except when a newer query aborted this one. */
export function tell(place: Element, error: unknown): void {
  if ((error as Error).name === 'AbortError') return;
  if (!(error instanceof NotAnswered)) throw error;
  fill(place, h('span', { class: 'wrong' }, error.message));
}
