import { NO_USAGE } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { readSession } from './session-document.ts';

const AT = Date.UTC(2026, 10, 21, 12);
const lease = {
  index: 0,
  op: 'start',
  connectionId: 'c0',
  mintedAt: AT,
  expiresAt: AT + 120_000,
  state: 'issued',
};
const connection = { seq: 1, final: true, seconds: 88, totals: NO_USAGE };
const whole = {
  uid: 'u',
  backend: 'google-ai',
  route: 'direct',
  model: 'm',
  template: null,
  templateId: null,
  policy: 'default@1',
  policyId: 'default',
  state: 'active',
  createdAt: AT,
  deadAt: AT + 120_000,
  endedAt: null,
  stopReason: null,
  open: true,
  leases: { l0: lease },
  leased: { seconds: 120, tokens: 1 },
  reported: { seconds: 88, totals: NO_USAGE, at: null },
  metered: null,
  connections: { c0: connection },
};
const isRead = (changes: object) => readSession('s', { ...whole, ...changes }) !== undefined;

describe('readSession', () => {
  it('reads a whole document', () => {
    expect(readSession('s', whole)).toEqual({ id: 's', document: whole });
    expect(isRead({ templateId: 't', template: 't@1', endedAt: AT, timeline: [], of: 'another field' })).toBe(
      true,
    );
    expect(isRead({ metered: { seconds: 1, totals: NO_USAGE } })).toBe(true);
    expect(isRead({ leases: {}, connections: {} })).toBe(true);
  });

  it('reads none where a field that the page works with is missing or of another type', () => {
    const needed = Object.keys(whole).filter((field) => !['stopReason', 'open'].includes(field));
    for (const field of needed) {
      expect(isRead({ [field]: undefined }), `${field} missing`).toBe(false);
      expect(isRead({ [field]: ['of another type'] }), `${field} of another type`).toBe(false);
    }
    for (const [field, value] of [
      ['leased', { seconds: '120' }],
      ['reported', { seconds: 1, totals: { ...NO_USAGE, prompt: { AUDIO: 'many' } } }],
      ['metered', { seconds: 1, totals: {} }],
    ] as const)
      expect(isRead({ [field]: value }), field).toBe(false);
  });

  it('reads none where a lease or a connection is none', () => {
    for (const { mintedAt, expiresAt, state, connectionId, index } of [lease])
      for (const odd of [
        null,
        'a lease',
        { mintedAt, expiresAt, state, index },
        { mintedAt, expiresAt, connectionId, state, index: '0' },
        { mintedAt, state, connectionId, index },
        { expiresAt, state, connectionId, index, mintedAt: String(mintedAt) },
      ])
        expect(isRead({ leases: { l0: lease, l1: odd } }), JSON.stringify(odd)).toBe(false);
    for (const odd of [null, 7, { ...connection, totals: {} }, { ...connection, seconds: 'x' }])
      expect(isRead({ connections: { c0: odd } }), JSON.stringify(odd)).toBe(false);
  });

  it('reads none with a moment that no calendar has: it could not be written', () => {
    for (const ms of [1e300, Number.NaN, Number.POSITIVE_INFINITY, -8.64e15 - 1]) {
      for (const field of ['createdAt', 'deadAt', 'endedAt'])
        expect(isRead({ [field]: ms }), `${field} ${ms}`).toBe(false);
      expect(isRead({ leases: { l0: { ...lease, expiresAt: ms } } }), `a lease's end ${ms}`).toBe(false);
    }
  });
});
