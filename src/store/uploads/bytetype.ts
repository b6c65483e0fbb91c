/** What bytes are, by the bytes themselves. Undefined where nothing in them says so. */
export interface ByteType {
  readonly mediaType: string;
  /** Text that a browser would run or draw. */
  readonly active: boolean;
}

/** So many of the first bytes are looked at. */
export const HEAD_BYTES = 65_536;

/** Types that the same bytes may rightly be called. */
const SAME: readonly (readonly string[])[] = [
  ['image/jpeg', 'image/jpg', 'image/pjpeg'],
  ['image/png', 'image/apng', 'image/vnd.mozilla.apng'],
  ['image/x-icon', 'image/vnd.microsoft.icon'],
  ['image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence'],
  ['image/bmp', 'image/x-ms-bmp'],
  ['image/tiff', 'image/x-adobe-dng', 'image/x-canon-cr2', 'image/x-nikon-nef', 'image/x-sony-arw'],
  ['video/mp4', 'audio/mp4', 'audio/x-m4a', 'video/x-m4v', 'video/quicktime', 'video/3gpp', 'video/3gpp2'],
  ['video/webm', 'audio/webm', 'video/matroska', 'video/x-matroska', 'audio/x-matroska'],
  ['audio/ogg', 'video/ogg', 'application/ogg', 'audio/opus'],
  ['audio/wav', 'audio/x-wav', 'audio/vnd.wave', 'audio/wave'],
  ['audio/mpeg', 'audio/mp3'],
  ['audio/flac', 'audio/x-flac'],
  ['application/xml', 'text/xml'],
  ['text/html', 'application/xhtml+xml'],
  ['application/postscript', 'application/illustrator', 'application/pdf'],
  ['application/gzip', 'application/x-gzip'],
  ['application/zip', 'application/x-zip-compressed', 'application/epub+zip', 'application/x-sketch'],
];

/** Kinds whose bytes always say what they are: a file called so whose bytes do not is something else. */
const TELLING = /^(image|video|audio|font)\/|^application\/(pdf|zip|gzip)$/;
/** Kinds of picture whose bytes say nothing that is known here. */
const SILENT = /^image\/(x-|vnd\.|svg)/;

/** Kinds that are looked through beyond the first bytes: where those do not reach, it is told by how they begin. */
const BEGINNINGS: readonly (readonly [Buffer, string])[] = [
  [Buffer.from('89504e470d0a1a0a', 'hex'), 'image/png'],
  [Buffer.from('49492a00', 'hex'), 'image/tiff'],
  [Buffer.from('4d4d002a', 'hex'), 'image/tiff'],
  [Buffer.from('504b0304', 'hex'), 'application/zip'],
  [Buffer.from('ID3'), 'audio/mpeg'],
];

