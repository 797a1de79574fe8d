/**
 * Bounds of a report, apart from its shape: who makes reports does not carry the check of them.
 * @module
 */

/** Bounds of a report: more is refused with `invalid-argument`. Ours. */
export const REPORT_LIMITS = {
  events: 100,
  transcriptTurns: 50,
  textCharacters: 4_000,
  tokens: 1_000_000_000,
  seconds: 90_000,
} as const;
