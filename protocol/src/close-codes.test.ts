import { describe, expect, it } from 'vitest';
import { CLOSE_REASON_MAX_BYTES, closeReason, closeRemedy } from './close-codes.ts';

describe('closeReason', () => {
  it('cuts to what a close frame holds without splitting a character', () => {
    const cut = closeReason('é'.repeat(100));
    expect(Buffer.byteLength(cut)).toBe(CLOSE_REASON_MAX_BYTES - 1);
    expect(cut).toBe('é'.repeat(61));
    expect(closeReason('short')).toBe('short');
  });
});

describe('closeRemedy', () => {
  it.each([
    [1000, 'talking', 'end'],
    [1006, 'talking', 'resume'],
    [1011, 'setup', 'resume'],
    [1007, 'setup', 'fatal'],
    [1008, 'setup', 'fatal'],
    [1007, 'resuming', 'restart'],
    [1008, 'resuming', 'restart'],
    [1008, 'talking', 'resume'],
    [1007, 'talking', 'fatal'],
    [4000, 'talking', 'resume'],
  ] as const)('answers %i while %s with %s', (code, moment, remedy) => {
    expect(closeRemedy(code, moment)).toBe(remedy);
  });
});
