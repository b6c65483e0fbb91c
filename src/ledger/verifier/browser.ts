import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Host } from './bytes';
import { type Line, verify } from './checks';
import type { Trust } from './opening';

/** The script of `verify.html`: the checks of `verify.mjs` in a browser, without a network. */

const host: Host = {
  sha256,
  signed: (key, message, signature) => {
    try {
      return ed25519.verify(signature, message, key, { zip215: false });
    } catch {
      return false;
    }
  },
};

/** The files of a folder that was chosen, by their names below it. */
export function verifyFiles(files: ReadonlyMap<string, Uint8Array>, trust: Trust): readonly Line[] {
  return verify({ files, strange: [] }, trust, host);
}
