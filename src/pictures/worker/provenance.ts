import { boxesIn } from '../headers/boxes';

/** The UUID of a C2PA box in an ISO base media file. */
const C2PA_BOX = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex');
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

/** Whether the first bytes of a file contain a C2PA manifest. Nothing in it is verified. */
export function hasManifest(head: Buffer): boolean {
  if (head[0] === 0xff && head[1] === 0xd8) return inJpeg(head);
  if (PNG.equals(head.subarray(0, 8))) return inPng(head);
  if (head.toString('latin1', 0, 4) === 'RIFF') return inRiff(head);
  if (head.toString('latin1', 4, 8) === 'ftyp') return inMovie(head);
  return /^\s*</.test(head.toString('latin1', 0, 64)) && head.includes('<c2pa:manifest');
}

/** JUMBF boxes are in APP11 segments that start with `JP`. */
function inJpeg(head: Buffer): boolean {
  for (let at = 2; at + 4 <= head.length && head[at] === 0xff; ) {
    const marker = head[at + 1]!;
    if (marker === 0xda || marker === 0xd9) return false;
    const size = head.readUInt16BE(at + 2);
    const data = head.subarray(at + 4, at + 2 + size);
    if (marker === 0xeb && data.toString('latin1', 0, 2) === 'JP' && isC2pa(data)) return true;
    at += 2 + size;
  }
  return false;
}

function inPng(head: Buffer): boolean {
  for (let at = 8; at + 8 <= head.length; at += 12 + head.readUInt32BE(at)) {
    if (head.toString('latin1', at + 4, at + 8) === 'caBX') return true;
  }
  return false;
}

function inRiff(head: Buffer): boolean {
  for (let at = 12; at + 8 <= head.length; ) {
    if (head.toString('latin1', at, at + 4) === 'C2PA') return true;
    const size = head.readUInt32LE(at + 4);
    at += 8 + size + (size % 2);
  }
  return false;
}

function inMovie(head: Buffer): boolean {
  for (const { type, data } of boxesIn(head)) {
    if (type === 'uuid' && C2PA_BOX.equals(data.subarray(0, 16))) return true;
  }
  return false;
}

/** A superbox `jumb` whose description names C2PA. */
function isC2pa(data: Buffer): boolean {
  return data.includes('jumb') && data.includes('c2pa');
}
