/**
 * The time that is left, in words and as a share. Pure.
 * @module
 */
import type { QuotaAnswer, QuotaLeft } from '@livegate/protocol';

/** One bound of the user's time. */
export interface TimeLeft {
  readonly name: 'day' | 'month';
  /** `9 min left today`. */
  readonly text: string;
  /** 0 to 1 of all there is; `undefined` while the limit is unknown. */
  readonly share: number | undefined;
}

/**
 * What is left of each bound there is: `left` as the last token had it, else as `getLiveQuota` answered. Tokens are
 * charged when they are minted, so nothing of it runs down while one talks.
 */
export function timeLeft(left: QuotaLeft | null, answer: QuotaAnswer | null): readonly TimeLeft[] {
  return (['day', 'month'] as const).flatMap((name) => {
    const limit = answer?.[name].limitSeconds ?? undefined;
    const known = left === null ? undefined : left[`${name}Seconds`];
    const seconds =
      known ?? (left === null && limit !== undefined ? limit - (answer?.[name].usedSeconds ?? 0) : null);
    if (seconds === null) return [];
    return {
      name,
      text: `${secondsText(seconds)} left ${name === 'day' ? 'today' : 'this month'}`,
      share: limit === undefined || limit === 0 ? undefined : Math.min(1, Math.max(0, seconds / limit)),
    };
  });
}

/** Seconds in words, never more than there are: `119 s`, `5 min`. */
export function secondsText(seconds: number): string {
  return seconds < 120 ? `${Math.max(0, Math.floor(seconds))} s` : `${Math.floor(seconds / 60)} min`;
}

/** The rest of a lease as a clock has it: `1:05`. */
export function leaseText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
