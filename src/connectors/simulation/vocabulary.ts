import type { AssetKind } from '../../domain/kinds';

/** The topics of the simulated organisation. All of them are invented, and none names a person. */
export interface Brand {
  readonly name: string;
  readonly products: readonly string[];
}

const listed = (text: string): readonly string[] => text.split(', ');

/** Products carry the name of their brand. */
const brand = (name: string, products: string): Brand => ({
  name,
  products: listed(products).map((product) => `${name} ${product}`),
});

export const BRANDS: readonly Brand[] = [
  brand('Alma', 'Aurora Trail Shoe, Brisa Windbreaker, Cumbre Backpack, Duna Sandal, Estrela Headlamp, Faro Tent'),
  brand('Nordlys', 'Oat Drink, Barista Blend, Cocoa, Vanilla Pudding, Berry Smoothie'),
  brand('Kilo', 'City Bike, Cargo Bike, Kids Bike, Smart Lock, Rain Cape'),
  brand('Verano', 'Sun Cream, After Sun, Lip Balm, Body Mist, Hand Cream'),
  brand('Tessera', 'Credit Card, Savings Plan, Travel Insurance, Business Account'),
  brand('Holm', 'Oak Table, Linen Sofa, Reading Lamp, Wool Rug, Shelf System, Garden Bench'),
];

export const THEMES = listed(
  'New Year, Winter Sale, Valentine, Spring Launch, Easter, Mother’s Day, Outdoor Season, Early Summer, ' +
    'Summer Sale, Festival, Back to School, Harvest, Anniversary, Black Friday, Advent, Christmas, Loyalty Club, ' +
    'Store Opening, Sustainability, Refer a Friend',
);

export const MARKETS = ['PT', 'ES', 'FR', 'DE', 'AT', 'CH', 'IT', 'NL', 'BE', 'SE', 'DK', 'PL', 'GB', 'US'];
export const CHANNELS = listed('web, app, email, instagram, tiktok, youtube, print, out-of-home, in-store, tv');
export const MOODS = ['Bright', 'Quiet', 'Playful', 'Bold', 'Warm', 'Minimal', 'Handmade', 'Night', 'Studio', 'Street'];

export interface Craft {
  readonly kind: AssetKind;
  readonly weight: number;
  readonly formats: readonly string[];
  /** Tool and its version. */
  readonly tools: readonly (readonly [string, string])[];
  readonly mediaTypes: readonly string[];
  readonly bytes: readonly [number, number];
  /** Width and height, if the content has them. */
  readonly sizes?: readonly (readonly [number, number])[];
  /** AI systems used in this craft. */
  readonly systems: readonly string[];
}

export const TEMPLATE: Craft = {
  kind: 'template',
  weight: 0,
  formats: ['banner template', 'story template', 'newsletter template', 'poster template', 'price tag template'],
  tools: [
    ['Figma', '126'],
    ['InDesign', '20.1'],
    ['Canva', '2025.2'],
  ],
  mediaTypes: ['application/x-indesign', 'application/vnd.figma'],
  bytes: [200_000, 9_000_000],
  systems: ['Firefly'],
};

export const CRAFTS: readonly Craft[] = [
  {
    kind: 'image',
    weight: 58,
    formats: ['hero banner', 'story', 'product photo', 'teaser', 'carousel card', 'poster', 'key visual', 'packshot'],
    tools: [
      ['Photoshop', '26.1'],
      ['Figma', '126'],
      ['Canva', '2025.2'],
      ['Lightroom', '8.2'],
    ],
    mediaTypes: ['image/png', 'image/jpeg', 'image/webp', 'image/vnd.adobe.photoshop'],
    bytes: [40_000, 12_000_000],
    sizes: [
      [1080, 1080],
      [1080, 1350],
      [1080, 1920],
      [1920, 1080],
      [2560, 1440],
      [1200, 628],
      [970, 250],
    ],
    systems: ['Firefly', 'Midjourney', 'Stable Diffusion'],
  },
  {
    kind: 'video',
    weight: 12,
    formats: ['spot 15s', 'spot 30s', 'reel', 'pre-roll', 'behind the scenes'],
    tools: [
      ['Premiere', '25.2'],
      ['After Effects', '25.1'],
      ['DaVinci Resolve', '19.1'],
    ],
    mediaTypes: ['video/mp4', 'video/quicktime'],
    bytes: [4_000_000, 900_000_000],
    sizes: [
      [1920, 1080],
      [3840, 2160],
      [1080, 1920],
    ],
    systems: ['Runway', 'Veo'],
  },
  {
    kind: 'copy',
    weight: 14,
    formats: ['headline', 'product text', 'newsletter text', 'social caption', 'landing page text'],
    tools: [
      ['Google Docs', '1'],
      ['Word', '16.92'],
      ['Notion', '4.2'],
    ],
    mediaTypes: ['text/plain; charset=utf-8', 'text/markdown'],
    bytes: [60, 14_000],
    systems: ['ChatGPT', 'Claude', 'DeepL'],
  },
  {
    kind: 'document',
    weight: 9,
    formats: ['brochure', 'sales sheet', 'catalogue page', 'flyer', 'store guideline'],
    tools: [
      ['InDesign', '20.1'],
      ['PowerPoint', '16.92'],
    ],
    mediaTypes: ['application/pdf'],
    bytes: [90_000, 40_000_000],
    systems: ['Firefly'],
  },
  {
    kind: 'audio',
    weight: 3,
    formats: ['radio spot', 'jingle', 'podcast intro'],
    tools: [
      ['Audition', '25.0'],
      ['Logic Pro', '11.1'],
    ],
    mediaTypes: ['audio/wav', 'audio/mpeg'],
    bytes: [300_000, 60_000_000],
    systems: ['ElevenLabs'],
  },
  {
    kind: 'design',
    weight: 4,
    formats: ['icon set', 'illustration', 'layout source'],
    tools: [
      ['Illustrator', '29.3'],
      ['Figma', '126'],
      ['Sketch', '101'],
    ],
    mediaTypes: ['image/svg+xml', 'application/postscript'],
    bytes: [2_000, 18_000_000],
    systems: ['Firefly'],
  },
];
