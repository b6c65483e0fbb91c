import fc from 'fast-check';
import { library } from '../../projections/library/fold';
import { assets } from '../../projections/library/list';
import type { Projection } from '../../src/tables/projection';
import type { ProjectionReader } from '../../src/tables/reader';
import { ENGINES, runsOn } from '../support/engines';
import { Bench } from '../support/shelf';

jest.setTimeout(180_000);

/** Code points of many scripts, with characters that join, separate and decorate them. */
const ALPHABETS = [
  'abABéÄßøİıﬁſœ™Ⅷ',
  'ΑθήναςΣ',
  'ЁлкаЙй',
  '0129٢๒½²',
  '促销夏季海报々𠀀𠮷龍',
  'かガがカーｶﾞぁ゙',
  'ร้อนฤดูโปสเ',
  'រដូវក្តៅ',
  'နွေရာသီ',
  'ລະດູຮ້ອນ',
  'محمدُّآأىٰـةکی',
  'שָׁלוֹםךכּ',
  'हिन्दीकि़',
  '여름세일각가',
  'ꦗꦮ',
];
const BETWEEN = [' ', '-', '_', '🎉', '，', '\u00ad', '\u200b', '\u200c', '\u200d', '\ufe0f', '\u2060', '\u0301'];

const letter = fc.oneof(...ALPHABETS.map((letters) => ({ weight: 2, arbitrary: fc.constantFrom(...letters) })), {
  weight: 6,
  arbitrary: fc.constantFrom(...BETWEEN),
});
/** Mostly of one script, as in a title; sometimes of any. */
const run = fc.oneof(
  ...ALPHABETS.map((letters) => fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 6 })),
  fc.array(letter, { minLength: 1, maxLength: 4 }),
);
const text = fc
  .array(fc.tuple(run, fc.constantFrom('', '', ...BETWEEN)), { minLength: 1, maxLength: 4 })
  .map((runs) => runs.map(([letters, between]) => letters.join('') + between).join(''));

const part = (whole: string, from: number, length: number): string => {
  const letters = [...whole];
  const begin = Math.floor(from * letters.length);
  return letters.slice(begin, begin + 1 + Math.floor(length * 6)).join('');
};

/**
 * The same rules implemented differently: Unicode properties instead of lists, and one regular expression per phrase
 * instead of an index.
 */
const WITHOUT_SPACES =
  '\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}\\p{scx=Hang}\\p{scx=Java}';
const WORD = '\\p{L}\\p{M}\\p{N}';
const ALIKE: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  ı: 'i',
  œ: 'oe',
  ς: 'σ',
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
  ة: 'ه',
  ך: 'כ',
  ם: 'מ',
  ן: 'נ',
  ף: 'פ',
  ץ: 'צ',
};
const HIDDEN = /\p{Default_Ignorable_Code_Point}|\p{Cf}|\u0301|ـ/gu;
/** Marks that people omit, by the script they belong to; those of kana make other letters. */
const OPTIONAL = /(?![\u3099\u309a])\p{M}/u;
const LEFT_OUT = /[\p{sc=Zinh}\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}\p{sc=Arab}\p{sc=Hebr}]/u;

/** Separators become blanks first: the folded form of a sign is no word. */
function plain(raw: string): string {
  const words = raw.replace(HIDDEN, '').replace(new RegExp(`[^${WORD}]+`, 'gu'), ' ');
  let folded = '';
  for (const each of words.normalize('NFKD').toLowerCase()) {
    if (OPTIONAL.test(each) && LEFT_OUT.test(each)) continue;
    const zero = /[٠-٩]/.test(each) ? 0x660 : /[๐-๙]/.test(each) ? 0xe50 : undefined;
    folded += zero === undefined ? (ALIKE[each] ?? each) : String(each.charCodeAt(0) - zero);
  }
  return folded.normalize('NFC');
}

const isUnspaced = (piece: string) => new RegExp(`^(?![0-9])[${WITHOUT_SPACES}]`, 'u').test(piece);

function phrase(chunk: string): RegExp | undefined {
  const unspaced = `(?:(?![0-9])[${WITHOUT_SPACES}])`;
  const spaced = `(?:(?!${unspaced})[${WORD}])`;
  const pieces = plain(chunk).match(new RegExp(`${unspaced}+|${spaced}+`, 'gu')) ?? [];
  if (pieces.length === 0) return undefined;
  const parts = pieces.map((piece, at) => {
    const own = isUnspaced(piece) ? unspaced : spaced;
    const last = at === pieces.length - 1;
    const alike = at > 0 && isUnspaced(piece) === isUnspaced(pieces[at - 1]!);
    const before = at > 0 ? `[^${WORD}]${alike ? '+' : '*'}` : isUnspaced(piece) ? '' : `(?<!${spaced})`;
    return `${before}${piece}${last ? '' : `(?!${own})`}`;
  });
  return new RegExp(parts.join(''), 'u');
}

function finds(title: string, question: string): boolean {
  const phrases = question
    .replace(HIDDEN, '')
    .split(new RegExp(`[^${WORD}]+`, 'u'))
    .flatMap((chunk) => phrase(chunk) ?? []);
  return phrases.length > 0 && phrases.every((each) => each.test(plain(title)));
}

async function found(reader: ProjectionReader, question: string): Promise<readonly string[]> {
  const order = { by: 'registered', direction: 'asc' } as const;
  const { rows } = await assets.page(reader, { filter: { titleMatches: question }, order, first: 100 });
  return rows.map(({ title }) => title);
}

it.each(ENGINES)('finds in %s the titles that match when read individually', async (engine) => {
  const examples = fc.array(text, { minLength: 25, maxLength: 25 });
  const questions = fc.array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.tuple(
          fc.nat({ max: 24 }),
          fc.double({ min: 0, max: 0.99, noNaN: true }),
          fc.double({ min: 0, max: 0.99, noNaN: true }),
        ),
      },
      { weight: 1, arbitrary: text },
    ),
    { minLength: 60, maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(examples, questions, fc.boolean(), async (titles, asked, rebuilt) => {
      const bench = new Bench({ engine });
      try {
        const runtime = await bench.runtime({ projections: [library as unknown as Projection] });
        for (const [at, title] of titles.entries()) {
          await bench.happens(`asset ${at}`, { is: 'registered', title, tags: [] });
        }
        await runtime.catchUp();
        if (rebuilt) await runtime.rebuild();
        const reader = runtime.reader('library');
        const known = titles.map((title) => title.normalize('NFC'));
        for (const each of asked) {
          const question = typeof each === 'string' ? each : part(titles[each[0]]!, each[1], each[2]);
          const expected = known.filter((title) => finds(title, question));
          expect({ question, found: await found(reader, question) }).toEqual({ question, found: expected });
        }
      } finally {
        await bench.close();
      }
    }),
    { numRuns: runsOn(engine, 12), endOnFailure: true },
  );
});
