/**
 * WebSocket close codes in words. Pure.
 * @module
 */
import { CLOSE_CODE, type CloseRemedy, closeRemedy } from '@livegate/protocol';

const WORDS: Readonly<Record<number, string>> = {
  [CLOSE_CODE.normal]: 'a normal close',
  1001: 'the page or the server went away',
  1005: 'closed without a code',
  [CLOSE_CODE.abnormal]: 'the connection broke, nobody said goodbye',
  [CLOSE_CODE.invalidArgument]: 'the service found something wrong in what it was sent',
  [CLOSE_CODE.policyViolation]: 'the service did not allow something: model, token or feature',
  [CLOSE_CODE.internal]: 'the service failed, or its time for a connection was over',
};

const REMEDIES = {
  resume: 'a page comes back after it',
  restart: 'a page begins afresh after it',
  fatal: 'coming back does not help',
} as const satisfies Readonly<Record<Exclude<CloseRemedy, 'end'>, string>>;

/** What a close code means: `1006: the connection broke, nobody said goodbye`. */
export function closeWords(code: number): string {
  return `${code}: ${WORDS[code] ?? 'a code that the Live API is not known to send'}`;
}

/** What the web module does about a close in the middle of a talk; `null` for a normal one, which it makes itself. */
export function closeRemedyWords(code: number): string | null {
  const remedy = closeRemedy(code, 'talking');
  return remedy === 'end' ? null : REMEDIES[remedy];
}
