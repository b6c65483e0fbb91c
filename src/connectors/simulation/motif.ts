import { Random } from './random';

/** The subject of a picture in the simulated organisation. */
export interface Motif {
  /** Identifies the asset: the same id gives the same picture. */
  readonly id: string;
  readonly version: number;
  readonly brand: string;
  readonly product: string;
  readonly theme: string;
  readonly width: number;
  readonly height: number;
}

/** Background, two shapes, text. One palette per brand, so that campaigns are recognisable. */
const PALETTES: Readonly<Record<string, readonly [string, string, string, string]>> = {
  Alma: ['#f3e3c3', '#d9572b', '#1f4e5f', '#17262c'],
  Nordlys: ['#dfeaf0', '#7aa8c2', '#f2b544', '#15324a'],
  Kilo: ['#e6efe0', '#2f7d4f', '#f07f3c', '#12281b'],
  Verano: ['#fdeed6', '#f59e6c', '#e0526b', '#4a1428'],
  Tessera: ['#e8e6f5', '#4b46a3', '#8fd3c8', '#1a1840'],
  Holm: ['#efe7dc', '#a9745b', '#5d6f5e', '#2c211a'],
};
const PLAIN = ['#ececec', '#8a8f98', '#c9a45c', '#20242b'] as const;

type Shapes = (random: Random, width: number, height: number, colours: readonly [string, string]) => string;

const SHAPES: readonly Shapes[] = [
  // A sun over hills.
  (random, w, h, [one, two]) => {
    const at = h * random.between(0.55, 0.7);
    const hill = `M0 ${r(at)}Q${r(w * 0.25)} ${r(at - h * 0.2)} ${r(w * 0.5)} ${r(at)}T${w} ${r(at * 0.95)}V${h}H0z`;
    return `${circle(w * random.between(0.3, 0.7), h * 0.42, h * 0.22, two)}<path fill="${one}" d="${hill}"/>`;
  },
  // Overlapping circles.
  (random, w, h, [one, two]) =>
    [one, two, one, two]
      .map((colour) => circle(w * random.next(), h * random.between(0.1, 0.7), h * random.between(0.1, 0.3), colour))
      .join(''),
  // Diagonal bands.
  (random, w, h, [one, two]) => {
    const lean = w * random.between(0.1, 0.4);
    return [0.15, 0.45, 0.75]
      .map((at, band) => {
        const [x, wide] = [w * at, w * random.between(0.06, 0.16)];
        const path = `M${r(x + lean)} 0h${r(wide)}L${r(x + wide - lean)} ${h}h${r(-wide)}z`;
        return `<path fill="${band % 2 === 0 ? one : two}" d="${path}"/>`;
      })
      .join('');
  },
  // A product on a table.
  (random, w, h, [one, two]) => {
    const [wide, high] = [w * random.between(0.18, 0.34), h * random.between(0.3, 0.5)];
    const x = (w - wide) / 2;
    const thing = `<rect x="${r(x)}" y="${r(h * 0.66 - high)}" width="${r(wide)}" height="${r(high)}" rx="${r(wide / 5)}" fill="${two}"/>`;
    return `<rect y="${r(h * 0.62)}" width="${w}" height="${h}" fill="${one}"/>${thing}${circle(w / 2, h * 0.66 - high * 0.6, wide / 5, one)}`;
  },
  // A grid of dots.
  (random, w, h, [one, two]) => {
    const step = Math.max(w, h) / random.whole(6, 9);
    const dots: string[] = [];
    for (let y = step / 2; y < h * 0.75; y += step) {
      for (let x = step / 2; x < w; x += step)
        dots.push(circle(x, y, step * random.between(0.1, 0.42), random.chance(0.3) ? two : one));
    }
    return dots.join('');
  },
];

const r = (value: number): number => Math.round(value);
const circle = (x: number, y: number, radius: number, colour: string): string =>
  `<circle cx="${r(x)}" cy="${r(y)}" r="${r(radius)}" fill="${colour}"/>`;

/** A drawing for a version: every version has the same motif, and no two are identical. */
export function motif({ id, version, brand, product, theme, width, height }: Motif): Buffer {
  const [ground, one, two, ink] = PALETTES[brand] ?? PLAIN;
  // The motif stays, its execution changes with each version.
  const shapes = SHAPES[Number.parseInt(id.slice(0, 6), 16) % SHAPES.length]!;
  const random = new Random(Number.parseInt(id.slice(0, 8), 16), version);
  const size = Math.min(width, height);
  const line = (text: string, y: number, share: number, weight: number): string =>
    `<text x="${r(size * 0.06)}" y="${r(y)}" font-size="${r(size * share)}" font-weight="${weight}">${escaped(text)}</text>`;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escaped(`${product}, ${theme}, version ${version}`)}</title><!-- ${id} -->`,
    `<rect width="${width}" height="${height}" fill="${ground}"/>`,
    shapes(random, width, height, [one, two]),
    `<rect y="${r(height - size * 0.27)}" width="${width}" height="${r(size * 0.27)}" fill="${ground}"/>`,
    `<g fill="${ink}" font-family="sans-serif">`,
    line(theme, height - size * 0.14, 0.085, 700),
    line(product, height - size * 0.06, 0.052, 400),
    '</g></svg>\n',
  ];
  return Buffer.from(svg.join(''));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
