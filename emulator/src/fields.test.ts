import { type LiveSetup, VOICES } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { SessionBench } from '../test-support/session-bench.ts';
import { samplesToBase64 } from './pcm.ts';

const append = (turns: object[], bench = SessionBench.ready()): SessionBench =>
  bench.sendText(JSON.stringify({ clientContent: { turns, turnComplete: true } }));
const promptOf = (setup: Partial<LiveSetup>): number => {
  const bench = SessionBench.ready(setup, { answer: () => [] }).say('go');
  return bench.sent.at(-1)?.message.usageMetadata?.promptTokenCount ?? Number.NaN;
};

describe('appended content', () => {
  it('appends content under the role it names', () => {
    const bench = append([
      { role: 'model', parts: [{ text: 'I am Ada' }] },
      { parts: [{ text: 'who are you?' }] },
    ]);
    expect(bench.asked[0]?.turn.text).toBe('who are you?');
    bench.say('again');
    expect(bench.asked[1]?.context.history.slice(0, 2)).toEqual([
      { role: 'model', text: 'I am Ada' },
      { role: 'user', text: 'who are you?' },
    ]);
    expect(append([{ role: 'nobody', parts: [{ text: 'a' }] }]).closed?.condition).toBe('invalid-role');
  });

  it('hears audio and counts images in appended content', () => {
    const data = samplesToBase64(new Int16Array(24_000));
    const parts = [
      { inlineData: { mimeType: 'audio/pcm;rate=24000', data } },
      { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
      { inlineData: { mimeType: 'text/plain', data: 'AAAA' } },
    ];
    const bench = append([{ parts }], SessionBench.ready({}, { answer: () => [] }));
    expect(bench.asked[0]?.turn.audio).toHaveLength(16_000);
    expect(bench.sent.at(-1)?.message.usageMetadata?.promptTokensDetails).toEqual([
      { modality: 'AUDIO', tokenCount: 25 },
      { modality: 'IMAGE', tokenCount: 258 },
    ]);
  });

  it('takes as many entries at once as a message has room for', () => {
    const texts = Array.from({ length: 150_000 }, () => ({}));
    const bench = append(texts, SessionBench.ready({}, { answer: () => [] }));
    expect(bench.closed).toBeUndefined();
    expect(bench.session.figures.turns).toBe(1);
  });

  it('keeps calls and responses of appended content', () => {
    const call = {
      id: 'c1',
      name: 'lookUp',
      args: { city: 'Rom' },
      partialArgs: [{ a: 1 }],
      willContinue: true,
    };
    const response = { id: 'c1', name: 'lookUp', response: { output: 'sunny' } };
    const bench = append([
      { role: 'model', parts: [{ functionCall: call }] },
      { role: 'user', parts: [{ functionResponse: response }] },
    ]);
    expect(bench.asked[0]?.turn.functionResponses).toEqual([response]);
    bench.say('and now?');
    expect(bench.asked[1]?.context.history.slice(0, 2)).toEqual([
      { role: 'model', functionCalls: [call] },
      { role: 'user', functionResponses: [response] },
    ]);
  });
});

describe('setup', () => {
  it('counts every field of a declaration as prompt', () => {
    const plain = promptOf({ tools: [{ functionDeclarations: [{ name: 'f' }] }] });
    const schema = { type: 'OBJECT', properties: { city: { type: 'STRING' } } };
    const longer = [
      { name: 'a function of a longer name' },
      { name: 'f', description: 'says what the weather is' },
      { name: 'f', parameters: schema },
      { name: 'f', parametersJsonSchema: schema },
      { name: 'f', response: schema },
      { name: 'f', responseJsonSchema: schema },
    ];
    for (const declaration of longer)
      expect(promptOf({ tools: [{ functionDeclarations: [declaration] }] })).toBeGreaterThan(plain);
  });

  it.each([
    ['topP', 1.1, 1],
    ['topK', 0, 1],
    ['maxOutputTokens', 0, 1],
    ['candidateCount', 2, 1],
  ])('refuses numbers out of bounds: %s of %d, beside %d', (name, bad, good) => {
    const open = (value: number) => SessionBench.ready({ generationConfig: { [name]: value } });
    expect(open(bad).closed).toMatchObject({ code: 1007, condition: 'invalid-setup' });
    expect(open(good).closed).toBeUndefined();
  });

  it('takes each voice of the list', () => {
    for (const voiceName of Object.keys(VOICES)) {
      const speechConfig = { voiceConfig: { prebuiltVoiceConfig: { voiceName } } };
      expect(SessionBench.ready({ generationConfig: { speechConfig } }).closed).toBeUndefined();
    }
  });
});
