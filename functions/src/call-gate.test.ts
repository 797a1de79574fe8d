import { describe, expect, it } from 'vitest';
import { createCallGate } from './call-gate.ts';
import { createFullMemory } from './full-memory.ts';
import { Refusal } from './refusal.ts';

const detailsOf = (call: () => void): object => {
  try {
    call();
    return {};
  } catch (error) {
    if (error instanceof Refusal) return error.details;
    throw error;
  }
};

describe('createCallGate', () => {
  it('lets a minute of calls through at once, then as many as the minute has, and each user by themselves', () => {
    let now = 0;
    const gate = createCallGate({ now: () => now, perMinute: 3 });
    for (let call = 0; call < 3; call++) expect(detailsOf(() => gate.pass('u'))).toEqual({});
    expect(detailsOf(() => gate.pass('u'))).toEqual({ reason: 'rate', retryAfterMs: 20_000 });
    expect(detailsOf(() => gate.pass('v'))).toEqual({});
    now = 19_999;
    expect(detailsOf(() => gate.pass('u'))).toEqual({ reason: 'rate', retryAfterMs: 1 });
    now = 20_000;
    expect(detailsOf(() => gate.pass('u'))).toEqual({});
  });
});

describe('createFullMemory', () => {
  it('repeats a refusal for ten seconds, under its own key, and says when the bound has room', async () => {
    let now = 0;
    const full = createFullMemory({ now: () => now });
    const refusal = new Refusal('cap-minutes', 'full', { retryAfterMs: 60_000 });
    const keyOf = (reason: string): string | undefined => (reason === 'cap-minutes' ? 'caps' : undefined);
    await expect(full.watch(keyOf, () => Promise.reject(refusal))).rejects.toBe(refusal);
    now = 9_999;
    expect(detailsOf(() => full.check('caps'))).toEqual({ reason: 'cap-minutes', retryAfterMs: 50_001 });
    expect(detailsOf(() => full.check('pool/x'))).toEqual({});
    now = 10_000;
    expect(detailsOf(() => full.check('caps'))).toEqual({});
  });

  it('remembers nothing of a refusal that is one user’s own', async () => {
    const full = createFullMemory({ now: () => 0 });
    const refusal = new Refusal('concurrency', 'full');
    await expect(
      full.watch(
        () => undefined,
        () => Promise.reject(refusal),
      ),
    ).rejects.toBe(refusal);
    expect(detailsOf(() => full.check('caps'))).toEqual({});
  });
});
