/**
 * What a session tells beside what it yields.
 * @module
 */
import type { QuotaLeft, RefusalReason, StopNotice, UsageTotals } from '@livegate/protocol';
import type { Listener } from './event-hub.ts';

/**
 * - `connecting`: not open yet
 * - `open`: talking
 * - `swapping`: moving to the next lease's socket as planned; sends are held
 * - `resuming`: coming back after a drop; sends are held
 * - `closed`: over
 */
export type LiveSessionState = 'connecting' | 'open' | 'swapping' | 'resuming' | 'closed';

/**
 * Why a session is over.
 * - `app`: `close()` was called
 * - `server`: the server ended it with 1000
 * - `stopped`: an operator, the quota or a limit ended it; `notice` says which
 * - `lease-over`: no further lease was given; `refusal` says why, where a reason was given
 * - `lost`: the connection broke and could not be brought back
 * - `refused`: the server closed it with a code that says the session is at fault
 */
export type LiveCloseCause =
  | { readonly reason: 'app' }
  | { readonly reason: 'server'; readonly code: number; readonly detail: string }
  | { readonly reason: 'stopped'; readonly notice: StopNotice }
  | { readonly reason: 'lease-over'; readonly refusal?: RefusalReason }
  | { readonly reason: 'lost'; readonly code: number; readonly detail: string }
  | { readonly reason: 'refused'; readonly code: number; readonly detail: string };

/** Event name → what its listeners get. */
export interface LiveSessionEvents {
  state: { readonly state: LiveSessionState; readonly cause?: LiveCloseCause };
  /** After each `usageMetadata`: sums over the whole session and over the running connection. */
  usage: { readonly session: UsageTotals; readonly connection: UsageTotals };
  /** After each token: seconds left to the user; `null` is no bound. */
  quota: QuotaLeft;
  /** The server is about to close the connection; the session moves by itself. */
  goAway: { readonly timeLeftMs: number };
  /** The session is to end: at once, or after the turn that runs. */
  stop: StopNotice;
  /** A turn was cut: audio already received plays out, the rest does not come. */
  cut: { readonly by: 'lease' | 'goAway' | 'drop' };
  /**
   * A new connection took over. `stateRestored: false`: the model starts from a summary of texts instead of its
   * own state. `resentMs` of microphone audio was sent again.
   */
  resumed: { readonly stateRestored: boolean; readonly resentMs: number };
  /** A tool result was not sent, because its call is unknown to the resumed state. */
  toolResultDropped: { readonly id: string };
  /** Slow `receive()`s lost messages: how many with audio, how many others, since the last such event (100 ms). */
  missed: { readonly audio: number; readonly content: number };
  /** Audio said while no connection was open was too long to keep; this much of its beginning is gone. */
  unsent: { readonly ms: number };
  /** A piece of a transcript, and the turn's text so far. */
  transcript: { readonly role: 'user' | 'model'; readonly text: string; readonly turn: string };
  /**
   * For developers, such as a model past its shutdown date; on the console where nobody listens. Never quotes what
   * was said.
   */
  warning: { readonly message: string };
}

/** Listens to one kind of event. */
export type LiveSessionListener<K extends keyof LiveSessionEvents> = Listener<LiveSessionEvents[K]>;
