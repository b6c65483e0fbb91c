import { ask, choosePersona, everyPersona, persona } from './api';
import { assetView } from './asset';
import { fill, h, hidden } from './dom';
import { library } from './library';
import { hrefOf, type Place, placeOf } from './place';
import { BEGINNING, type Beginning } from './questions';
import { timeBar } from './timebar';

/** The page: its address determines what is shown; links, the slider and the fields change the address. */
const main = document.querySelector('main')!;
const bar = timeBar((at) => go({ ...placeOf(location), at }, true));
const list = library(go);
const asset = assetView(go);

function go(place: Place, replace = false): void {
  const there = hrefOf(place);
  if (replace) history.replaceState({}, '', there);
  else history.pushState({}, '', there);
  void show();
}

async function show(): Promise<void> {
  const place = placeOf(location);
  const view = place.asset === undefined ? list : asset;
  const isOther = view.element.parentElement !== main;
  if (isOther) fill(main, view.element);
  bar.show(place.at);
  if (place.asset === undefined) document.title = 'Library – Palimpsest';
  await view.show(place);
  // The library keeps its scroll position; any other view opens at its top.
  if (isOther && place.asset !== undefined) scrollTo(0, 0);
  document.documentElement.dataset.shown = hrefOf(place);
}

function who(): HTMLElement {
  const select = h(
    'select',
    { id: 'persona' },
    ...everyPersona().map(({ role }) => h('option', { value: role }, role)),
  );
  select.value = persona()?.role ?? '';
  select.addEventListener('change', () => {
    choosePersona(select.value);
    select.title = persona()?.meaning ?? '';
    void show();
  });
  select.title = persona()?.meaning ?? '';
  return h('label', { for: 'persona', class: 'persona' }, hidden('You are'), select);
}

/** Links within the page are followed here, others by the browser. */
document.addEventListener('click', (event) => {
  const link = (event.target as Element).closest('a');
  const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (link === null || !plain || link.origin !== location.origin || !/^\/assets(\/|$)/.test(link.pathname)) return;
  if (link.hasAttribute('download') || link.hash !== '') return;
  event.preventDefault();
  history.pushState({}, '', link.href);
  void show();
});
addEventListener('popstate', () => void show());

document.querySelector('#tools')!.append(who());
document.querySelector('#time')!.append(bar.element);
void ask<Beginning>(BEGINNING).then(
  ({ history: { nodes } }) => {
    const [first] = nodes;
    if (first !== undefined) bar.begin(Date.parse(first.occurredAt));
    bar.show(placeOf(location).at);
  },
  // The library shows the error itself.
  () => undefined,
);
void show();
