import { describe, expect, it } from 'vitest';
import { EmulatorError } from './errors.ts';
import { type LiveEmulatorOptions, settingsOf } from './options.ts';

const refusal = (options: LiveEmulatorOptions): string => {
  try {
    settingsOf(options);
  } catch (error) {
    if (error instanceof EmulatorError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return '';
};

describe('settingsOf', () => {
  it('fills in the default of everything that is left out', () => {
    expect(settingsOf({ burstMs: 100 })).toMatchObject({
      burstMs: 100,
      frames: 'binary',
      expiryCloseCode: 1008,
    });
  });

  it.each([
    [{ port: 70_000 }, { port: 0 }],
    [{ chunkMs: 0 }, { chunkMs: 20 }],
    [{ paceFactor: 0 }, { paceFactor: 1 }],
    [{ burstMs: Number.NaN }, { burstMs: 0 }],
    [{ turnCompleteDelay: -1 }, { turnCompleteDelay: 'playback' }],
    [{ expiryCloseCode: 1006 }, { expiryCloseCode: 1011 }],
    [{ expiryCloseCode: 2_000 }, { expiryCloseCode: 4_000 }],
    [{ vertexLocation: 'moon' }, { vertexLocation: 'europe-west4' }],
  ] satisfies [LiveEmulatorOptions, LiveEmulatorOptions][])('refuses %o and takes %o', (bad, good) => {
    expect(refusal(bad)).toContain(`invalid-option: ${Object.keys(bad)[0]}`);
    expect(refusal(good)).toBe('');
  });
});
