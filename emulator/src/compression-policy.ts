/**
 * What becomes of a context before a turn is run: it fits, its oldest part is dropped, or it is too long. Source: the
 * documentation of ContextWindowCompressionConfig and SlidingWindow in @google/genai 3.1.0, read 2026-11-21.
 * @module
 */
import type { LiveSetup } from '@livegate/protocol';
import type { HistoryEntry } from './answer.ts';

/** Part of the window at which compression sets in where the setup names no count. */
const TRIGGER_PART = 0.8;

/** The bounds of one context, in tokens. */
export interface WindowRules {
  readonly windowTokens: number;
  /** Present where the setup asks for compression. */
  readonly compression?: { readonly triggerTokens: number; readonly targetTokens: number };
}

/** The bounds that a setup asks for in a window of `windowTokens`. A target over the trigger counts as the trigger. */
export function windowRules(
  { contextWindowCompression: asked }: Pick<LiveSetup, 'contextWindowCompression'>,
  windowTokens: number,
): WindowRules {
  if (asked === undefined) return { windowTokens };
  const triggerTokens = asked.triggerTokens ?? Math.floor(windowTokens * TRIGGER_PART);
  const targetTokens = asked.slidingWindow?.targetTokens ?? Math.floor(triggerTokens / 2);
  return {
    windowTokens,
    compression: { triggerTokens, targetTokens: Math.min(targetTokens, triggerTokens) },
  };
}

/** True for an entry that a context may begin with once it was cut: the user's, and no answer to a call. */
export function startsUserTurn({ role, functionResponses }: HistoryEntry): boolean {
  return role === 'user' && functionResponses === undefined;
}

/** What is to be done: keep the entries from `from` on (0: all), or end the session. */
export type WindowVerdict = { readonly kind: 'keep'; readonly from: number } | { readonly kind: 'over' };

/**
 * Judges a context before its turn is run. `fixedTokens` is what always stays, instruction and tools. Over the trigger
 * as many of the newest entries stay as the target holds, from the start of a user's turn on; the last turn always does.
 */
export function judgeWindow(
  entries: readonly { readonly tokens: number; readonly startsTurn: boolean }[],
  fixedTokens: number,
  { windowTokens, compression }: WindowRules,
): WindowVerdict {
  const all = entries.reduce((sum, { tokens }) => sum + tokens, fixedTokens);
  if (compression === undefined || all <= compression.triggerTokens)
    return all > windowTokens ? { kind: 'over' } : { kind: 'keep', from: 0 };
  let left = all;
  let last = { from: 0, tokens: all };
  for (const [from, { tokens, startsTurn }] of entries.entries()) {
    if (startsTurn) last = { from, tokens: left };
    if (startsTurn && left <= compression.targetTokens) break;
    left -= tokens;
  }
  return last.tokens > windowTokens ? { kind: 'over' } : { kind: 'keep', from: last.from };
}
