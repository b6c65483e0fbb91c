import { type Picture, shown } from './picture';
import type { RootElement } from './xml';

const NAMESPACE = 'http://www.w3.org/2000/svg';
/** Lengths in CSS pixels. Units that depend on a font or a window differ between viewers. */
const UNITS: Readonly<Record<string, number>> = {
  ...{ '': 1, px: 1, in: 96, cm: 96 / 2.54, mm: 96 / 25.4, q: 96 / 101.6, pt: 96 / 72, pc: 16 },
};
const NUMBER = '[+-]?(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:[eE][+-]?\\d+)?';
const LENGTH = new RegExp(`^(${NUMBER})(%|[a-zA-Z]{0,4})$`);
const WHOLE_NUMBER = new RegExp(`^${NUMBER}$`);
const LONGEST = 200;

/** One side: a number of pixels, `auto`, or 100 % (`whole`). */
type Side = number | 'auto' | 'whole';

/**
 * The size at which a standalone drawing is shown: its width and height, or its view box if they are missing. Undefined
 * if viewers would disagree.
 */
export function svgPicture({ name, attributes }: RootElement): Picture | undefined {
  const [prefix, local] = name.includes(':') ? name.split(':') : [undefined, name];
  const namespace = attributes.get(prefix === undefined ? 'xmlns' : `xmlns:${prefix}`);
  if (local !== 'svg' || namespace !== NAMESPACE) return undefined;
  const style = styleOf(attributes.get('style'));
  const [width, height] = [sideOf('width', attributes, style), sideOf('height', attributes, style)];
  if (style === undefined || width === undefined || height === undefined) return undefined;
  if (typeof width === 'number' && typeof height === 'number') return rounded(width, height);
  const box = viewBoxIn(attributes.get('viewBox'));
  if (box === undefined || isStretched(attributes)) return undefined;
  if (typeof width === 'number') return byRatio(width, box.height * (width / box.width), height, box.height);
  if (typeof height === 'number') return swapped(byRatio(height, box.width * (height / box.height), width, box.width));
  return rounded(box.width, box.height);
}

/** With this attribute the drawing is stretched to any ratio, so the view box does not determine a missing side. */
function isStretched(attributes: ReadonlyMap<string, string>): boolean {
  return /^[\t\n\f\r ]*none(?![^\t\n\f\r ])/.test(attributes.get('preserveAspectRatio') ?? '');
}

/**
 * One side is given. Viewers disagree on a side of 100 %: some use the view box, others derive it from the other side.
 */
function byRatio(given: number, following: number, side: Side, whole: number): Picture | undefined {
  return side === 'whole' && Math.round(following) !== Math.round(whole) ? undefined : rounded(given, following);
}

function swapped(picture: Picture | undefined): Picture | undefined {
  return picture === undefined ? undefined : { width: picture.height, height: picture.width };
}

function rounded(width: number, height: number): Picture | undefined {
  return shown(Math.round(width), Math.round(height));
}

/** Undefined if the attribute is not an unambiguous length, or the style contradicts it. */
function sideOf(
  name: 'width' | 'height',
  attributes: ReadonlyMap<string, string>,
  style: ReadonlyMap<string, string> | undefined,
): Side | undefined {
  const [attribute, styled] = [attributes.get(name), style?.get(name)];
  const stated = attribute === undefined ? undefined : lengthIn(attribute);
  if (styled === undefined) return attribute === undefined ? 'auto' : stated;
  const wanted = lengthIn(styled);
  return attribute === undefined || wanted === stated ? wanted : undefined;
}

function lengthIn(text: string): Side | undefined {
  if (text.length > LONGEST) return undefined;
  const length = trimmed(text);
  if (length === 'auto') return 'auto';
  const match = LENGTH.exec(length);
  if (match === null) return undefined;
  const [, number = '', unit = ''] = match;
  if (unit === '%') return Number(number) === 100 ? 'whole' : undefined;
  const pixels = UNITS[unit.toLowerCase()];
  return pixels === undefined || Number(number) <= 0 ? undefined : Number(number) * pixels;
}

/** Trims the white space of XML and CSS, which excludes the other spaces of Unicode. */
function trimmed(text: string): string {
  return text.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '');
}

/** Properties that change the size in ways not handled here. */
const RESIZING = /^((min|max)-(width|height)|(inline|block)-size|zoom|aspect-ratio)$/;

/** The declarations of a style attribute; undefined if they may affect the size in ways not handled here. */
function styleOf(style: string | undefined): ReadonlyMap<string, string> | undefined {
  const declared = new Map<string, string>();
  for (const declaration of (style ?? '').split(';')) {
    const colon = declaration.indexOf(':');
    const name = declaration.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const sized = name === 'width' || name === 'height';
    if (RESIZING.test(name) || (name.includes('/*') && /width|height/.test(declaration))) return undefined;
    if (sized) declared.set(name, declaration.slice(colon + 1));
  }
  return declared;
}

/** Four numbers separated by white space, one comma, or both. */
function viewBoxIn(text: string | undefined): { readonly width: number; readonly height: number } | undefined {
  if (text === undefined || text.length > LONGEST) return undefined;
  const parts = trimmed(text)
    .split(',')
    .map((part) => trimmed(part).split(/[\t\n\f\r ]+/));
  const numbers = parts.flat();
  // A stray comma leaves an empty part.
  if (numbers.length !== 4 || !numbers.every((number) => WHOLE_NUMBER.test(number))) return undefined;
  const [width, height] = [Number(numbers[2]), Number(numbers[3])];
  return width > 0 && height > 0 ? { width, height } : undefined;
}
