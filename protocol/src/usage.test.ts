import { describe, expect, it } from 'vitest';
import { addTurn, NO_USAGE } from './usage.ts';

describe('addTurn', () => {
  const turn = {
    promptTokenCount: 522,
    promptTokensDetails: [
      { modality: 'TEXT', tokenCount: 332 },
      { modality: 'AUDIO', tokenCount: 165 },
    ],
    responseTokenCount: 42,
    responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 42 }],
    thoughtsTokenCount: 136,
    totalTokenCount: 564,
  };

  it('sums turns by modality and keeps what the details leave out', () => {
    const totals = addTurn(addTurn(NO_USAGE, turn), turn);
    expect(totals).toEqual({
      turns: 2,
      prompt: { TEXT: 664, AUDIO: 330, OTHER: 50 },
      response: { AUDIO: 84 },
      toolUse: {},
      cached: {},
      thoughts: 272,
      total: 1128,
    });
  });

  it('counts a turn that says nothing', () => {
    expect(addTurn(NO_USAGE, {})).toEqual({ ...NO_USAGE, turns: 1 });
  });

  it('never goes below the count when details say more', () => {
    const totals = addTurn(NO_USAGE, {
      promptTokenCount: 1,
      promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 5 }],
    });
    expect(totals.prompt).toEqual({ AUDIO: 5 });
  });
});
