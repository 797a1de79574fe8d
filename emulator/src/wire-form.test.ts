import { decodeServerMessage, encodeServerMessage, type ServerMessage } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { wireForm } from './wire-form.ts';

const DEVELOPER = { backend: 'google-ai', sessionId: 'session-1', sessionIds: 'vertex-ai' } as const;
const VERTEX = { ...DEVELOPER, backend: 'vertex-ai' } as const;
const details = [{ modality: 'AUDIO', tokenCount: 5 }];
const TURN: ServerMessage = {
  serverContent: { turnComplete: true },
  usageMetadata: {
    promptTokenCount: 3,
    responseTokenCount: 5,
    totalTokenCount: 8,
    promptTokensDetails: [],
    responseTokensDetails: details,
  },
};

describe('wireForm', () => {
  it('leaves the Developer API its own form', () => {
    for (const message of [TURN, { setupComplete: {} }, { goAway: { timeLeft: '1s' } }])
      expect(wireForm(message, DEVELOPER)).toEqual(message);
  });

  it("gives usage Vertex AI's names, and nothing twice", () => {
    expect(wireForm(TURN, VERTEX)).toEqual({
      serverContent: { turnComplete: true },
      usageMetadata: {
        promptTokenCount: 3,
        candidatesTokenCount: 5,
        totalTokenCount: 8,
        promptTokensDetails: [],
        candidatesTokensDetails: details,
        trafficType: 'ON_DEMAND',
      },
    });
    expect(wireForm({ usageMetadata: { promptTokenCount: 3 } }, VERTEX)).toEqual({
      usageMetadata: { promptTokenCount: 3, trafficType: 'ON_DEMAND' },
    });
  });

  it('can be read back, whichever it is', () => {
    for (const choices of [DEVELOPER, VERTEX])
      expect(decodeServerMessage(encodeServerMessage(wireForm(TURN, choices)))).toMatchObject(TURN);
  });

  it('names the session on Vertex AI, and elsewhere where told', () => {
    const named = { setupComplete: { sessionId: 'session-1' } };
    expect(wireForm({ setupComplete: {} }, VERTEX)).toEqual(named);
    expect(wireForm({ setupComplete: {} }, { ...DEVELOPER, sessionIds: 'both' })).toEqual(named);
  });

  it('leaves voice activity its key, which is the same on both', () => {
    const message = { voiceActivity: { type: 'ACTIVITY_START', audioOffset: '1s' } };
    expect(wireForm(message, VERTEX)).toEqual(message);
  });
});
