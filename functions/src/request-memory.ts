/**
 * Answers of the last minute, so that a repeated request gets what the first one got. In memory only: an answer
 * holds a token, and tokens are stored nowhere.
 * @module
 */
import { REQUEST_MEMORY_MS } from './quota-window.ts';

/** Runs each request once. */
export interface RequestMemory<T> {
  /** The first call with `key` runs `work`; others within a minute get its result, or wait for it. A failure is forgotten. */
  once(key: string, work: () => Promise<T>): Promise<T>;
}

/** A {@link RequestMemory} that holds at most `limit` answers, the oldest going first. */
export function createRequestMemory<T>(options: {
  readonly now: () => number;
  readonly limit?: number;
}): RequestMemory<T> {
  const { now, limit = 1_000 } = options;
  const answers = new Map<string, { readonly at: number; readonly answer: Promise<T> }>();
  return {
    once(key, work) {
      for (const [each, { at }] of answers) {
        if (now() - at < REQUEST_MEMORY_MS && answers.size <= limit) break;
        answers.delete(each);
      }
      const held = answers.get(key);
      if (held) return held.answer;
      const answer = work();
      answers.set(key, { at: now(), answer });
      answer.catch(() => answers.delete(key));
      return answer;
    },
  };
}
