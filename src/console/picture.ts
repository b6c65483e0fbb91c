import { h } from './dom';
import type { VersionFacts } from './questions';
import { word } from './words';

/** A hue for each asset, to distinguish those without a picture. */
function hueOf(id: string): number {
  let sum = 7;
  for (const character of id.replace(/@.*$/, '')) sum = (sum * 31 + character.charCodeAt(0)) % 360;
  return sum;
}

/** A picture of a version, or its kind in words if it cannot be drawn. The text beside it says the same. */
export function pictureOf({ id, kind }: Pictured, version: Shown | null): HTMLElement {
  if (version === null) return standIn(id, kind, 'no content yet');
  const type = version.mediaType.split(';')[0]!;
  if (!type.startsWith('image/') && type !== 'application/pdf') return standIn(id, kind, type);
  return h('img', { src: version.content.thumbnail.url, alt: '', loading: 'lazy', decoding: 'async' });
}

interface Pictured {
  readonly id: string;
  readonly kind: string;
}
type Shown = Pick<VersionFacts, 'mediaType' | 'content'>;

/** The replacement for missing content: the kind in words, on a colour of the asset. */
function standIn(id: string, kind: string, what: string): HTMLElement {
  const element = h('span', { class: 'standin', 'aria-hidden': 'true' }, h('b', {}, word(kind)), h('span', {}, what));
  element.style.setProperty('--hue', String(hueOf(id)));
  return element;
}
