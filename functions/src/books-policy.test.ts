import { LIST_PRICES, type LiveSessionDocument } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { closedBooks } from './books-policy.ts';
import { deadSession, NOON, TALK } from './books-testing.ts';

const order = { price: LIST_PRICES['gemini-3.8-live'] ?? null, now: NOON + 300_000, tells: false };

describe('closedBooks', () => {
  it.each([
    ['reserved', 'expired'],
    ['active', 'expired'],
    ['ended', 'ended'],
    ['revoked', 'revoked'],
    ['failed', 'failed'],
  ] as const)('leaves a session that was %s as %s', (state, final) => {
    const { change } = closedBooks('session-1', deadSession({ state }), order);
    expect(change).toEqual({ open: false, state: final, endedAt: NOON + 120_000 });
  });

  it('keeps the end that a session had', () => {
    const session = deadSession({ state: 'ended', endedAt: NOON + 5_000 });
    expect(closedBooks('session-1', session, order).change.endedAt).toBe(NOON + 5_000);
  });

  it('writes cost, flags and policy for operators, to be purged with the session', () => {
    const session = deadSession();
    expect(closedBooks('session-1', session, order).ops).toEqual({
      v: 1,
      sessionId: 'session-1',
      createdAt: NOON,
      day: '2026-11-21',
      uid: 'alice',
      backend: 'google-ai',
      model: 'gemini-3.8-live',
      templateId: 'support',
      state: 'expired',
      flags: [],
      cost: {
        microUsd: 4_200,
        pricedMicroUsd: 4_200,
        parts: { 'prompt.AUDIO': 3_000, 'response.AUDIO': 1_200 },
        unpriced: [],
        asOf: '2026-11-21',
      },
      policy: 'default@2',
      closedAt: NOON + 300_000,
      purgeAt: session.purgeAt,
    });
    expect(closedBooks('session-1', session, { ...order, price: null }).ops.cost.microUsd).toBeNull();
  });

  it('marks the books of a session that was made up as made up', () => {
    expect(closedBooks('session-1', deadSession({ sample: true }), order).ops.sample).toBe(true);
    expect(closedBooks('session-1', deadSession(), order).ops).not.toHaveProperty('sample');
  });

  it('names the template of a session that was opened before sessions named it', () => {
    const { templateId: _, ...before } = deadSession({ template: 'support@3' });
    const templateOf = (session: object) =>
      closedBooks('session-1', session as LiveSessionDocument, order).ops.templateId;
    expect(templateOf(before)).toBe('support');
    expect(templateOf({ ...before, template: null })).toBeNull();
  });

  it('costs what the relay measured where it did', () => {
    const metered = { seconds: 50, totals: { ...TALK, response: {} } };
    expect(closedBooks('session-1', deadSession({ metered }), order).ops.cost.microUsd).toBe(3_000);
  });

  it('counts in the day in which the session began, however late it closes', () => {
    const createdAt = Date.parse('2026-11-20T23:59:59Z');
    expect(closedBooks('session-1', deadSession({ createdAt }), order)).toMatchObject({
      day: '2026-11-20',
      shard: 3,
    });
  });

  it('marks a session as untold only where somebody is to be told', () => {
    expect(closedBooks('session-1', deadSession(), { ...order, tells: true }).change.unsettled).toBe(true);
    expect(closedBooks('session-1', deadSession(), order).change).not.toHaveProperty('unsettled');
  });

  it('adds to the month of its user in which the session began', () => {
    const createdAt = Date.parse('2026-10-31T23:59:59Z');
    const { usage, addition } = closedBooks('session-1', deadSession({ createdAt }), order);
    expect(usage).toEqual({
      uid: 'alice',
      month: '2026-10',
      figures: addition.all,
      closedAt: NOON + 300_000,
    });
  });

  it('closes and counts the session of an erased user like any other, and adds to no month of theirs', () => {
    expect(closedBooks('session-1', deadSession({ erased: true }), order)).toEqual({
      ...closedBooks('session-1', deadSession(), order),
      usage: null,
    });
  });
});
