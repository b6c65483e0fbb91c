/** The lines of two texts: those that are gone with `-` before them, new ones with `+`, others with a blank. */
export function differenceOf(before: string, after: string): readonly string[] {
  const [old, now] = [before, after].map((text) => text.split('\n').filter((line) => line !== '')) as [
    string[],
    string[],
  ];
  const common = lengths(old, now);
  const lines: string[] = [];
  let [left, right] = [0, 0];
  while (left < old.length || right < now.length) {
    if (left < old.length && right < now.length && old[left] === now[right]) {
      lines.push(`  ${old[left]}`);
      left += 1;
      right += 1;
    } else if (right >= now.length || (left < old.length && common[left + 1]![right]! >= common[left]![right + 1]!)) {
      lines.push(`- ${old[left]}`);
      left += 1;
    } else {
      lines.push(`+ ${now[right]}`);
      right += 1;
    }
  }
  return lines;
}

/** How many lines the ends of both texts from two lines on have in common, in order. */
function lengths(old: readonly string[], now: readonly string[]): number[][] {
  const table = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  for (let left = old.length - 1; left >= 0; left -= 1) {
    for (let right = now.length - 1; right >= 0; right -= 1) {
      table[left]![right] =
        old[left] === now[right]
          ? table[left + 1]![right + 1]! + 1
          : Math.max(table[left + 1]![right]!, table[left]![right + 1]!);
    }
  }
  return table;
}
