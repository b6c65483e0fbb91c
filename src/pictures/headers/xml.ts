import { constants, gunzipSync } from 'node:zlib';
import { SaxesParser } from 'saxes';
import { type Declared, declaredIn } from './dtd';

/** The root element of a document: its qualified name and its attributes, including default values. */
export interface RootElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** A root element starts within this many bytes, whatever licences and entities precede it. */
const FURTHEST = 1024 * 1024;
/** Most root tags end within a few hundred bytes, so the document is parsed in small pieces. */
const PIECE = 2048;
const SNIFFED = 256;

/** Undefined unless the bytes are well-formed XML up to the end of the root's start tag. */
export function rootElement(bytes: Buffer): RootElement | undefined {
  const text = textOf(bytes.subarray(0, FURTHEST));
  if (text === undefined) return undefined;
  const parser = new SaxesParser();
  let declared: Declared | undefined;
  let found: RootElement | undefined;
  let failed = false;
  parser.on('error', () => {
    failed = found === undefined;
  });
  parser.on('doctype', (doctype) => {
    declared = declaredIn(doctype);
    for (const [name, value] of declared.entities) parser.ENTITIES[name] ??= value;
  });
  parser.on('opentag', ({ name, attributes }) => {
    found ??= { name, attributes: new Map([...(declared?.defaultsOf(name) ?? []), ...Object.entries(attributes)]) };
  });
  for (const piece of text) {
    parser.write(piece);
    if (failed) return undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The text in pieces; undefined if the encoding is unknown. Invalid bytes end the text. */
function textOf(bytes: Buffer): Iterable<string> | undefined {
  const encoding = encodingOf(bytes);
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(encoding, { fatal: true });
  } catch {
    return undefined;
  }
  return pieces(bytes, decoder);
}

function* pieces(bytes: Buffer, decoder: TextDecoder): Generator<string> {
  for (let at = 0; at < bytes.length; at += PIECE) {
    let text: string;
    try {
      text = decoder.decode(bytes.subarray(at, at + PIECE), { stream: true });
    } catch {
      return;
    }
    yield text;
  }
}

/** Determined, in this order, by a byte order mark, the width of the first characters, or the XML declaration. */
function encodingOf(bytes: Buffer): string {
  const start = bytes.subarray(0, 4).toString('hex');
  if (start.startsWith('efbbbf')) return 'utf-8';
  if (start.startsWith('fffe') || start === '3c003f00' || /^3c00..00$/.test(start)) return 'utf-16le';
  if (start.startsWith('feff') || start === '003c003f' || /^003c00..$/.test(start)) return 'utf-16be';
  const head = bytes.toString('latin1', 0, SNIFFED);
  if (!head.startsWith('<?xml')) return 'utf-8';
  const declaration = head.slice(0, head.indexOf('?>'));
  const named = /\sencoding\s?=\s?["']([A-Za-z][A-Za-z0-9._-]{0,40})["']/.exec(declaration.replace(/\s+/g, ' '))?.[1];
  // The bytes are not in a 16-bit encoding, whatever the declaration says.
  return named === undefined ? 'utf-8' : /^(utf-?16|ucs-?2|iso-10646-ucs-2)/i.test(named) ? 'unknown' : named;
}

/**
 * Numbers of compressed bytes that expand to a few megabytes at most: deflate makes no more than 1,032 bytes of one.
 */
const COMPRESSED = [4096, 65_536];

/** The root element of a gzip-compressed document. */
export function gzippedRootElement(bytes: Buffer): RootElement | undefined {
  for (const length of COMPRESSED) {
    const root = rootElement(unpacked(bytes.subarray(0, length)));
    if (root !== undefined || bytes.length <= length) return root;
  }
  return undefined;
}

/** Decompresses what it can: the input may be cut off. */
function unpacked(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 72 * FURTHEST });
  } catch {
    // Damaged or not gzip: it contains no drawing.
    return Buffer.alloc(0);
  }
}
