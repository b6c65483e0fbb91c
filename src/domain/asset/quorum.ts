/** A path and how many different people it needs. */
export interface Demand {
  readonly path: string;
  readonly quorum: number;
}

/** A person who said yes, or could, and the paths that they count for. */
export interface Seat {
  readonly person: string;
  readonly paths: readonly string[];
}

export interface Filled {
  /** People by the path that each of them fills; nobody is in two. */
  readonly people: ReadonlyMap<string, readonly string[]>;
  /** Paths that too few people are left for. */
  readonly lacking: readonly string[];
}

/**
 * Gives people to paths so that as many places as possible are filled: a maximum flow from people through paths, found by
 * letting those who are placed already move on. A place that can be filled is never left empty because of who came first,
 * so the order of decisions changes nothing.
 */
export function fill(demands: readonly Demand[], seats: readonly Seat[]): Filled {
  const placed = new Map<string, string>();
  const place = (path: string, asked: Set<string>): boolean => {
    for (const { person, paths } of seats) {
      if (asked.has(person) || !paths.includes(path) || placed.get(person) === path) continue;
      asked.add(person);
      const before = placed.get(person);
      if (before !== undefined && !place(before, asked)) continue;
      placed.set(person, path);
      return true;
    }
    return false;
  };
  const lacking = demands.filter(({ path, quorum }) => {
    for (let count = 0; count < quorum; count += 1) if (!place(path, new Set())) return true;
    return false;
  });
  const people = new Map(demands.map(({ path }) => [path, peopleOf(path, seats, placed)]));
  return { people, lacking: lacking.map(({ path }) => path) };
}

function peopleOf(path: string, seats: readonly Seat[], placed: ReadonlyMap<string, string>): readonly string[] {
  return seats.filter(({ person }) => placed.get(person) === path).map(({ person }) => person);
}
