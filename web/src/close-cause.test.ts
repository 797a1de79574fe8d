import { describe, expect, test } from 'vitest';
import { closeCause, failureCause } from './close-cause.ts';
import { AIError } from './errors.ts';

const nothing = { stop: undefined, lapsed: undefined };

describe('closeCause', () => {
  test('tells an end, a fault and a drop apart', () => {
    expect(closeCause({ code: 1000, reason: 'bye' }, nothing)).toEqual({
      reason: 'server',
      code: 1000,
      detail: 'bye',
    });
    expect(closeCause({ code: 1007, reason: '' }, nothing)).toMatchObject({ reason: 'refused' });
    for (const code of [1006, 1008, 1011]) expect(closeCause({ code, reason: '' }, nothing)).toBeUndefined();
  });

  test('does not bring back a session that was to stop, or whose lease is over', () => {
    const expired = { code: 1008, reason: 'expired' };
    expect(closeCause(expired, { ...nothing, stop: { reason: 'revoked' } })).toMatchObject({
      reason: 'stopped',
    });
    expect(closeCause(expired, { ...nothing, lapsed: { refusal: 'minutes-day' } })).toEqual({
      reason: 'lease-over',
      refusal: 'minutes-day',
    });
    expect(closeCause(expired, { ...nothing, lapsed: { refusal: undefined } })).toEqual({
      reason: 'lease-over',
    });
  });
});

describe('failureCause', () => {
  test('names a final refusal, else how the connection was lost', () => {
    const over = new AIError('request-error', 'no', { reason: 'session-over' });
    expect(failureCause(over, undefined)).toEqual({ reason: 'lease-over', refusal: 'session-over' });
    const busy = new AIError('request-error', 'no', { reason: 'contention' });
    expect(failureCause(busy, { code: 1011, reason: 'x' })).toEqual({
      reason: 'lost',
      code: 1011,
      detail: 'x',
    });
    const refused = new AIError('response-error', 'no', { closeCode: 1008, closeReason: 'y' });
    expect(failureCause(refused, { code: 1006, reason: '' })).toEqual({
      reason: 'lost',
      code: 1008,
      detail: 'y',
    });
  });
});
