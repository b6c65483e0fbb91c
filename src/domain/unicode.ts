/**
 * Classes of characters as Unicode 15.0 has them, written down here: `\p{L}` and its like mean what the Unicode version
 * of the running Node says, and a title must have the same words wherever its tables are built and asked.
 */

/** Letters, marks and numbers, private ones included. Each entry: how far behind the last range it begins, how long it is. */
const WORD =
  '1c-9 8-p 7-p 1c 8-1 2 4-1 2-2 2-m 2-u 2-cg 8-1 v-4 s-38 2-1 3-3 2 7 2-2 2 2-j 2-2a 2-3u 2-4s 2-11 3 7-14 9-18 2 ' +
  '2-1 2-1 2 9-q 5-3 u-a 6-21 5-2t 2-7 3-9 2-i 3 h-1m 3-2s f-1h 5 3 3-19 j-r 5-a 6-n 2-5 a-21 2-3k 3-9 2-i 2-7 3-1 ' +
  '3-l 2-6 2 4-3 3-8 3-1 3-3 9 5-1 2-4 3-b 3-5 3 2 3-2 2-5 5-1 3-l 2-6 2-1 2-1 2-1 3 2-4 5-1 3-2 4 8-3 2 8-f c-2 ' +
  '2-8 2-2 2-l 2-6 2-1 2-4 3-9 2-2 2-2 3 g-3 3-9 a-6 2-2 2-7 3-1 3-l 2-6 2-1 2-4 3-8 3-1 3-2 8-2 5-1 2-4 3-9 2-6 ' +
  'b-1 2-5 4-2 2-3 4-1 2 2-1 4-1 4-2 4-b 5-4 4-2 2-3 3 7 f-c e-c 2-2 2-m 2-f 3-8 2-2 2-3 8-1 2-2 3 3-3 3-9 9-6 2-3 ' +
  '2-7 2-2 2-m 2-9 2-4 3-8 2-2 2-3 8-1 7-1 2-3 3-9 2-2 d-c 2-2 2-1e 2-2 2-4 6-f 3-i 2-5 2-2 2-h 4-n 2-8 2 3-6 4 5-5 ' +
  '2 2-7 7-9 3-1 e-1l 6-e 2-9 14-1 2 2-4 2-n 2 2-m 3-4 2 2-6 2-9 3-3 x o-1 7-j 2 2 2 5-9 2-z 5-j 2-h 2-z a 1m-21 ' +
  '7-25 3-11 2 6 3-16 2-98 2-3 3-6 2 2-3 3-14 2-3 3-w 2-3 3-6 2 2-3 3-e 2-1k 2-3 3-1u 3-2 a-j 4-f h-2d 3-5 4-h7 3-g ' +
  '2-p 6-22 4-a 8-l a-l c-j d-c 2-2 2-1 d-2b 4 5-1 3-9 7-9 i-2 2-a 7-2g 8-16 6-1x b-u 2-b 5-b b-13 3-4 c-17 5-p 7-a ' +
  '12-r 5-1q 2-s 3-a 7-9 e 9-u 1e-24 4-9 i-8 d-37 d-1j 9-9 4-1c 3-8 8-16 3-2 h-2 2-12 6-et 3-5 3-11 3-5 3-7 2 2 2 ' +
  '2-u 3-1g 2-6 2 4-2 2-6 4-3 3-5 5-c 6-2 2-6 38-1 3-5 6-a 7-c 1g-w i 5 3-9 2 4-4 7 2 2 2-3 2-a 3-3 6-4 5 2-1l ' +
  'k7-1n 27-l hj-t vh-6c 7-8 a 3-11 2 6 3-1j 8 g-n a-6 2-6 2-6 2-6 2-6 2-6 2-6 2-6 2-v 1c d2-2 q-e 2-4 3-4 5-2d 3-1 ' +
  '3-2 2-2h 2-3 6-16 2-2l 4-3 b-v 1d-f x-9 v-7 2-e x-9 14-e 8x-533 1t-h3g 1w-19 3-7g 4-r l-1e 2-9 2-36 12-8 3-2u ' +
  '3-1r 6-1 2 2-4 p-1h 5 4-5 b-1f d-1x b-9 7-n 4 2-1c 3-z d-s 4-1s f-a 7-u 2-1i a-d 3-9 7-m 4-20 p-2 3-f 3-4 b-5 ' +
  '3-5 3-5 a-6 2-6 2-16 2-d 7-3e 2-1 3-9 7-8mb d-m 5-1c 1l1-57x 3-2x 13-6 d-4 6-b 2-c 2-4 2 2-1 2-1 2-2z y-a2 j-1r ' +
  '3-1h 15-b 5-f h-f 1t-4 2-3q k-9 8-p 7-p c-2g 4-5 3-5 3-5 3-2 10-b 2-p 2-i 2-1 2-e 3-d z-3e d-18 d-1k i-1 36 3n-s ' +
  '4-1c g-r 5-z a-t 6-16 6-t 3-z 5-7 2-4 17-4d 3-9 7-z 5-z 5-13 9-1f d-a 2-e 2-6 2-1 2-a 2-e 2-6 2-1 1w-8m a-l b-7 ' +
  'p-5 2-15 2-8 1y-5 3 2-17 2-1 4 3-m 3-u 3-11 9-8 1d-i 2-1 6-w 5-p 1z-1j 5-j 3-1d 2-1 6-7 2-2 2-s 3-2 5-9 o-u 2-v ' +
  'x-7 2-t 5-4 h-1h b-l 3-q 6-p o-6 29-20 1k-1e e-1e 8-19 9-9 87-u 2-15 2-1 4-1 24-16 9-10 s-l 17-r l-m a-1y c-z ' +
  'a-1n 8 e-o 8-9 7-1g 2-9 5-3 9-z 3 a-1w 5-3 2-c 2 5-j c-h 2-10 7-3 1r-6 2 2-3 2-e 2-9 8-1m 6-9 7-3 2-7 3-1 3-l ' +
  '2-6 2-1 2-4 2-9 3-1 3-2 3 7 6-6 3-6 4-4 3w-22 6-9 5-3 v-1x 2 9-9 4n-1h 3-8 o-5 z-1s 4 c-9 13-1k 8-9 1j-q 3-e 5-b ' +
  '5-6 56-1m 2u-2a d-7 3 3-7 2-1 2-t 2-1 3-8 d-9 1z-7 3-19 3-7 2-1 s-1q 9 9-21 4 j-20 7c-8 2-18 2-8 g-s 6-t 3-l 2-d ' +
  '22-6 2-1 2-17 4 2-1 2-8 9-9 7-5 2-1 2-10 2-1 2-5 8-9 8n-m a-g 2-14 4-4 e-9 2f g-k 18-pl 2v-32 i-5f 219-2o g-tr ' +
  'h-l 33f-g6 6nu-fs 8-u 2-9 7-26 2-9 7-t 3-4 c-1i a-3 d-9 2-6 2-k 6-i j5-2e 2y-22 5-1k 8-g 1t-1 2-1 c-1 f-4qf 9-yd ' +
  '17-8 6w8-3 2-6 2-1 2-82 g u-2 3 f-3 9-az 1s5-2y 6-c 4-8 8-9 4-1 3mq-19 3-m f3-4 4-5 9-7 3-6 v-3 45-2 3g-j d-j ' +
  '31-o 3s-2c 2-1y 2-1 3 3-1 3-3 2-b 2 2-6 2-1s 2-3 3-7 2-6 2-r 2-3 2-4 2 4-6 2-9f 3-o 2-o 2-u 2-o 2-u 2-o 2-u 2-o ' +
  '2-u 2-o 2-7 3-1d e9-1i 5-1d 9 f n-4 2-e up-u 7-5 5y-6 2-g 3-6 2-1 2-4 6-1p y 35-18 4-d 3-9 5 8y-u i-1l d3-15 ' +
  'kn-6 2-3 2-1 2-e 2-5g 3-f 16-23 5-9 m0-1m 2-2 2-3 25-18 2-e 5f-3 2-q 2-1 2 3 2-9 2-3 2 2 7 5 2 2 2-2 2-1 2 3 2 2 ' +
  '2 2 2-1 2 3-3 2-6 2-3 2-3 2 2-9 2-g 6-2 2-4 2-g g5-c 25g-9 sn-1ekd 3-1ekd e1vn-6n';

