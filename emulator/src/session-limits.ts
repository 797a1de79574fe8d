/**
 * How long a session may last. Without compression of its context 15 minutes, with video 2: what the window holds, says
 * the service ("due to token limits"; Vertex AI, Start and manage live sessions, read 2026-11-21). With it there is
 * no limit.
 * @module
 */
import type { EmulatorSettings } from './options.ts';

/** Time that a session has behind it, in ms: connected, and connected since its first video frame. */
export interface SessionAge {
  readonly ageMs: number;
  /** Absent where no video came. */
  readonly videoAgeMs?: number;
}

/** The choices that {@link SessionLimits} follow. */
export type SessionLimitRules = Pick<
  EmulatorSettings,
  'sessionLimitMs' | 'videoSessionLimitMs' | 'sessionLimitCounts'
>;

/** The limits of one session on one of its connections. Times are epoch ms. */
export class SessionLimits {
  readonly #rules: SessionLimitRules;
  readonly #isCompressed: boolean;
  readonly #startMs: number;
  #videoStartMs: number | undefined;

  /** A session set up at `nowMs`; `before` is what it brings from the connection that it resumes. */
  constructor(
    rules: SessionLimitRules,
    isCompressed: boolean,
    before: SessionAge | undefined,
    nowMs: number,
  ) {
    const counted = rules.sessionLimitCounts === 'session' ? before : undefined;
    this.#rules = rules;
    this.#isCompressed = isCompressed;
    this.#startMs = nowMs - (counted?.ageMs ?? 0);
    this.#videoStartMs = counted?.videoAgeMs === undefined ? undefined : nowMs - counted.videoAgeMs;
  }

  /** When the session ends; `Infinity` where it may go on. */
  get endsAtMs(): number {
    if (this.#isCompressed) return Number.POSITIVE_INFINITY;
    const { sessionLimitMs, videoSessionLimitMs } = this.#rules;
    const videoEndMs = (this.#videoStartMs ?? Number.POSITIVE_INFINITY) + videoSessionLimitMs;
    return Math.min(this.#startMs + sessionLimitMs, videoEndMs);
  }

  /** A video frame came. True for the first of the session: its end has moved. */
  seeVideo(nowMs: number): boolean {
    if (this.#videoStartMs !== undefined) return false;
    this.#videoStartMs = nowMs;
    return true;
  }

  /** What a session that is resumed from here brings along. */
  age(nowMs: number): SessionAge {
    return {
      ageMs: nowMs - this.#startMs,
      ...(this.#videoStartMs !== undefined && { videoAgeMs: nowMs - this.#videoStartMs }),
    };
  }
}
