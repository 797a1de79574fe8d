/**
 * When a connection is to end: its own limit or its session's, announced before, and its token's expiry, which is not.
 * @module
 */
import type { ClosingCondition } from './closings.ts';
import type { EmulatorSettings } from './options.ts';

/** Something that is due. */
export type Due =
  | { readonly kind: 'go-away'; readonly timeLeftMs: number }
  | { readonly kind: 'close'; readonly condition: ClosingCondition };

/** The deadlines of one connection. Times are epoch ms. */
export class Deadlines {
  readonly #expiresAtMs: number;
  readonly #noticeMs: number;
  #closeAtMs: number;
  #closeFor: ClosingCondition = 'connection-limit';
  #announceAtMs: number;

  constructor(
    openedAtMs: number,
    expiresAtMs: number,
    { connectionLimitMs, goAwayNoticeMs }: Pick<EmulatorSettings, 'connectionLimitMs' | 'goAwayNoticeMs'>,
  ) {
    this.#expiresAtMs = expiresAtMs;
    this.#noticeMs = goAwayNoticeMs;
    this.#closeAtMs = openedAtMs + connectionLimitMs;
    this.#announceAtMs = Math.max(openedAtMs, this.#closeAtMs - goAwayNoticeMs);
  }

  /** The next of them. Nothing is announced before the session is ready to hear it. */
  nextMs(isReady: boolean): number {
    return Math.min(
      this.#expiresAtMs,
      this.#closeAtMs,
      isReady ? this.#announceAtMs : Number.POSITIVE_INFINITY,
    );
  }

  /** Moves the end to `timeLeftMs` from now, announced at once. */
  bringForward(nowMs: number, timeLeftMs = this.#noticeMs): void {
    this.#closeAtMs = nowMs + timeLeftMs;
    this.#closeFor = 'connection-limit';
    this.#announceAtMs = nowMs;
  }

  /** The session itself ends at `endMs`, announced like the connection's end; nothing changes where that comes first. */
  endAt(endMs: number, nowMs: number): void {
    if (endMs >= this.#closeAtMs) return;
    this.#closeAtMs = endMs;
    this.#closeFor = 'session-limit';
    this.#announceAtMs = Math.max(nowMs, endMs - this.#noticeMs);
  }

  /** What is due; the announcement once. */
  due(nowMs: number, isReady: boolean): Due | undefined {
    if (nowMs >= this.#expiresAtMs) return { kind: 'close', condition: 'token-expired' };
    if (nowMs >= this.#closeAtMs) return { kind: 'close', condition: this.#closeFor };
    if (!isReady || nowMs < this.#announceAtMs) return undefined;
    this.#announceAtMs = Number.POSITIVE_INFINITY;
    return { kind: 'go-away', timeLeftMs: this.#closeAtMs - nowMs };
  }
}
