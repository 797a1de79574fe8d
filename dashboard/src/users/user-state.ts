/**
 * What the page of a user works out of what it was told. Pure.
 * @module
 */
import type { EraseAnswer, LiveUserAnswer } from '@livegate/protocol';
import type { Session } from '../session-document.ts';

/** When the last token of these sessions dies, in epoch ms; `null` where none is alive at `nowMs`. */
export function lastDeath(sessions: readonly Session[], nowMs: number): number | null {
  const alive = sessions.filter(({ document }) => document.state !== 'failed' && document.deadAt > nowMs);
  return alive.length === 0 ? null : Math.max(...alive.map(({ document }) => document.deadAt));
}

/** Minutes of a day with `minutes` given on top, in place of what was given before; `null` for no limit. */
export function raisedLimit(
  { day, raisedMinutes }: Pick<LiveUserAnswer, 'day' | 'raisedMinutes'>,
  minutes: number,
): number | null {
  return day.limitSeconds === null ? null : day.limitSeconds / 60 - raisedMinutes + minutes;
}

/** Reads minutes as they were typed: a whole number from 0 to 1,440; `undefined` for anything else. */
export function typedMinutes(typed: string): number | undefined {
  const text = typed.trim();
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const minutes = Number(text);
  return minutes <= 1_440 ? minutes : undefined;
}

/** What an erasure has removed so far, and how it stands. */
export interface Erasure {
  readonly sessions: number;
  readonly events: number;
  readonly auditEntries: number;
  /** Sessions whose token is alive. */
  readonly live: number;
  /**
   * - `going`: call again
   * - `waiting`: what is left goes later, by itself
   * - `done`: nothing is left
   */
  readonly state: 'going' | 'waiting' | 'done';
}

/** Nothing removed yet. */
export const ERASURE_BEGINS: Erasure = { sessions: 0, events: 0, auditEntries: 0, live: 0, state: 'going' };

/** The erasure after another call. One that changed nothing and is not done waits for a token or a day to end. */
export function erasureAfter(before: Erasure, answer: EraseAnswer): Erasure {
  const { sessions, events, auditEntries, live, done } = answer;
  const changed = sessions + events + auditEntries > 0;
  return {
    sessions: before.sessions + sessions,
    events: before.events + events,
    auditEntries: before.auditEntries + auditEntries,
    live,
    state: done ? 'done' : changed ? 'going' : 'waiting',
  };
}
