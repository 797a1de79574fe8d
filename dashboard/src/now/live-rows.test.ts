import { describe, expect, it } from 'vitest';
import type { Session } from '../session-document.ts';
import { GONE_MS, leaseNumber, nextLiveRows } from './live-rows.ts';

const session = (id: string, createdAt: number, leases: object = {}) =>
  ({ id, document: { createdAt, leases } }) as unknown as Session;
const names = (rows: ReturnType<typeof nextLiveRows>) =>
  rows.map(({ session: { id }, goneAt }) => `${id}${goneAt === null ? '' : ` over at ${goneAt}`}`);

describe('nextLiveRows', () => {
  const [a, b, c] = [session('a', 3), session('b', 2), session('c', 1)] as const;

  it('shows what is live, newest first, and what is over for a moment', () => {
    const first = nextLiveRows([], { sessions: [a, b], most: 3, nowMs: 0 });
    expect(names(first)).toEqual(['a', 'b']);
    const second = nextLiveRows(first, { sessions: [a], most: 3, nowMs: 100 });
    expect(names(second)).toEqual(['a', 'b over at 100']);
    const third = nextLiveRows(second, { sessions: [a], most: 3, nowMs: 99 + GONE_MS });
    expect(names(third)).toEqual(['a', 'b over at 100']);
    expect(names(nextLiveRows(third, { sessions: [a], most: 3, nowMs: 100 + GONE_MS }))).toEqual(['a']);
  });

  it('lets go without a word of what newer ones pushed out of a full list', () => {
    const first = nextLiveRows([], { sessions: [b, c], most: 2, nowMs: 0 });
    expect(names(nextLiveRows(first, { sessions: [a, b], most: 2, nowMs: 1 }))).toEqual(['a', 'b']);
    // The same in a list with room left: it is over.
    expect(names(nextLiveRows(first, { sessions: [a, b], most: 3, nowMs: 1 }))).toEqual([
      'a',
      'b',
      'c over at 1',
    ]);
  });

  it('tells of one that is over in a full list, where another took its place from below', () => {
    const first = nextLiveRows([], { sessions: [a, b], most: 2, nowMs: 0 });
    expect(names(nextLiveRows(first, { sessions: [b, c], most: 2, nowMs: 1 }))).toEqual([
      'a over at 1',
      'b',
      'c',
    ]);
  });

  it('takes one back that came again', () => {
    const gone = nextLiveRows([{ session: a, goneAt: 0 }], { sessions: [a], most: 2, nowMs: 1 });
    expect(names(gone)).toEqual(['a']);
  });
});

describe('leaseNumber', () => {
  it('counts what was handed out, not what was refused', () => {
    const lease = (state: string, mintedAt: number) => ({
      state,
      mintedAt,
      expiresAt: mintedAt + 1,
      index: 0,
    });
    expect(leaseNumber(session('a', 1, { x: lease('issued', 1), y: lease('refused', 2) }))).toBe(1);
    expect(leaseNumber(session('a', 1, { x: lease('issued', 1), y: lease('issued', 2) }))).toBe(2);
  });
});
