import { describe, expect, it } from 'vitest';
import { fetched } from './late.ts';

/** Fails so often, then answers; time passes at once and is written down. */
function failing(times: number) {
  const waits: number[] = [];
  let tried = 0;
  return {
    waits,
    load: async () => {
      if (tried++ < times) throw new Error('Offline.');
      return 'there';
    },
    after: (ms: number, wake: () => void) => {
      waits.push(ms);
      queueMicrotask(wake);
      return () => {};
    },
  };
}

describe('fetched', () => {
  it('brings what loads at once, without waiting', async () => {
    const { load, after, waits } = failing(0);
    expect(await fetched(load, { after })).toBe('there');
    expect(waits).toEqual([]);
  });

  it('tries again until it loads, waiting longer each time, to half a minute', async () => {
    const { load, after, waits } = failing(9);
    expect(await fetched(load, { after })).toBe('there');
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('rejects with the reason after its tries, and once nobody needs it', async () => {
    const tried = failing(9);
    await expect(fetched(tried.load, { after: tried.after, tries: 3 })).rejects.toThrow('Offline.');
    expect(tried.waits).toEqual([500, 1_000]);
    const over = failing(9);
    await expect(fetched(over.load, { after: over.after, isOver: () => true })).rejects.toThrow('Offline.');
    expect(over.waits).toEqual([]);
  });
});
