import { describe, expect, it } from 'vitest';
import { guardEnvironment, hasReplayProtection, liveEndpoints } from './config.ts';
import { socketUrl } from './upstream.ts';

describe('guardEnvironment', () => {
  it.each([
    'GEMINI_LIVE_EMULATOR_HOST',
    'FIRESTORE_EMULATOR_HOST',
    'FIREBASE_AUTH_EMULATOR_HOST',
    'SOME_FUTURE_EMULATOR_HOST',
    'FIREBASE_EMULATOR_HUB',
    'FIREBASE_DEBUG_MODE',
    'FIREBASE_DEBUG_FEATURES',
  ])(
    'refuses %s outside the emulators and takes it inside [threat:emulator:address] [threat:emulator:debug]',
    (name) => {
      expect(() => guardEnvironment({ [name]: '127.0.0.1:1' })).toThrow(name);
      expect(() => guardEnvironment({ [name]: '127.0.0.1:1', FUNCTIONS_EMULATOR: 'true' })).not.toThrow();
      expect(() => guardEnvironment({})).not.toThrow();
    },
  );
});

describe('hasReplayProtection', () => {
  it('is what the deployment says, and never in the emulators, whose tokens prove nothing', () => {
    const LIVEGATE_APP_CHECK_REPLAY_PROTECTION = 'true';
    expect(hasReplayProtection({ LIVEGATE_APP_CHECK_REPLAY_PROTECTION })).toBe(true);
    expect(hasReplayProtection({ LIVEGATE_APP_CHECK_REPLAY_PROTECTION: 'false' })).toBe(false);
    expect(hasReplayProtection({})).toBe(false);
    expect(hasReplayProtection({ LIVEGATE_APP_CHECK_REPLAY_PROTECTION, FUNCTIONS_EMULATOR: 'true' })).toBe(
      false,
    );
  });
});

describe('liveEndpoints', () => {
  it('are the real service unless an emulator is named', () => {
    expect(liveEndpoints({ FUNCTIONS_EMULATOR: 'true' }).http).toBe(
      'https://generativelanguage.googleapis.com',
    );
    expect(socketUrl(liveEndpoints({ FUNCTIONS_EMULATOR: 'true' }))).toBe(
      'wss://generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContentConstrained',
    );
    expect(
      liveEndpoints({ FUNCTIONS_EMULATOR: 'true', GEMINI_LIVE_EMULATOR_HOST: '127.0.0.1:9590' }).http,
    ).toBe('http://127.0.0.1:9590');
  });

  it('never are an emulator outside the emulators [threat:emulator:live]', () => {
    expect(liveEndpoints({ GEMINI_LIVE_EMULATOR_HOST: '127.0.0.1:9590' }).http).toBe(
      'https://generativelanguage.googleapis.com',
    );
  });
});