/** Words beside those: radicals, which stand for the very same character where a text was copied out of a typeset page. */
const BESIDE = '2e9f 2ef3 2f00-2fd5';

/**
 * What nobody types and search does not see: format characters and selectors, accents, points and vowel signs that are
 * optional where they are written (Latin, Greek, Cyrillic, Arabic, Hebrew, Syriac), the Arabic tatweel.
 */
const IGNORED =
  'ad 300-36f 483-489 591-5bd 5bf 5c1-5c2 5c4-5c5 5c7 600-605 610-61a 61c 640 64b-65f 670 6d6-6dd 6df-6e4 6e7-6e8 ' +
  '6ea-6ed 70f 711 730-74a 7fa 890-891 898-89f 8ca-8ff 115f-1160 17b4-17b5 180b-180f 1ab0-1ace 1dc0-1dff 200b-200f ' +
  '202a-202e 2060-206f 20d0-20f0 2de0-2dff 302a-302f 3164 a66f-a672 a674-a67d a69e-a69f fb1e fe00-fe0f fe20-fe2f feff ' +
  'ffa0 fff0-fffb 110bd 110cd 10efd-10eff 13430-1343f 1bca0-1bca3 1d173-1d17a e0000-e0fff';

/**
 * Scripts written without spaces between words, and Hangul, whose compounds are. Han, kana, bopomofo, Yi, Nushu,
 * Tangut, Khitan; Thai, Lao, Khmer, Myanmar; Tai Le, New Tai Lue, Tai Tham, Tai Viet, Balinese, Javanese, Buginese.
 */
