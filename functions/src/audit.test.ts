import { describe, expect, it } from 'vitest';
import { auditEntry } from './audit.ts';

const done = { act: 'set-policy', target: 'livePolicies/default', reason: 'more minutes' } as const;

describe('auditEntry', () => {
  it('tells who did what to what, why, when, and how it was before', () => {
    expect(
      auditEntry({ at: 5, actor: 'op', done: { ...done, before: { version: 1 }, after: { version: 2 } } }),
    ).toEqual({
      v: 1,
      at: 5,
      actor: 'op',
      act: 'set-policy',
      target: 'livePolicies/default',
      subject: null,
      reason: 'more minutes',
      before: { version: 1 },
      after: { version: 2 },
    });
  });

  it('leaves out a document that would not fit beside the other', () => {
    const long = { text: 'x'.repeat(200_000) };
    expect(
      auditEntry({ at: 5, actor: 'op', done: { ...done, before: long, after: { ok: 1 } } }),
    ).toMatchObject({
      before: { omitted: 'too long' },
      after: { ok: 1 },
    });
  });
});
