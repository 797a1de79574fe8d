import { describe, expect, it } from 'vitest';
import { beganAt, inOrder, readListRow } from './list-row.ts';

const OPS = {
  v: 1,
  sessionId: 's',
  createdAt: 5,
  day: '2026-11-21',
  uid: 'u',
  backend: 'google-ai',
  model: 'm',
  templateId: null,
  state: 'ended',
  flags: ['under-reported'],
  cost: { microUsd: null },
};

describe('readListRow', () => {
  it('takes the session’s id from what operators know of it', () => {
    const row = readListRow('costs', 'ops', OPS);
    expect(row).toMatchObject({ kind: 'closed', id: 's', closed: { microUsd: null, state: 'ended' } });
    expect(row && beganAt(row)).toBe(5);
  });

  it('does not show half of a document that it cannot read', () => {
    expect(readListRow('costs', 'ops', { ...OPS, sessionId: 1 })).toBeUndefined();
    expect(readListRow('costs', 'ops', { ...OPS, cost: { microUsd: '1' } })).toBeUndefined();
    expect(readListRow('flagged', 'ops', { ...OPS, flags: 'all' })).toBeUndefined();
    expect(readListRow('sessions', 'id', OPS)).toBeUndefined();
  });
});

describe('inOrder', () => {
  it('breaks ties by id, in the direction of the sort', () => {
    const at = (id: string) => readListRow('costs', 'ops', { ...OPS, sessionId: id }) as never;
    expect([at('a'), at('b')].sort(inOrder('newest'))).toEqual([at('b'), at('a')]);
    expect([at('b'), at('a')].sort(inOrder('oldest'))).toEqual([at('a'), at('b')]);
  });
});
