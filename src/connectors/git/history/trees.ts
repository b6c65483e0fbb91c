import { readPath } from '../repository/path';
import type { Git } from '../repository/run';

/** An entry of a tree, with its full path. */
export interface TreeEntry {
  /** As git writes it: `100644`, `100755`, `120000` (symbolic link), `160000` (submodule). */
  readonly mode: string;
  readonly object: string;
  readonly path: string;
}

/** The command that lists the whole tree of a commit or a tag. */
export function treeCommand(ref: string): readonly string[] {
  return ['ls-tree', '-r', '-z', '--full-tree', ref];
}

/** The output of such a command, in git's order. */
export async function treeOf(git: Git, command: readonly string[]): Promise<readonly TreeEntry[]> {
  const output = await git.bytes(command);
  const entries: TreeEntry[] = [];
  let start = 0;
  for (let end = output.indexOf(0); end !== -1; end = output.indexOf(0, start)) {
    const tab = output.indexOf(9, start);
    const [mode = '', , object = ''] = output.toString('latin1', start, tab).split(' ');
    entries.push({ mode, object, path: readPath(output.subarray(tab + 1, end)).path });
    start = end + 1;
  }
  return entries;
}
