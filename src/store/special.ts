import { existsSync, statSync } from 'node:fs';

/** A named pipe, a socket or a device: whoever opens one as a file may wait for ever. False where nothing is there. */
export function isSpecial(path: string): boolean {
  if (!existsSync(path)) return false;
  const there = statSync(path);
  return !there.isFile() && !there.isDirectory();
}
