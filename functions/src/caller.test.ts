import type { LivePolicyDocument } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { type Caller, callerOf, policyOf } from './caller.ts';
import { Refusal } from './refusal.ts';
import { rememberSettings, type SettingsSource } from './settings.ts';

const settingsWith = (policies: Readonly<Record<string, Partial<LivePolicyDocument>>>): SettingsSource => ({
  policy: async (id) => (policies[id] as LivePolicyDocument | undefined) ?? null,
  template: async () => null,
  config: async () => null,
  price: async () => null,
});
const choose = async (
  caller: Partial<Caller>,
  policies: Readonly<Record<string, Partial<LivePolicyDocument>>>,
  emulated = false,
) => {
  try {
    return (await policyOf({ uid: 'u', provider: 'password', ...caller }, settingsWith(policies), emulated))
      .id;
  } catch (error) {
    if (error instanceof Refusal) return error.details.reason;
    throw error;
  }
};

describe('policyOf', () => {
  it('goes by claim, else by provider, else by default, else refuses', async () => {
    const policies = { gold: {}, password: {}, default: {} };
    expect(await choose({ policyClaim: 'gold' }, policies)).toBe('gold');
    expect(await choose({}, policies)).toBe('password');
    expect(await choose({}, { default: {} })).toBe('default');
    expect(await choose({}, {})).toBe('no-template');
  });

  it('takes a claim for an order, not for a wish', async () => {
    expect(await choose({ policyClaim: 'silver' }, { default: {} })).toBe('no-template');
    expect(await choose({ policyClaim: '../secrets' }, { default: {} })).toBe('no-template');
  });

  it('lets anonymous users in only where the policy says so [threat:anonymous:off]', async () => {
    expect(await choose({ provider: 'anonymous' }, { default: { anonymous: false } })).toBe('anonymous');
    expect(await choose({ provider: 'anonymous' }, { default: { anonymous: true } })).toBe('default');
    expect(await choose({ provider: 'password' }, { default: { anonymous: false } })).toBe('default');
  });

  it('keeps an emulator policy out of production [threat:emulator:policy]', async () => {
    expect(await choose({}, { default: { emulatorOnly: true } }, false)).toBe('emulator-only');
    expect(await choose({}, { default: { emulatorOnly: true } }, true)).toBe('default');
  });
});

describe('callerOf', () => {
  it('reads the provider and the policy claim of a verified token', () => {
    expect(
      callerOf({ uid: 'u', token: { firebase: { sign_in_provider: 'google.com' }, livegatePolicy: 'gold' } }),
    ).toMatchObject({
      uid: 'u',
      provider: 'google.com',
      policyClaim: 'gold',
    });
    expect(callerOf({ uid: 'u', token: { livegatePolicy: 7 } })).toMatchObject({
      uid: 'u',
      provider: 'custom',
    });
  });
});

describe('rememberSettings', () => {
  it('reads once a minute, absence included, and sees a change after it [threat:wallet:kill-switch-late]', async () => {
    let now = 0;
    let reads = 0;
    const source: SettingsSource = {
      ...settingsWith({}),
      policy: async () => (++reads > 1 ? ({ version: 2 } as LivePolicyDocument) : null),
    };
    const settings = rememberSettings(source, { now: () => now });
    expect(await settings.policy('default')).toBeNull();
    now = 59_999;
    expect(await settings.policy('default')).toBeNull();
    now = 60_000;
    expect(await settings.policy('default')).toEqual({ version: 2 });
    expect(reads).toBe(2);
  });

  it('does not remember a failure', async () => {
    let reads = 0;
    const source: SettingsSource = {
      ...settingsWith({}),
      config: async () => {
        if (++reads === 1) throw new Error('offline');
        return { v: 1, killSwitch: false, caps: null, alerts: null };
      },
    };
    const settings = rememberSettings(source, { now: () => 0 });
    await expect(settings.config()).rejects.toThrow('offline');
    expect(await settings.config()).toEqual({ v: 1, killSwitch: false, caps: null, alerts: null });
  });
});
