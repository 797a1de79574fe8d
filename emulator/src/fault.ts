/**
 * What can be made to go wrong, and when: the words that options, scenarios and the control API share. Times in ms
 * on the emulator's clock. `docs/faults.md` says what a client sees of each.
 * @module
 */
import type { JsonObject, ServerKind } from '@livegate/protocol';

/** A way of the line: `out` to the client, `in` to the emulator. */
export type FaultDirection = 'out' | 'in' | 'both';

/**
 * Befalls one message: the one that its moment names, else the next one out.
 * - `lose`: it never arrives.
 * - `duplicate`: it arrives `copies` (default 1) times more.
 * - `reorder`: it changes places with the one after it, or comes late by `withinMs` (default 1,000) where none follows.
 * - `truncate`: only the first `keep` (share of its text, default 0.5) arrives, as a whole frame. Out only.
 * - `malform`: `not-json` and `not-utf8` spoil it, `unknown-message` puts one with an unknown key alone before it,
 *   `unknown-field` adds a field to each of its payloads. Out only.
 * - `break-frame`: half of its WebSocket frame arrives, then the connection is cut. Out only.
 */
export type MessageFault =
  | { readonly kind: 'lose' }
  | { readonly kind: 'duplicate'; readonly copies?: number }
  | { readonly kind: 'reorder'; readonly withinMs?: number }
  | { readonly kind: 'truncate'; readonly keep?: number }
  | {
      readonly kind: 'malform';
      readonly how: 'not-json' | 'not-utf8' | 'unknown-message' | 'unknown-field';
    }
  | { readonly kind: 'break-frame' };

/**
 * Holds for `forMs`, for ever where left out.
 * - `stall`: nothing goes out; what is held goes when it ends.
 * - `slow-reader`: nothing is read, so that the client's own buffer fills.
 * - `shape`: messages take their time and keep their order: `bytesPerSecond` (after `burstBytes`, default 0, at
 *   once), then `latencyMs`, then up to `jitterMs` more by the seed. Default direction: `both`.
 * - `bursty-audio`: audio going out is kept back and let go every `holdMs`, no faster than `rate` times real time.
 */
export type LineFault =
  | { readonly kind: 'stall'; readonly forMs?: number }
  | { readonly kind: 'slow-reader'; readonly forMs?: number }
  | {
      readonly kind: 'shape';
      readonly direction?: FaultDirection;
      readonly bytesPerSecond?: number;
      readonly burstBytes?: number;
      readonly latencyMs?: number;
      readonly jitterMs?: number;
      readonly forMs?: number;
    }
  | {
      readonly kind: 'bursty-audio';
      readonly holdMs: number;
      readonly rate?: number;
      readonly forMs?: number;
    };

/**
 * - `drop`: the connection is cut without a close frame.
 * - `close`: a close frame of any code, 1000 to 65,535. 1005 goes as a frame without a code; 1006 and 1015, which no frame
 *   can carry, are cuts; one that RFC 6455 reserves goes out all the same.
 * - `go-away`: the end is announced, `timeLeftMs` (default: the notice time) before it comes.
 * - `expire-token`: the connection's token dies `afterMs` (default 0) from now; its connections close as expired.
 * - `invalidate-handles`: no handle that the connection's conversation was given resumes any more.
 */
export type EndFault =
  | { readonly kind: 'drop' }
  | { readonly kind: 'close'; readonly code: number; readonly reason?: string }
  | { readonly kind: 'go-away'; readonly timeLeftMs?: number }
  | { readonly kind: 'expire-token'; readonly afterMs?: number }
  | { readonly kind: 'invalidate-handles' };

/** What can befall an open connection: a step of an answer, or of a {@link FaultRule}. */
export type Fault = MessageFault | LineFault | EndFault;

/**
 * Befalls a connection before it is one.
 * - `refuse`: an HTTP status instead of 101, 400 to 599; `body` as given, else Google's error of that status.
 * - `hang`: no answer for `forMs`, for ever where left out; then as usual.
 * - `reset`: the TCP connection is reset.
 */
export type UpgradeFault =
  | {
      readonly kind: 'refuse';
      readonly status: number;
      readonly body?: string | JsonObject;
      readonly retryAfterSeconds?: number;
    }
  | { readonly kind: 'hang'; readonly forMs?: number }
  | { readonly kind: 'reset' };

/** Befalls a request for a token: as at the upgrade, or `lose-answer`: the token is made, and the connection reset. */
export type TokenFault = UpgradeFault | { readonly kind: 'lose-answer' };

/**
 * Which connections: the next one, all, one by its id, those of a token by its hash (`LiveSessionView.tokenHash`), or a
 * share of them, 0 to 1, drawn by the seed.
 */
export type FaultScope =
  | 'every-connection'
  | 'next-connection'
  | { readonly session: string }
  | { readonly token: string }
  | { readonly share: number };

/**
 * When, on a connection. Counts begin at 1, and with the connection or the rule, whichever is younger.
 * - `open`: before setup. `setup-complete`: just after `setupComplete` went. `now`: on connections that are open.
 * - `messageOut`, `messageIn`: before that message, or each; `of` counts only messages with that key,
 *   or with audio.
 * - `turn`: before that turn's answer. `audioMs`: once so much audio of an answer (of that turn's, where named) has gone.
 * - `afterMs`: so long after.
 */
export type FaultMoment =
  | 'open'
  | 'setup-complete'
  | 'now'
  | { readonly messageOut: number | 'each'; readonly of?: ServerKind | 'audio' }
  | { readonly messageIn: number | 'each' }
  | { readonly turn: number | 'each'; readonly audioMs?: number }
  | { readonly audioMs: number }
  | { readonly afterMs: number };

interface RuleReach {
  /** Default `every-connection`. At `token-request` a connection is a request. */
  readonly scope?: FaultScope;
  /** How often in all. Default: wherever it applies. */
  readonly times?: number;
}

/** A fault, where it befalls, when and how often. Without `at`: as soon as may be, at `open` or `now`. */
export type FaultRule =
  | (RuleReach & { readonly at?: FaultMoment; readonly fault: Fault })
  | (RuleReach & { readonly at: 'upgrade'; readonly fault: UpgradeFault })
  | (RuleReach & { readonly at: 'token-request'; readonly fault: TokenFault });

/** A rule that may still befall something new, by the name that journal entries give it. */
export interface StandingFault {
  readonly id: string;
  readonly rule: FaultRule;
}
