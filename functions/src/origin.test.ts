import { describe, expect, it } from 'vitest';
import { addressOf, originOf } from './origin.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');
const PLACE = { address: '203.0.113.7', appId: 'app', nowMs: NOON };

describe('addressOf', () => {
  it('believes the front end, not what the caller put before it', () => {
    expect(addressOf('198.51.100.1, 203.0.113.7', '10.0.0.1')).toBe('203.0.113.7');
    expect(addressOf('203.0.113.7', '10.0.0.1')).toBe('203.0.113.7');
    expect(addressOf(undefined, '10.0.0.1')).toBe('10.0.0.1');
    expect(addressOf(' ', undefined)).toBe('unknown');
  });
});

describe('originOf', () => {
  it('is the same for one app, address and day, and another for any other', () => {
    const origin = originOf(PLACE, 'secret');
    expect(originOf({ ...PLACE, nowMs: NOON + 3_600_000 }, 'secret')).toBe(origin);
    const others = [
      originOf({ ...PLACE, address: '203.0.113.8' }, 'secret'),
      originOf({ ...PLACE, appId: 'other' }, 'secret'),
      originOf({ ...PLACE, nowMs: NOON + 86_400_000 }, 'secret'),
      originOf(PLACE, 'another secret'),
    ];
    expect(new Set([origin, ...others]).size).toBe(5);
    expect(origin).toMatch(/^o[\w-]{22}$/);
  });
});
