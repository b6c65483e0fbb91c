import type { Import } from './cruise';

/**
 * The rooms of the house, floor by floor from the ground up. A file imports from its own room and from lower floors;
 * two rooms on one floor do not import each other.
 */
export const FLOORS: readonly (readonly string[])[] = [
  ['domain'],
  ['policies'],
  ['store'],
  ['config', 'execute', 'ledger', 'pictures', 'tables'],
  ['connectors', 'projections', 'reactions', 'telemetry'],
  ['agents', 'api', 'app.ts', 'console'],
  ['main.ts'],
  ['cli'],
  ['cli.ts'],
];

const FLOOR = new Map(FLOORS.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)));

/** `src/store/sqlite/wal.ts` → `store`, `src/app.ts` → `app.ts`; undefined for files outside the house. */
export function roomOf(path: string): string | undefined {
  const [top, room] = path.split('/');
  return top === 'projections' ? top : top === 'src' ? room : undefined;
}

interface Arrow {
  readonly from: string;
  readonly to: string;
}

/** Which room imports from which other; specs may import from anywhere. */
export function arrowsOf(imports: readonly Import[]): readonly Arrow[] {
  const arrows = new Map<string, Arrow>();
  for (const { from, to } of imports) {
    const [above, below] = [roomOf(from), roomOf(to)];
    if (above === undefined || below === undefined || above === below || from.endsWith('.spec.ts')) continue;
    arrows.set(`${above} ${below}`, { from: above, to: below });
  }
  const order = (arrow: Arrow) => `${99 - (FLOOR.get(arrow.from) ?? 0)} ${arrow.from} ${arrow.to}`;
  return [...arrows.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** Imports that do not run downward, and files in no room. */
export function misplaced(imports: readonly Import[]): readonly string[] {
  return imports.flatMap(({ from, to }) => {
    const [above, below] = [roomOf(from), roomOf(to)];
    if (above === undefined || from.endsWith('.spec.ts')) return [];
    if (!FLOOR.has(above)) return [`${from} lies in no room of the house`];
    if (below === undefined || above === below) return [];
    return FLOOR.get(below)! < FLOOR.get(above)! ? [] : [`${from} → ${to}: this import does not run downward`];
  });
}

/** The arrows as a diagram, upper floors first. */
export function diagramOf(arrows: readonly Arrow[]): string {
  const used = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  const id = (room: string) => room.replace('.', '_');
  const floors = FLOORS.map((rooms) => rooms.filter((room) => used.has(room))).filter((rooms) => rooms.length > 0);
  return [
    '```mermaid',
    'flowchart TD',
    ...floors
      .reverse()
      .flatMap((rooms, floor) => [
        `  subgraph floor${floor} [" "]`,
        ...rooms.map((room) => `    ${id(room)}["${room}"]`),
        '  end',
      ]),
    ...arrows.map(({ from, to }) => `  ${id(from)} --> ${id(to)}`),
    '```',
  ].join('\n');
}
