import { describe, expect, it } from 'vitest';
import { isTalkKey } from './push-to-talk.ts';

const free = { code: 'Space', hasModifier: false, isTaken: false };

describe('isTalkKey', () => {
  it('takes the space bar where nothing else wants it', () => {
    expect(isTalkKey(free)).toBe(true);
  });

  it.each([{ code: 'Enter' }, { hasModifier: true }, { isTaken: true }])(
    'leaves others theirs: %o',
    (other) => {
      expect(isTalkKey({ ...free, ...other })).toBe(false);
    },
  );
});
