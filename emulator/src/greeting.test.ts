import { describe, expect, it } from 'vitest';
import { SessionBench } from '../test-support/session-bench.ts';

const greeted = (replicatedVoiceConfig: { readonly [key: string]: string }) =>
  SessionBench.ready({ generationConfig: { speechConfig: { voiceConfig: { replicatedVoiceConfig } } } })
    .sent[0]?.message.setupComplete;

describe('greeting', () => {
  const voice = { mimeType: 'audio/wav', voiceSampleAudio: 'AAAA' };

  it('signs a consent that was spoken, each its own way, in either casing', () => {
    const first = greeted({ ...voice, consentAudio: 'AAAA' });
    expect(first).toEqual({ voiceConsentSignature: { signature: expect.stringMatching(/^.{43}=$/) } });
    expect(greeted({ ...voice, consent_audio: 'AAAA' })).toEqual(first);
    expect(greeted({ ...voice, consentAudio: 'BBBB' })).not.toEqual(first);
  });

  it('signs nothing where a signature came, or no consent did', () => {
    expect(greeted({ ...voice, voiceConsentSignature: 'from before' })).toEqual({});
    expect(greeted(voice)).toEqual({});
  });
});
