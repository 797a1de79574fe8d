/**
 * When trying again can help, in words. Pure.
 * @module
 */

/** How long to wait, in words: `now`, `12 s`, `3 min`, `5 h`. Never less than it is. */
export function waitText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds <= 0) return 'now';
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}

/**
 * The time of day at `at`, with its date where that is not today: `14:05`, `1 Dec 00:00`. Epoch ms, in the viewer's
 * zone unless one is given. Rounded up to the minute: at that time it can be tried.
 */
export function clockText(
  at: number,
  { now, zone }: { readonly now: number; readonly zone?: string },
): string {
  const full = Math.ceil(at / 60_000) * 60_000;
  const own = zone === undefined ? {} : { timeZone: zone };
  const day = new Intl.DateTimeFormat('en-GB', { ...own, day: 'numeric', month: 'short' });
  const time = new Intl.DateTimeFormat('en-GB', { ...own, hour: '2-digit', minute: '2-digit' }).format(full);
  return day.format(full) === day.format(now) ? time : `${day.format(full)} ${time}`;
}
