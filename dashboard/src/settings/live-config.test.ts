import { describe, expect, it } from 'vitest';
import { liveConfigOf } from './live-config.ts';

describe('liveConfigOf', () => {
  it('reads bounds and an open switch', () => {
    expect(liveConfigOf({ v: 1, killSwitch: false, caps: { minutesPerDay: 600 }, alerts: null })).toEqual({
      killSwitch: false,
      caps: { minutesPerDay: 600, liveTokens: null, shards: 8 },
      alerts: null,
      unreadable: null,
    });
  });

  it('takes a switch that is not plainly off for on', () => {
    expect(liveConfigOf({ v: 1, killSwitch: 'no', caps: null, alerts: null }).killSwitch).toBe(true);
    expect(liveConfigOf({ v: 1, caps: null, alerts: null }).killSwitch).toBe(true);
  });

  it('names what cannot be read and still tells the switch', () => {
    expect(liveConfigOf({ v: 1, killSwitch: false, caps: { minutesPerDay: 'many' } })).toEqual({
      killSwitch: false,
      caps: null,
      alerts: null,
      unreadable: 'caps.minutesPerDay',
    });
  });
});
