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

describe('the memory of a gate', () => {
  it('holds so many users and no more: the oldest begins anew', () => {
    const gate = createCallGate({ now: () => 0, perMinute: 1 });
    gate.pass('first');
    expect(detailsOf(() => gate.pass('first'))).toMatchObject({ reason: 'rate' });
    for (let user = 0; user < 5_000; user++) gate.pass(`user-${user}`);
    expect(detailsOf(() => gate.pass('first'))).toEqual({});
    expect(detailsOf(() => gate.pass('user-4999'))).toMatchObject({ reason: 'rate' });
  });
});

describe('createFullMemory', () => {
  const refusal = new Refusal('cap-minutes', 'full', { retryAfterMs: 60_000 });

  it('repeats a refusal for ten seconds where all shares are full, and says when there is room', () => {
    let now = 0;
    const full = createFullMemory({ now: () => now });
    full.note('caps/0', refusal);
    expect(detailsOf(() => full.checkAll(['caps/0', 'caps/1']))).toEqual({});
    full.note('caps/1', refusal);
    now = 9_999;
    expect([full.isFull('caps/0'), full.isFull('caps/2')]).toEqual([true, false]);
    expect(detailsOf(() => full.checkAll(['caps/0', 'caps/1']))).toEqual({
      reason: 'cap-minutes',
      retryAfterMs: 50_001,
    });
    expect(detailsOf(() => full.checkAll(['caps/0', 'caps/1', 'caps/2']))).toEqual({});
    expect(detailsOf(() => full.checkAll([]))).toEqual({});
    now = 10_000;
    expect(full.isFull('caps/0')).toBe(false);
    expect(detailsOf(() => full.checkAll(['caps/0', 'caps/1']))).toEqual({});
  });
});