/** By the endings of file names, the types whose bytes are known. */
const ENDINGS: Readonly<Record<string, string>> = {
  ...{ jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', gif: 'image/gif', webp: 'image/webp' },
  ...{ avif: 'image/avif', heic: 'image/heic', tif: 'image/tiff', tiff: 'image/tiff', bmp: 'image/bmp' },
  ...{ svg: 'image/svg+xml', pdf: 'application/pdf', mp4: 'video/mp4', mov: 'video/quicktime', webm: 'video/webm' },
  ...{ mp3: 'audio/mpeg', wav: 'audio/wav', flac: 'audio/flac', ogg: 'audio/ogg', txt: 'text/plain' },
  ...{ html: 'text/html', htm: 'text/html', zip: 'application/zip' },
};

/** Reads the type from the first bytes. */
export async function typeOfBytes(head: Buffer): Promise<ByteType | undefined> {
  if (head.length === 0) return undefined;
  const drawn = markupOf(head);
  if (drawn !== undefined) return { mediaType: drawn, active: true };
  const { fileTypeFromBuffer } = await import('file-type');
  // A file that only looks like its kind in the first bytes makes the reader run out of them.
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  if (found !== undefined) return { mediaType: found.mime, active: found.mime === 'application/xml' };
  const begins = BEGINNINGS.find(([bytes]) => head.subarray(0, bytes.length).equals(bytes));
  return begins && { mediaType: begins[1], active: false };
}

/** SVG or HTML, which say so in text. */
function markupOf(head: Buffer): string | undefined {
  const text = textOf(head)
    .replace(/^\uFEFF/, '')
    .replace(/<!--[\s\S]*?(-->|$)/g, '')
    .trimStart();
  if (!text.startsWith('<')) return undefined;
  if (/<svg[\s>:/]/i.test(text) && !/^<(!doctype\s+html|html)[\s>]/i.test(text)) return 'image/svg+xml';
  return /^<(!doctype\s+html|html|head|body|script|iframe|style|title|table|div|p|a|h1)[\s>]/i.test(text)
    ? 'text/html'
    : undefined;
}

function textOf(head: Buffer): string {
  if (head[0] === 0xff && head[1] === 0xfe) return head.toString('utf16le');
  if (head[0] === 0xfe && head[1] === 0xff)
    return Buffer.from(head.subarray(0, head.length & ~1))
      .swap16()
      .toString('utf16le');
  const marked = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  return head.toString('latin1', marked ? 3 : 0);
}

/**
 * Why bytes are not what they are said to be; undefined where they may be. `said` is a media type or a file name.
 */
export function contradiction(
  found: ByteType | undefined,
  said: { readonly mediaType?: string | undefined; readonly fileName?: string | undefined },
): string | undefined {
  const claims = [
    ...(said.mediaType === undefined
      ? []
      : [[bare(said.mediaType), `the media type ${bare(said.mediaType)}`] as const]),
    ...ofName(said.fileName),
  ];
  for (const [type, what] of claims) {
    if (type === 'application/octet-stream') continue;
    if (found === undefined && TELLING.test(type) && !SILENT.test(type)) return `${what}, but its bytes do not say so`;
    if (found === undefined || isSame(found.mediaType, type)) continue;
    if (found.active || TELLING.test(type) || TELLING.test(found.mediaType)) {
      return `${what}, but its bytes are ${found.mediaType}`;
    }
  }
  return undefined;
}

function ofName(name: string | undefined): readonly (readonly [type: string, what: string])[] {
  const [, ending = ''] = /\.([a-z0-9]{1,8})$/i.exec(name ?? '') ?? [];
  const type = ENDINGS[ending.toLowerCase()];
  return type === undefined ? [] : [[type, `a name that ends in .${ending.toLowerCase()}`]];
}

/** What bytes are called: as the client does where that means the same, since it may know more of a text, for example. */
export function calledBy(
  found: ByteType | undefined,
  { mediaType }: { readonly mediaType?: string | undefined },
): string {
  const said = mediaType === undefined || bare(mediaType) === 'application/octet-stream' ? undefined : mediaType;
  if (found === undefined) return said ?? 'application/octet-stream';
  return said !== undefined && isSame(found.mediaType, bare(said)) ? said : found.mediaType;
}

/** Without its parameters, in lower case. */
export function bare(mediaType: string): string {
  return mediaType.split(';')[0]!.trim().toLowerCase();
}

function isSame(one: string, other: string): boolean {
  if (one === other) return true;
  // Office documents, fonts of one family and the like are archives that a reader may or may not look into.
  if (one === 'application/zip' && /^application\/(vnd\.|x-|java)/.test(other)) return true;
  if (one === 'application/x-cfb' && /^application\/(vnd\.|msword)/.test(other)) return true;
  if (one === 'application/xml' && /(\+|\/)xml$/.test(other)) return true;
  return SAME.some((group) => group.includes(one) && group.includes(other));
}

/** Whether a media type is one of the kinds: `image/*`, `application/pdf`, or any of them. */
export function isOfKind(mediaType: string, kinds: readonly string[]): boolean {
  const type = bare(mediaType);
  return kinds.some(
    (kind) => kind === '*/*' || kind === type || (kind.endsWith('/*') && type.startsWith(kind.slice(0, -1))),
  );
}
