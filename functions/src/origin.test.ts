import { describe, expect, it } from 'vitest';
import { addressOf, networkOf, originOf } from './origin.ts';

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

describe('networkOf', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['unknown', 'unknown'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('originOf', () => {
  it('is one for all addresses that a customer has, and another for the next customer [threat:sybil:network]', () => {
    const of = (address: string): string => originOf({ ...PLACE, address }, 'secret');
    expect(of('2001:db8:1:2::2')).toBe(of('2001:db8:1:2::1'));
    expect(of('2001:db8:1:3::1')).not.toBe(of('2001:db8:1:2::1'));
  });

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
