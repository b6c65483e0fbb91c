/** A box of an ISO base media file: its type and its content. */
export interface Box {
  readonly type: string;
  readonly data: Buffer;
}

/** The consecutive boxes in these bytes; the last may be cut off. */
export function* boxesIn(bytes: Buffer): Generator<Box> {
  for (let at = 0; at + 8 <= bytes.length; ) {
    const short = bytes.readUInt32BE(at);
    const long = short === 1;
    if (long && at + 16 > bytes.length) return;
    const size = long ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? bytes.length - at : short;
    const header = long ? 16 : 8;
    if (size < header) return;
    yield { type: bytes.toString('latin1', at + 4, at + 8), data: bytes.subarray(at + header, at + size) };
    at += size;
  }
}

export function boxIn(bytes: Buffer, type: string): Buffer | undefined {
  for (const box of boxesIn(bytes)) if (box.type === type) return box.data;
  return undefined;
}
