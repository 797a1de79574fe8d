import { describe, expect, it } from 'vitest';
import { readSeedChoice, seedTarget } from './seed-command.ts';

describe('readSeedChoice', () => {
  it('is a month of 600 sessions in the project of npm start, where nothing is asked', () => {
    expect(readSeedChoice([])).toEqual({
      project: 'demo-livegate',
      sessions: 600,
      days: 30,
      seed: 'livegate',
      remove: false,
    });
  });

  it('takes a number of sessions and days, a seed and another project', () => {
    const args = ['--sessions', '60', '--days', '7', '--random', 'x', '--project', 'demo-mine'];
    expect(readSeedChoice(args)).toMatchObject({ project: 'demo-mine', sessions: 60, days: 7, seed: 'x' });
    expect(readSeedChoice(['--remove'])).toMatchObject({ remove: true });
  });

  it.each([
    ['--sessions', '0'],
    ['--sessions', '5001'],
    ['--days', '1.5'],
    ['--days', 'many'],
  ])('refuses %s %s, and says what may be', (name, value) => {
    expect(() => readSeedChoice([name, value])).toThrow(`${name} takes a whole number from 1 to`);
  });
});

describe('seedTarget', () => {
  const env = { FIRESTORE_EMULATOR_HOST: '127.0.0.1:8080', FIREBASE_AUTH_EMULATOR_HOST: '127.0.0.1:9099' };

  it('is what the environment names', () => {
    expect(seedTarget('demo-x', env)).toEqual({
      projectId: 'demo-x',
      hosts: { auth: '127.0.0.1:9099', firestore: '127.0.0.1:8080' },
    });
  });

  it('is never a project in the cloud, and says how to get to the emulators', () => {
    expect(() => seedTarget('my-app', {})).toThrow(/emulators only.*npm start.*FIRESTORE_EMULATOR_HOST/);
    const { FIREBASE_AUTH_EMULATOR_HOST: _, ...half } = env;
    expect(() => seedTarget('my-app', half)).toThrow(/FIREBASE_AUTH_EMULATOR_HOST is not/);
  });
});
