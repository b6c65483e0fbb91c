import { h } from './dom';
import { word } from './words';

/** A hue for each asset, so that those without a picture are told apart. */
function hueOf(id: string): number {
  let sum = 7;
  for (const character of id.replace(/@.*$/, '')) sum = (sum * 31 + character.charCodeAt(0)) % 360;
  return sum;
}

/** What stands where there is no picture: the kind in words, on a colour of the asset's own. */
export function standIn(id: string, kind: string, what: string): HTMLElement {
  const element = h('span', { class: 'standin', 'aria-hidden': 'true' }, h('b', {}, word(kind)), h('span', {}, what));
  element.style.setProperty('--hue', String(hueOf(id)));
  return element;
}
