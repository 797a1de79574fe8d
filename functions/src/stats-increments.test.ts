import { FieldValue } from 'firebase-admin/firestore';
import { describe, expect, it } from 'vitest';
import { closedBooks } from './books-policy.ts';
import { deadSession } from './books-testing.ts';
import { incrementsOf, MOST_INCREMENTS } from './stats-increments.ts';
import { treeOf } from './stats-policy.ts';
import { countLeaves } from './stats-tree.ts';

describe('incrementsOf', () => {
  it('makes each number an increment under its own name, dots and all', () => {
    const data = incrementsOf({ byModel: { 'gemini-3.8-live': { sessions: 2, failed: 0 } }, usage: {} });
    expect(data).toEqual({ v: 1, byModel: { 'gemini-3.8-live': { sessions: FieldValue.increment(2) } } });
  });

  it('needs for one session far less than a write may hold', () => {
    const order = { price: null, now: 0, tells: false };
    const { addition } = closedBooks('session-1', deadSession(), order);
    expect(countLeaves(treeOf(addition))).toBeLessThan(MOST_INCREMENTS / 4);
  });
});
