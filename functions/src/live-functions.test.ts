import { describe, expect, it, vi } from 'vitest';
import { createLiveFunctions, type LiveFunctionsOptions } from './live-functions.ts';

describe('createLiveFunctions', () => {
  it('knows its own rules, and refuses one whose name is misspelt instead of having none', () => {
    const options: LiveFunctionsOptions = { authorize: () => ({ allow: true }), hookLimitMs: 100 };
    expect(Object.keys(createLiveFunctions(options))).toContain('mintLiveToken');
    const misspelt = { authorise: () => ({ allow: false, rule: 'no' }) };
    expect(() => createLiveFunctions(misspelt as LiveFunctionsOptions)).toThrow('no option authorise');
  });

  it('refuses to be made where an emulator is named outside the emulators', () => {
    vi.stubEnv('GEMINI_LIVE_EMULATOR_HOST', '127.0.0.1:9590');
    expect(() => createLiveFunctions()).toThrow('GEMINI_LIVE_EMULATOR_HOST');
    vi.unstubAllEnvs();
  });
});
