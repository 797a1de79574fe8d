import { NO_USAGE } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { tokensToModel } from '../session-figures.ts';
import { connectionLines, leaseFate, modalityLines } from './session-lines.ts';
import { BEGAN, leaseOf, sessionOf } from './testing.ts';

describe('modalityLines', () => {
  it('has one line for each modality of any kind, the largest first', () => {
    const totals = {
      ...NO_USAGE,
      prompt: { TEXT: 10, AUDIO: 100 },
      cached: { TEXT: 4 },
      toolUse: { OTHER: 3 },
      response: { AUDIO: 50 },
    };
    expect(modalityLines(totals)).toEqual([
      { modality: 'audio', prompt: 100, cached: 0, toolUse: 0, response: 50 },
      { modality: 'text', prompt: 10, cached: 4, toolUse: 0, response: 0 },
      { modality: 'other', prompt: 0, cached: 0, toolUse: 3, response: 0 },
    ]);
    expect(tokensToModel(totals)).toBe(113);
  });
});

describe('leaseFate', () => {
  it('is in force until the instant it ends', () => {
    expect(leaseFate(leaseOf({ expiresAt: BEGAN + 1 }), BEGAN)).toBe('in force');
    expect(leaseFate(leaseOf({ expiresAt: BEGAN }), BEGAN)).toBe('over');
  });

  it('takes a token that nothing was written of for one that exists, and no refused one', () => {
    expect(leaseFate(leaseOf({ state: 'reserved' }), BEGAN)).toBe('in force');
    expect(leaseFate(leaseOf({ state: 'refused' }), BEGAN)).toBe('refused');
  });

  it('says that nobody knows the outcome', () => {
    expect(leaseFate(leaseOf({ state: 'kept' }), BEGAN)).toBe('in force, unconfirmed');
  });
});

describe('connectionLines', () => {
  it('shows a connection that never reported', () => {
    const document = sessionOf({ leases: { one: leaseOf() } });
    expect(connectionLines(document)).toEqual([{ id: 'connection-0', figures: null }]);
  });
});
