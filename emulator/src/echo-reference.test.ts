import { describe, expect, it } from 'vitest';
import { EchoReference } from './echo-reference.ts';

const START = Date.UTC(2026, 10, 21);
/** A level that resampling keeps, in pieces of 100 ms. */
const steady = (level: number, ms: number): Int16Array => new Int16Array(ms * 24).fill(level);
const levelAt = (reference: EchoReference, ms: number): number => {
  const window = reference.before(START + ms + 5, 80);
  return Math.round(window.reduce((sum, each) => sum + each, 0) / window.length / 100) * 100;
};

describe('EchoReference', () => {
  it('knows what plays when, across pieces that follow each other', () => {
    const reference = new EchoReference();
    for (let piece = 0; piece < 5; piece++)
      reference.add(steady(1_000 * (piece + 1), 100), START + piece * 100);
    expect([50, 150, 250, 350, 450].map((ms) => levelAt(reference, ms))).toEqual([
      1_000, 2_000, 3_000, 4_000, 5_000,
    ]);
    expect(levelAt(reference, -50)).toBe(0);
    expect(levelAt(reference, 700)).toBe(0);
  });

  it('knows of a pause between two runs', () => {
    const reference = new EchoReference();
    reference.add(steady(1_000, 100), START);
    reference.add(steady(2_000, 100), START + 300);
    expect([50, 200, 350].map((ms) => levelAt(reference, ms))).toEqual([1_000, 0, 2_000]);
  });

  it('forgets what was never to be heard when playing was cut, and takes what comes after', () => {
    const reference = new EchoReference();
    reference.add(steady(1_000, 400), START);
    reference.cut(START + 200);
    reference.add(steady(3_000, 100), START + 250);
    expect([100, 225, 300, 380].map((ms) => levelAt(reference, ms))).toEqual([1_000, 0, 3_000, 0]);
  });

  it('remembers the last seconds and no more', () => {
    const reference = new EchoReference();
    for (let piece = 0; piece < 100; piece++) reference.add(steady(1_000, 100), START + piece * 100);
    reference.forget(START + 9_000);
    expect(levelAt(reference, 2_000)).toBe(0);
    expect(levelAt(reference, 8_000)).toBe(1_000);
  });

  it('tells loud times from quiet ones', () => {
    const reference = new EchoReference();
    reference.add(steady(3_000, 200), START);
    reference.add(steady(300, 200), START + 200);
    expect(reference.isLoudBetween(START, START + 200)).toBe(true);
    expect(reference.isLoudBetween(START + 220, START + 400)).toBe(false);
  });
});
