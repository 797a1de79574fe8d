import { liveModel } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import {
  FIRST_CHOICE,
  LANGUAGE_CHOICES,
  MODELS,
  textRemark,
  VOICE_CHOICES,
  withoutWishes,
} from './choices.ts';

describe('what can be chosen', () => {
  it('names models that are served, voices and languages once each', () => {
    for (const model of MODELS) expect(liveModel(model)?.shutdown).toBeUndefined();
    expect(new Set(VOICE_CHOICES.map(({ name }) => name)).size).toBe(30);
    expect(LANGUAGE_CHOICES.length).toBe(24);
    expect(LANGUAGE_CHOICES).toContainEqual({ code: 'de-DE', name: 'German (Germany)' });
  });

  it('says of text from a model that only speaks what it is, and nothing of one that writes', () => {
    expect(textRemark('gemini-3.8-live')).toContain('billed as sound');
    expect(textRemark('gemini-live-2.5-flash')).toBeUndefined();
  });

  it('goes on with the template and without a wish where a policy refuses one', () => {
    const asked = { ...FIRST_CHOICE, template: 'demo-echo', language: 'de-DE', pushToTalk: true } as const;
    expect(withoutWishes(asked)).toMatchObject({
      template: 'demo-echo',
      voice: '',
      language: '',
      pushToTalk: false,
    });
  });
});
