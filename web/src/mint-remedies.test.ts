import { describe, expect, test } from 'vitest';
import { refusal, ScriptedStage } from './testing.ts';

async function refusedWith(details: object): Promise<unknown> {
  const stage = new ScriptedStage();
  stage.tokens.refusals.push(refusal('permission-denied', details));
  return stage.connect().catch((reason: unknown) => reason);
}

describe('a refusal', () => {
  test.each([
    ['blocked', /operator has blocked/],
    ['revoked', /start a new one/],
    ['app-check', /Initialise App Check/],
    ['model', /gemini-3\.8-live/],
    ['backend', /region/],
    ['spend-day', /share of tokens or money/],
    ['cap-tokens', /Too many people/],
    ['kill-switch', /switched live talks off/],
  ])('%s says what can be done', async (reason, remedy) => {
    const error = await refusedWith({ reason });
    expect(error).toMatchObject({ code: 'request-error', customErrorData: { reason } });
    expect(String(error)).toMatch(remedy);
    expect(String(error)).not.toContain('Try again in');
  });

  test.each([
    [90_000, '90 s'],
    [600_000, '10 min'],
    [5 * 3_600_000, '5 h'],
  ])('says when to try again, in words: %i ms', async (retryAfterMs, text) => {
    const error = await refusedWith({ reason: 'minutes-day', retryAfterMs });
    expect(String(error)).toContain(`Try again in ${text}.`);
    expect(error).toMatchObject({ customErrorData: { retryAfterMs } });
  });
});
