/**
 * What is live, by name: which names are counted, and what is left for the others. Pure.
 * @module
 */

/** A name and how many are live under it. `null` for all that were not counted by name. */
export interface Share {
  readonly name: string | null;
  readonly count: number;
}

/** Names to count, `most` of them: those on the list first, then the day's, the busiest first. */
export function namesToCount(
  listed: readonly string[],
  { known, most }: { readonly known: readonly string[]; readonly most: number },
): readonly string[] {
  return [...new Set([...byFrequency(listed), ...known])].slice(0, most);
}

/** The counts in order, largest first, without those of nothing; what is left of the total is of others. */
export function sharesOf(total: number, counts: ReadonlyMap<string, number>): readonly Share[] {
  const named = [...counts]
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => ({ name, count }));
  // Counted one after the other, they may add up to more.
  const others = total - named.reduce((sum, { count }) => sum + count, 0);
  return others > 0 ? [...named, { name: null, count: others }] : named;
}

function byFrequency(names: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
}
