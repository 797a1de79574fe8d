/**
 * What a model's runs met: counted, printed as shares, and held to a least.
 * @module
 */

/** What is counted, kind by kind; each name is expected at least once in a hundred of its kind. */
export type Expected = Readonly<Record<string, readonly string[]>>;

/** Counts of many runs. */
export class Tally {
  readonly #expected: Expected;
  readonly #counts = new Map<string, Map<string, number>>();
  #runs = 0;
  #reached = 0;

  constructor(expected: Expected) {
    this.#expected = expected;
    for (const [kind, names] of Object.entries(expected))
      this.#counts.set(kind, new Map(names.map((name) => [name, 0])));
  }

  count(kind: string, name: string): void {
    const names = this.#counts.get(kind) ?? new Map<string, number>();
    this.#counts.set(kind, names.set(name, (names.get(name) ?? 0) + 1));
  }

  /** A run is over. */
  run(reachedLimit: boolean): void {
    this.#runs += 1;
    if (reachedLimit) this.#reached += 1;
  }

  /** Share of runs that reached a limit. */
  get limitShare(): number {
    return this.#reached / Math.max(1, this.#runs);
  }

  /** `kind: name (share)` of all that is expected and rarer than one in a hundred of its kind. */
  rare(): readonly string[] {
    return Object.entries(this.#expected).flatMap(([kind, names]) =>
      names.flatMap((name) => {
        const share = this.#share(kind, name);
        return share < 0.01 ? [`${kind}: ${name} (${percent(share)})`] : [];
      }),
    );
  }

  /** A table, one line a name. */
  print(title: string): string {
    const lines = [`${title}: ${this.#runs} runs, ${percent(this.limitShare)} of them reach a limit`];
    for (const [kind, names] of this.#counts) {
      lines.push(`  ${kind.padEnd(26)} ${String(this.#total(kind)).padStart(8)}`);
      for (const [name, count] of [...names].sort(([, a], [, b]) => b - a))
        lines.push(
          `    ${name.padEnd(24)} ${String(count).padStart(8)}  ${percent(this.#share(kind, name)).padStart(6)}`,
        );
    }
    return lines.join('\n');
  }

  #total(kind: string): number {
    return [...(this.#counts.get(kind)?.values() ?? [])].reduce((sum, count) => sum + count, 0);
  }

  #share(kind: string, name: string): number {
    return (this.#counts.get(kind)?.get(name) ?? 0) / Math.max(1, this.#total(kind));
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
