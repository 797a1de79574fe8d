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
      {
        answer: () => [{ toolCall: { name: 'f', id: '1' } }, { delayMs: 1 }],
        defaultBehavior: 'blocking',
      },
    );
    bench.say('1234');
    const functionResponses = [{ id: '1', name: 'f', response: { some: 'thing' } }];
    bench.send({ toolResponse: { functionResponses } }).advance(100);
    const call = Math.ceil(JSON.stringify({ name: 'f', args: {} }).length / 4);
    const response = Math.ceil(JSON.stringify({ name: 'f', response: { some: 'thing' } }).length / 4);
    expect(usages(bench)).toEqual([counted({ TEXT: 1 + response }, { TEXT: call })]);
  });

  it('leaves some tokens out of the details where told to, as the service does', () => {
    const plain = usages(SessionBench.ready({}, { answer }).say('1234').advance(3_000))[0];
    const some = usages(
      SessionBench.ready({}, { answer, undetailedTokens: 25 }).say('1234').advance(3_000),
    )[0];
    expect(some).toEqual({ ...plain, promptTokenCount: 26, totalTokenCount: 76 });
    expect(addTurn(NO_USAGE, some ?? {}).prompt).toEqual({ TEXT: 1, OTHER: 25 });
  });

  it('counts what stood there before as cached, where told to, until the instruction changes', () => {
    const cached = (bench: SessionBench) =>
      usages(bench).map((each) => [each.cachedContentTokenCount, each.cacheTokensDetails]);
    const talk = (cachedContext: boolean) => {
      const bench = SessionBench.ready({}, { answer, cachedContext });
      for (const text of ['1234', '1234']) bench.say(text).advance(3_000);
      bench.send({ contextUpdate: { systemInstruction: { parts: [{ text: 'x' }] } } });
      for (const text of ['1234', '1234']) bench.say(text).advance(3_000);
      return cached(bench);
    };
    const none = [undefined, undefined];
    expect(talk(true)).toEqual([
      none,
      [
        51,
        [
          { modality: 'TEXT', tokenCount: 1 },
          { modality: 'AUDIO', tokenCount: 50 },
        ],
      ],
      none,
      [
        154,
        [
          { modality: 'TEXT', tokenCount: 4 },
          { modality: 'AUDIO', tokenCount: 150 },
        ],
      ],
    ]);
    expect(talk(false)).toEqual([none, none, none, none]);
  });

  it('names thoughts and what the service looked up, thoughts outside the total unless told otherwise', () => {
    const extras = { thoughts: 136, toolUse: { TEXT: 7 } };
    expect(usageMetadata({ TEXT: 522 }, { AUDIO: 42 }, extras)).toEqual({
      ...counted({ TEXT: 522 }, { AUDIO: 42 }),
      toolUsePromptTokenCount: 7,
      toolUsePromptTokensDetails: [{ modality: 'TEXT', tokenCount: 7 }],
      thoughtsTokenCount: 136,
      totalTokenCount: 571,
    });
    expect(usageMetadata({}, {}, extras, { totalHoldsThoughts: true }).totalTokenCount).toBe(143);
  });

  it('counts of an answer its thoughts, and what a tool of the service brought where one is in force', () => {
    const step = { grounding: { webSearchQueries: ['12345678'] } };
    const steps = [{ thought: '12345678' }, step, ...answer()];
    const turn = (options: object, tools: object[] = [{ googleSearch: {} }]) =>
      usages(
        SessionBench.ready({ tools }, { answer: () => steps, ...options })
          .say('go')
          .advance(3_000),
      )[0];
    const found = Math.ceil(JSON.stringify({ groundingMetadata: step.grounding }).length / 4);
    const plain = turn({});
    expect(plain).toMatchObject({
      thoughtsTokenCount: 2,
      toolUsePromptTokenCount: found,
      toolUsePromptTokensDetails: [{ modality: 'TEXT', tokenCount: found }],
      totalTokenCount: (plain?.promptTokenCount ?? 0) + found + 50,
    });
    expect(turn({ totalHoldsThoughts: true })?.totalTokenCount).toBe((plain?.totalTokenCount ?? 0) + 2);
    expect(turn({}, [])).not.toHaveProperty('toolUsePromptTokenCount');
    const twice = SessionBench.ready({}, { answer: ({ index }) => (index === 0 ? steps : []) }).say('go');
    expect(usages(twice.advance(3_000).say('go'))[1]).not.toHaveProperty('thoughtsTokenCount');
  });

  it('counts pictures by the resolution that a setup asks for', () => {
    const cost = (mediaResolution?: string, videoTokensPerFrame = 258) => {
      const generationConfig = mediaResolution === undefined ? {} : { mediaResolution };
      const bench = SessionBench.ready({ generationConfig }, { answer: () => [], videoTokensPerFrame });
      bench.send({ realtimeInput: { video: { mimeType: 'image/jpeg', data: 'AAAA' } } });
      bench.send({ realtimeInput: { text: 'go' } });
      const inlineData = { mimeType: 'image/png', data: 'AAAA' };
      bench.send({ clientContent: { turns: [{ parts: [{ inlineData }] }], turnComplete: true } });
      return [usages(bench)[0]?.promptTokensDetails?.[1], usages(bench)[1]?.promptTokensDetails?.[2]].map(
        (each) => each?.tokenCount,
      );
    };
    expect(cost()).toEqual([258, 258]);
    expect(cost(undefined, 64)).toEqual([64, 64]);
    expect(cost('MEDIA_RESOLUTION_LOW')).toEqual([64, 64]);
    expect(cost('MEDIA_RESOLUTION_MEDIUM')).toEqual([256, 256]);
    expect(cost('MEDIA_RESOLUTION_HIGH')).toEqual([256, 256]);
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