const UNSPACED =
  'e01-e3a e40-e4e e81-ecf edc-edf 1000-103f 104a-108f 109a-109f 1100-11ff 1780-17d3 17d7 17dc-17dd 1950-1974 ' +
  '1980-19cf 1a00-1a1b 1a20-1a7f 1aa0-1aad 1b00-1b4f 3005-3007 3021-3029 3031-3035 3038-303c 3041-309f 30a1-30ff ' +
  '3105-312f 31a0-31bf 31f0-31ff 3400-4dbf 4e00-9fff a000-a48c a960-a97c a980-a9cf a9e0-a9ef a9fa-a9fe aa60-aadf ' +
  'ac00-d7fb f900-faff 16fe0-18d08 1aff0-1b2fb 20000-3ffff';

/** Where the decimal digits of a script begin; the ten stand in order. */
const ZEROS =
  '660 6f0 7c0 966 9e6 a66 ae6 b66 be6 c66 ce6 d66 de6 e50 ed0 f20 1040 1090 17e0 1810 1946 19d0 1a80 1a90 1b50 1bb0 ' +
  '1c40 1c50 a620 a8d0 a900 a9d0 a9f0 aa50 abf0 104a0 10d30 11066 110f0 11136 111d0 112f0 11450 114d0 11650 116c0 ' +
  '11730 118e0 11950 11c50 11d50 11da0 11f50 16a60 16ac0 16b50 1e140 1e2f0 1e4f0 1e950 ff10';

const escaped = (code: number): string => `\\u{${code.toString(16)}}`;

/** Ranges of code points, written in hexadecimal, as members of a class. */
export function ranges(written: string): string {
  return written
    .split(' ')
    .map((range) =>
      range
        .split('-')
        .map((code) => escaped(Number.parseInt(code, 16)))
        .join('-'),
    )
    .join('');
}

function distances(written: string): string {
  let at = 0;
  return written
    .split(' ')
    .map((range) => {
      const [distance, length = '0'] = range.split('-');
      const begin = at + Number.parseInt(distance!, 36);
      at = begin + Number.parseInt(length, 36);
      return `${escaped(begin)}-${escaped(at)}`;
    })
    .join('');
}

/** Members of classes for use between the brackets of a regular expression with the flag `u`. */
export const WORD_CLASS = distances(WORD) + ranges(BESIDE);
export const IGNORED_CLASS = ranges(IGNORED);
export const UNSPACED_CLASS = ranges(UNSPACED);

/** Digits of every script but ASCII, each with its value. */
export const DIGITS: ReadonlyMap<string, string> = new Map(
  ZEROS.split(' ').flatMap((zero) =>
    Array.from({ length: 10 }, (_, value) => [String.fromCodePoint(Number.parseInt(zero, 16) + value), String(value)]),
  ),
);
