/**
 * The end of a turn that never came.
 * @module
 */
import type { LiveServerContent, LiveServerMessage } from './live-types.ts';

/**
 * The end of a turn that a lost connection cut off, so that a loop which waits for the end of the turn goes on.
 * `cut` says by what.
 */
export function cutTurn(by: string): LiveServerMessage {
  return { type: 'serverContent', turnComplete: true, cut: by } as LiveServerContent;
}
