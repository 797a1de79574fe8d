/**
 * The largest number of users at once that an emulator still serves as it should.
 * @module
 */

/** What one trial came to, by the number of users. */
export interface Trial {
  readonly sessions: number;
  readonly holds: boolean;
}

/**
 * Doubles from `first` until a trial fails, then halves the gap until it is at most a tenth of what holds, in at most
 * `trials` trials. Gives 0 where the first fails.
 */
export async function largestThatHolds(
  first: number,
  { trials, holds }: { readonly trials: number; readonly holds: (sessions: number) => Promise<boolean> },
): Promise<{ readonly largest: number; readonly tried: readonly Trial[] }> {
  const tried: Trial[] = [];
  let largest = 0;
  let failing = Number.POSITIVE_INFINITY;
  while (tried.length < trials && failing - largest > largest / 10) {
    const sessions =
      largest === 0 ? first : failing === Number.POSITIVE_INFINITY ? largest * 2 : middle(largest, failing);
    const isHeld = await holds(sessions);
    tried.push({ sessions, holds: isHeld });
    if (isHeld) largest = sessions;
    else failing = sessions;
    if (largest === 0) break;
  }
  return { largest, tried };
}

/** Between two, to tens. */
function middle(below: number, above: number): number {
  return Math.max(below + 1, Math.round((below + above) / 20) * 10);
}
