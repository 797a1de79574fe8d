/**
 * WebSocket close codes of the Live API and what a client does about each. Source: codes and texts collected
 * from public threads and troubleshooting pages, read 2026-11-21; the service documents none of them.
 * @module
 */

/** Codes by meaning. 1007 and 1008 are the service's "your fault", 1011 is its own. */
export const CLOSE_CODE = {
  normal: 1000,
  abnormal: 1006,
  invalidArgument: 1007,
  policyViolation: 1008,
  internal: 1011,
} as const;

/** What a client does after a close: stop, come back with its handle, start afresh with history, or give up. */
export type CloseRemedy = 'end' | 'resume' | 'restart' | 'fatal';

/** Where in its life the socket closed. */
export type CloseMoment = 'setup' | 'resuming' | 'talking';

/** Decides what to do about a close. Codes nobody has seen are treated like a lost network: resume. */
export function closeRemedy(code: number, moment: CloseMoment): CloseRemedy {
  if (code === CLOSE_CODE.normal) return 'end';
  if (code !== CLOSE_CODE.invalidArgument && code !== CLOSE_CODE.policyViolation) return 'resume';
  if (moment === 'resuming') return 'restart';
  return moment === 'setup' || code === CLOSE_CODE.invalidArgument ? 'fatal' : 'resume';
}

/** A close reason holds at most 123 bytes of UTF-8 (RFC 6455, 5.5). */
export const CLOSE_REASON_MAX_BYTES = 123;

/** Cuts a reason to {@link CLOSE_REASON_MAX_BYTES} without splitting a character. */
export function closeReason(text: string): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (bytes > CLOSE_REASON_MAX_BYTES) break;
    kept += character;
  }
  return kept;
}
