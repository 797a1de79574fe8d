/**
 * Where the lines of a timeline go: the first of them into the session itself, which a report writes anyway, so that a
 * usual talk costs no document more. Pure.
 * @module
 */
import type { ReportEvent } from '@livegate/protocol';

/** Lines that a session holds itself, and most JSON of them. Ours: a lively talk of five minutes, and a small document. */
export const TIMELINE_LINES = 60;
export const TIMELINE_CHARACTERS = 8_000;

/** A timeline with a report's lines in it, and the lines that did not fit, in order. A line that is known is left out. */
export function timelineWith(
  known: readonly ReportEvent[],
  told: readonly ReportEvent[],
): { readonly timeline: readonly ReportEvent[]; readonly rest: readonly ReportEvent[] } {
  const ids = new Set(known.map(({ id }) => id));
  const fresh = told.filter(({ id }) => !ids.has(id) && ids.add(id));
  let characters = JSON.stringify(known).length;
  let fits = 0;
  for (const line of fresh) {
    characters += JSON.stringify(line).length + 1;
    if (known.length + fits >= TIMELINE_LINES || characters > TIMELINE_CHARACTERS) break;
    fits += 1;
  }
  return { timeline: [...known, ...fresh.slice(0, fits)], rest: fresh.slice(fits) };
}
