/**
 * What time it is by the server that the page came from: a viewer's clock may be hours off, and what is live, what is
 * over and which UTC day it is would be off with it.
 * @module
 */

/** Differences below this one, in ms, are left alone: an answer tells whole seconds, and takes a while. Ours. */
const LEAST_MS = 5_000;

let aheadMs = 0;

/** Now, in epoch ms: by the server, once {@link setClock} was told of it. */
export function clockNow(): number {
  return Date.now() + aheadMs;
}

/** Takes over how far the server's clock is ahead of the viewer's, in ms. */
export function setClock(ahead: number): void {
  aheadMs = ahead;
}

/** An answer of the server, and the viewer's time around it, in epoch ms. */
export interface TimedAnswer {
  readonly headers: Pick<Headers, 'get'>;
  readonly askedAt: number;
  readonly answeredAt: number;
}

/**
 * How far the server's clock is ahead of the viewer's, in ms; 0 where an answer does not tell, or tells of a difference
 * that means nothing.
 */
export function serverAhead({ headers, askedAt, answeredAt }: TimedAnswer): number {
  const date = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(date)) return 0;
  // A cache on the way kept the answer for so long. Some caches tell the time of then, others that of now: what is
  // nearer to the viewer's clock is taken, so that none makes a right clock wrong.
  const age = Number(headers.get('age') ?? 0);
  const keptMs = Number.isFinite(age) && age > 0 ? age * 1_000 : 0;
  const viewer = (askedAt + answeredAt) / 2;
  const [ahead = 0] = [date - viewer, date + keptMs - viewer].sort((a, b) => Math.abs(a) - Math.abs(b));
  return Math.abs(ahead) < LEAST_MS ? 0 : Math.round(ahead);
}
