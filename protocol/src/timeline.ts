/**
 * The lines of a session's timeline that its page tells: types and figures, never words, arguments, results or
 * handles. Mints and renewals stand in the session's `leases`. Read with `readTimelineDetail` (`timeline-codec.ts`).
 * @module
 */
import type { JsonObject } from './content.ts';
import type { TokensByModality, UsageTotals } from './usage.ts';

/** What one turn used, in tokens; what it used nothing of is left out. `cached` is a part of `prompt`. */
export interface TurnUsage {
  readonly prompt?: TokensByModality;
  readonly response?: TokensByModality;
  readonly toolUse?: TokensByModality;
  readonly cached?: TokensByModality;
  readonly thoughts?: number;
  readonly total?: number;
}

/** The set-up is complete. */
export interface ConnectedDetail {
  /** Number of the lease within the session, from 0. */
  readonly leaseIndex: number;
  /** From asking for a token, or from the close of the connection before, to `setupComplete`, in ms. */
  readonly connectMs?: number;
}

/** Another connection took over. */
export interface ResumedDetail {
  /** `false`: the model starts from a summary of texts instead of its own state. */
  readonly stateRestored: boolean;
  /** A page that was loaded again went on with the session. */
  readonly reload?: boolean;
}

/** The model's turn is over, or the last usage of a connection that belongs to no turn. */
export interface TurnDetail {
  /** From the end of what the user said or sent to the first sound or text of the answer, in ms, where that is known. */
  readonly answerMs?: number;
  /** The user came in. */
  readonly interrupted?: boolean;
  /** The connection was left in the middle of it. */
  readonly cut?: boolean;
  /** Absent where the service counted nothing. The context is billed anew with each turn: the sum is the bill. */
  readonly usage?: TurnUsage;
}

/** A function that the model called. */
export interface ToolCallDetail {
  /** At most {@link TOOL_NAME_CHARACTERS}. */
  readonly name: string;
  /** From the call to its answer or cancellation, in ms. */
  readonly ms: number;
  /**
   * `failed`: the answer is `{ error }`. `cancelled`: by the model, with the state that knew of it, or by the talk's end.
   */
  readonly outcome: 'answered' | 'cancelled' | 'failed';
}

/** Why a connection was left: for the next, or (all others) because the session is over. */
export const CLOSED_WHYS = [
  'lease',
  'goAway',
  'drop',
  'app',
  'server',
  'stopped',
  'lease-over',
  'lost',
  'refused',
] as const;

/** A connection was closed. */
export interface ClosedDetail {
  readonly why: (typeof CLOSED_WHYS)[number];
  /** Of the WebSocket's close; 1006 where nobody said goodbye. */
  readonly code?: number;
  /** Which order or refusal ended the session, by its code. */
  readonly reason?: string;
}

/** Type of a line → its detail. A type without a figure has an empty one. */
export interface TimelineDetails {
  readonly connected: ConnectedDetail;
  /** Another connection took over as planned: at a lease's end, or after a `go-away`. */
  readonly swapped: ResumedDetail;
  /** Another connection took over after a drop, or in a page that was loaded again. */
  readonly resumed: ResumedDetail;
  readonly turn: TurnDetail;
  /** The user came in while the model spoke. */
  readonly interrupted: Readonly<Record<string, never>>;
  readonly 'tool-call': ToolCallDetail;
  /** The service announced that it is about to close the connection. */
  readonly 'go-away': { readonly timeLeftMs: number };
  /** A turn or a tool was cut off by the change of connections. */
  readonly cut: { readonly by: 'lease' | 'goAway' | 'drop' };
  readonly closed: ClosedDetail;
  /** The page went away; it may come back. */
  readonly 'page-hidden': Readonly<Record<string, never>>;
  /** The page went away for good. */
  readonly 'page-left': Readonly<Record<string, never>>;
}

/** Type of a line that this version knows. */
export type TimelineType = keyof TimelineDetails;

/** A line that could be read. */
export type TimelineLine = {
  readonly [T in TimelineType]: { readonly type: T; readonly detail: TimelineDetails[T] };
}[TimelineType];

/** Longest name of a function in a {@link ToolCallDetail}: the most that a declaration may have. */
export const TOOL_NAME_CHARACTERS = 64;

/** The figures of a turn without those that are nothing; `undefined` where all are. */
export function turnUsage({ turns: _, ...figures }: UsageTotals): TurnUsage | undefined {
  const some = Object.entries(figures).filter(([, figure]) =>
    typeof figure === 'number' ? figure > 0 : Object.keys(figure).length > 0,
  );
  return some.length > 0 ? (Object.fromEntries(some) as TurnUsage) : undefined;
}

/** A detail as a report carries it: without the fields that are not set. */
export function asDetail<T extends TimelineType>(detail: TimelineDetails[T]): JsonObject | undefined {
  const set = Object.entries(detail).filter(([, value]) => value !== undefined);
  return set.length > 0 ? (Object.fromEntries(set) as JsonObject) : undefined;
}
