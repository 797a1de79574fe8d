/**
 * Which figures of a day have reached a threshold. Pure.
 * @module
 */
import type { AlertKind, AlertThresholds, LiveStatsDocument, LiveStatsShard } from '@livegate/protocol';

/** A threshold that is reached and was not told yet. */
export interface Crossing {
  readonly kind: AlertKind;
  /** In the threshold's unit: US dollars, or a count. */
  readonly value: number;
  readonly threshold: number;
}

/**
 * The day's figures that alerts go by. `usd` is what has a known price; `refusals` are those of every reason;
 * `mintErrors` are the refusals for which the Live API is the reason.
 */
export function alertFigures({
  all,
  refusals,
}: Pick<LiveStatsShard, 'all' | 'refusals'>): Readonly<Record<AlertKind, number>> {
  return {
    usd: all.microUsd / 1_000_000,
    refusals: Object.values(refusals).reduce((sum, count) => sum + count, 0),
    flaggedSessions: all.flagged,
    mintErrors: (refusals['upstream-refused'] ?? 0) + (refusals['upstream-unavailable'] ?? 0),
  };
}

/** The thresholds that the day's figures reach and that are not in `alerted`. None without `thresholds`. */
export function newCrossings(
  figures: Readonly<Record<AlertKind, number>>,
  thresholds: AlertThresholds | null,
  alerted: LiveStatsDocument['alerted'],
): readonly Crossing[] {
  if (!thresholds) return [];
  return (Object.keys(figures) as AlertKind[]).flatMap((kind) => {
    const threshold = thresholds[kind];
    const value = figures[kind];
    return threshold === null || value < threshold || alerted[kind] !== undefined
      ? []
      : [{ kind, value, threshold }];
  });
}
