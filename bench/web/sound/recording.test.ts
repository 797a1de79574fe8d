import { describe, expect, it } from 'vitest';
import { QUANTUM_FRAMES, Recording } from './recording.ts';

const RATE = 44_100;
const BEGAN = 1_800_000_000_000.4;

/** Blocks rendered in bursts of four, as a device asks for them every 10 ms, stamped in whole milliseconds. */
const recording = new Recording({
  samples: new Float32Array(10 * RATE),
  rateHz: RATE,
  stamps: Float64Array.from({ length: Math.floor((10 * RATE) / QUANTUM_FRAMES) }, (_, block) => {
    const due = (block * QUANTUM_FRAMES * 1_000) / RATE;
    return Math.floor(BEGAN + Math.floor(due / 10) * 10);
  }),
});

describe('Recording', () => {
  it.each([0, 100, RATE, 9 * RATE])(
    'knows when frame %d was out, though blocks are rendered in bursts',
    (frame) => {
      expect(Math.abs(recording.timeOf(frame) - BEGAN - (frame * 1_000) / RATE)).toBeLessThan(1.5);
    },
  );
  it('counts between two frames as their rate does', () => {
    expect(recording.timeOf(5 * RATE) - recording.timeOf(3 * RATE)).toBeCloseTo(2_000, 0);
  });
  it('finds the frame of a time again', () => {
    for (const frame of [1_000, 3 * RATE, 8 * RATE])
      expect(Math.abs(recording.frameAt(recording.timeOf(frame)) - frame)).toBeLessThanOrEqual(RATE / 500);
  });
});
