import { readFileSync } from 'node:fs';
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { UsageError } from '../../config/exit';
import type { InputFault } from '../../domain/input';

/** A YAML file with the place of everything in it. */
export interface YamlFile {
  readonly value: unknown;
  /** A fault with the line and column of what it is about. */
  located(fault: InputFault): string;
}

/** Throws UsageError where the file cannot be read or is no YAML. */
export function readYaml(path: string): YamlFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
  return parseYaml(text, path);
}

export function parseYaml(text: string, name: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const [wrong] = document.errors;
  if (wrong !== undefined) throw new UsageError(`${at(wrong.pos[0])}: ${wrong.message}`);
  return {
    value: document.toJS({ maxAliasCount: 0 }),
    located: ({ steps, reason }) => {
      const what = steps.length === 0 ? 'the file' : steps.join('.');
      return `${at(placeOf(document, steps))}: ${what}: ${reason}`;
    },
  };
}

/** Where the last of these steps stands; what is missing is looked for where it belongs. */
function placeOf(document: Document, steps: readonly string[]): number {
  let node: unknown = document.contents;
  let place = startOf(node);
  for (const step of steps) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      if (pair === undefined) return place;
      place = startOf(pair.key);
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (node === undefined) return place;
      place = startOf(node);
    } else return place;
  }
  return place;
}

function startOf(node: unknown): number {
  return isNode(node) ? ((node as Node).range?.[0] ?? 0) : 0;
}
