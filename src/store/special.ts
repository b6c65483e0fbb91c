import { existsSync, statSync } from 'node:fs';

/** Whether the path is a named pipe, a socket or a device, which can block an open call for ever. */
export function isSpecial(path: string): boolean {
  if (!existsSync(path)) return false;
  const there = statSync(path);
  return !there.isFile() && !there.isDirectory();
}
