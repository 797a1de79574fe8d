import { describe, expect, it, vi } from 'vitest';
import { createLiveFunctions, type LiveFunctionsOptions } from './live-functions.ts';

describe('createLiveFunctions', () => {
  it('knows its own rules, and refuses one whose name is misspelt instead of having none', () => {
    const options: LiveFunctionsOptions = { authorize: () => ({ allow: true }), hookLimitMs: 100 };
    expect(Object.keys(createLiveFunctions(options))).toContain('mintLiveToken');
    const misspelt = { authorise: () => ({ allow: false, rule: 'no' }) };
    expect(() => createLiveFunctions(misspelt as LiveFunctionsOptions)).toThrow('no option authorise');
  });

  it('leaves accounts that npm run seed made up to it, in the emulators, and no other', async () => {
    vi.stubEnv('FUNCTIONS_EMULATOR', 'true');
    vi.stubEnv('LIVEGATE_DATABASE', '(default)');
    const opened = vi.fn(() => {
      throw new Error('the database was opened');
    });
    const options: LiveFunctionsOptions = {
      get database(): string {
        return opened();
      },
    };
    const { eraseDeletedLiveUser } = createLiveFunctions(options);
    const deleted = (uid: string) => eraseDeletedLiveUser.run({ data: { uid } } as never);
    await deleted('sample-mira-holm');
    expect(opened).not.toHaveBeenCalled();
    await expect(deleted('mira')).rejects.toThrow('the database was opened');
    vi.stubEnv('FUNCTIONS_EMULATOR', '');
    const deployed = createLiveFunctions(options).eraseDeletedLiveUser;
    const gone = deployed.run({ data: { uid: 'sample-mira-holm' } } as never);
    await expect(gone).rejects.toThrow('the database was opened');
    vi.unstubAllEnvs();
  });

  it('refuses to be made where an emulator is named outside the emulators', () => {
    vi.stubEnv('GEMINI_LIVE_EMULATOR_HOST', '127.0.0.1:9590');
    expect(() => createLiveFunctions()).toThrow('GEMINI_LIVE_EMULATOR_HOST');
    vi.unstubAllEnvs();
  });
});
