import { addTurn, NO_USAGE, type UsageMetadata } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { SessionBench } from '../test-support/session-bench.ts';
import { entryTokens, setupTokens, usageMetadata } from './usage-meter.ts';

const usages = (bench: SessionBench): readonly UsageMetadata[] =>
  bench.sent.flatMap(({ message }) => message.usageMetadata ?? []);
/** Two seconds of audio: 50 tokens. */
const answer = () => [
  { transcript: 'not counted' },
  { audio: { samples: new Int16Array(48_000), rateHz: 24_000 } },
];

describe('usageMetadata', () => {
  it('counts the whole context again every turn, by modality, over three turns', () => {
    const bench = SessionBench.ready(
      { systemInstruction: { parts: [{ text: 'x'.repeat(40) }] }, outputAudioTranscription: {} },
      { answer },
    );
    for (const text of ['12345678', '1234', '123456789012']) bench.say(text).advance(3_000);
    expect(usages(bench)).toEqual([
      counted({ TEXT: 10 + 2 }, { AUDIO: 50 }),
      counted({ TEXT: 10 + 2 + 1, AUDIO: 50 }, { AUDIO: 50 }),
      counted({ TEXT: 10 + 2 + 1 + 3, AUDIO: 100 }, { AUDIO: 50 }),
    ]);
    expect(bench.session.figures.usage).toEqual(usages(bench).reduce(addTurn, NO_USAGE));
    expect(bench.session.figures.usage).toMatchObject({
      turns: 3,
      prompt: { TEXT: 41, AUDIO: 150 },
      response: { AUDIO: 150 },
      total: 341,
    });
  });

  it('rides on the turnComplete message', () => {
    const bench = SessionBench.ready({}, { answer }).say('go').advance(3_000);
    expect(bench.sent.at(-1)?.message).toMatchObject({
      serverContent: { turnComplete: true },
      usageMetadata: { totalTokenCount: 51 },
    });
  });

  it('counts of an interrupted answer what was sent', () => {
    const bench = SessionBench.ready({}, { answer, burstMs: 500, paceFactor: 1 })
      .say('go')
      .advance(500)
      .say('no');
    const [interrupted] = usages(bench);
    expect(bench.audioMs).toBeGreaterThanOrEqual(1_000);
    expect(interrupted?.responseTokenCount).toBe(25);
  });

  it('counts calls as response and what came back as prompt', () => {
    const bench = SessionBench.ready(
      {},
      { answer: () => [{ toolCall: { name: 'f', id: '1' } }, { delayMs: 1 }] },
    );
    bench.say('1234');
    const functionResponses = [{ id: '1', name: 'f', response: { some: 'thing' } }];
    bench.send({ toolResponse: { functionResponses } }).advance(100);
    const call = Math.ceil(JSON.stringify({ name: 'f', args: {} }).length / 4);
    const response = Math.ceil(JSON.stringify({ name: 'f', response: { some: 'thing' } }).length / 4);
    expect(usages(bench)).toEqual([counted({ TEXT: 1 + response }, { TEXT: call })]);
  });

  it('names no modality that did not occur', () => {
    expect(usageMetadata({ TEXT: 3, AUDIO: 0 }, {})).toEqual(counted({ TEXT: 3 }, {}));
  });
});

describe('entryTokens and setupTokens', () => {
  it('follow the documented rates', () => {
    const rates = { videoTokensPerFrame: 258 };
    expect(entryTokens({ role: 'user', audioSeconds: 1.01 }, rates).AUDIO).toBe(26);
    expect(entryTokens({ role: 'user', videoFrames: 2, images: 1 }, rates)).toMatchObject({
      VIDEO: 516,
      IMAGE: 258,
    });
    expect(entryTokens({ role: 'user', videoFrames: 2 }, { videoTokensPerFrame: 64 }).VIDEO).toBe(128);
    expect(entryTokens({ role: 'model', transcript: 'words', text: '12345' }, rates).TEXT).toBe(2);
    expect(setupTokens({}).TEXT).toBe(0);
    expect(setupTokens({ tools: [{ googleSearch: {} }] }).TEXT).toBeGreaterThan(0);
  });
});

function counted(prompt: Record<string, number>, response: Record<string, number>): UsageMetadata {
  const sum = (tokens: Record<string, number>) =>
    Object.values(tokens).reduce((all, count) => all + count, 0);
  const details = (tokens: Record<string, number>) =>
    Object.entries(tokens).map(([modality, tokenCount]) => ({ modality, tokenCount }));
  return {
    promptTokenCount: sum(prompt),
    responseTokenCount: sum(response),
    totalTokenCount: sum(prompt) + sum(response),
    promptTokensDetails: details(prompt),
    responseTokensDetails: details(response),
  };
}
