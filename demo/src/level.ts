/** Quietest level that moves a meter, in dBFS. A silent room is below it. */
const FLOOR_DBFS = -60;

/**
 * Where a meter stands for a loudness: 0 at −60 dBFS and below, 1 at full scale, even steps of loudness between.
 * `rms` is the root mean square of samples in [−1, 1].
 */
export function levelOf(rms: number): number {
  const dbfs = 20 * Math.log10(rms);
  return Math.min(1, Math.max(0, 1 - dbfs / FLOOR_DBFS));
}
