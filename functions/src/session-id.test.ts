import { describe, expect, it } from 'vitest';
import { Refusal } from './refusal.ts';
import { checkSessionOf, makeSessionId } from './session-id.ts';

describe('session ids', () => {
  const id = makeSessionId('AbCdEfGhIjKlMnOpQrSt', 'alice');

  it('are plain enough for a path, an id and a log line', () => {
    expect(id).toMatch(/^[A-Za-z0-9]{26}$/);
  });

  it.each([
    ['alice', id, 'taken'],
    ['bob', id, 'not-owner'],
    ['alice', `${id.slice(0, -1)}_`, 'not-owner'],
    ['alice', 'no-such-session', 'not-owner'],
    ['alice', '', 'not-owner'],
  ])('are judged for %s without a look at any document: %s', (uid, sessionId, verdict) => {
    let found = 'taken';
    try {
      checkSessionOf(uid, sessionId);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      found = error.details.reason;
    }
    expect(found).toBe(verdict);
  });
});
