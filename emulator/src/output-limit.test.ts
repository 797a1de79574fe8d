import type { LiveSetup } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { blocking } from '../test-support/functions.ts';
import { type BenchOptions, SessionBench } from '../test-support/session-bench.ts';
import type { Answer } from './answer.ts';
import { outputLimitOf } from './output-limit.ts';

const tone: Answer = [{ audio: { samples: new Int16Array(24_000), rateHz: 24_000 } }];
const limited = (maxOutputTokens: number, setup: Partial<LiveSetup> = {}): Partial<LiveSetup> => ({
  ...setup,
  generationConfig: { ...setup.generationConfig, maxOutputTokens },
});
const answering = (answer: Answer, setup: Partial<LiveSetup>, options: BenchOptions = {}) =>
  SessionBench.ready(setup, { answer: () => answer, ...options })
    .say('go')
    .advance(5_000);
const TEXT = {
  model: 'models/gemini-2.0-flash-live-001',
  generationConfig: { responseModalities: ['TEXT'] },
};
const said = (bench: SessionBench): string =>
  bench.sent
    .flatMap(({ message }) => message.serverContent?.modelTurn?.parts ?? [])
    .map(({ text }) => text)
    .join('|');
const ending = (bench: SessionBench) => bench.sent.at(-1)?.message;

describe('maxOutputTokens', () => {
  it('cuts audio at 25 tokens a second, and the turn ends as any does', () => {
    const cut = answering([...tone, ...tone], limited(30));
    expect(cut.audioMs).toBe(1_200);
    expect(cut.outline).toEqual(['setupComplete', 'audio', 'generationComplete', 'turnComplete']);
    expect(ending(cut)?.usageMetadata?.responseTokenCount).toBe(30);
    expect(ending(cut)?.serverContent).toEqual({ turnComplete: true });
    expect(answering([...tone, ...tone], limited(50)).audioMs).toBe(2_000);
  });

  it('cuts text at four characters a token', () => {
    expect(said(answering([{ text: '12345678' }, { text: '9' }], limited(2, TEXT)))).toBe('12345678');
    expect(said(answering([{ text: '123456789' }], limited(2, TEXT)))).toBe('12345678');
    expect(said(answering([{ text: '1234567' }, { text: '89' }], limited(2, TEXT)))).toBe('1234567|8');
  });

  it('leaves out the transcript of what is not said', () => {
    const words = [{ text: 'one two three' }];
    const bench = answering(words, limited(12, { outputAudioTranscription: {} }));
    const transcripts = bench.sent.flatMap(
      ({ message }) => message.serverContent?.outputTranscription?.text ?? [],
    );
    expect(transcripts).toEqual(['one ', 'two ']);
    expect(bench.audioMs).toBe(480);
  });

  it('names a reason where one is chosen, and only for what was cut', () => {
    const reason = { outputLimitReason: 'MAX_TOKENS' } as const;
    expect(ending(answering(tone, limited(24), reason))?.serverContent?.turnCompleteReason).toBe(
      'MAX_TOKENS',
    );
    expect(ending(answering(tone, limited(25), reason))?.serverContent).toEqual({ turnComplete: true });
  });

  it('counts a turn from its beginning, through its calls, and each turn anew', () => {
    const bench = SessionBench.ready(limited(30, blocking('f')), {
      answer: ({ cause }) =>
        cause === 'tool-response' ? tone : [...tone, { toolCall: { name: 'f', id: 'one' } }],
    }).say('go');
    bench.advance(2_000).send({ toolResponse: { functionResponses: [{ id: 'one', name: 'f' }] } });
    expect(bench.advance(2_000).audioMs).toBe(1_200);
    expect(bench.say('again').advance(2_000).audioMs).toBe(2_200);
  });

  it('does not stop a function from being called once all has been said', () => {
    const bench = answering([...tone, { toolCall: { name: 'f' } }], limited(25, blocking('f')));
    expect(bench.outline).toContain('toolCall');
  });
});

describe('outputLimitOf', () => {
  it("is the setup's, and never more than the model's own", () => {
    const model = 'models/gemini-2.5-flash-native-audio-latest';
    const of = (maxOutputTokens?: number) =>
      outputLimitOf({
        model,
        ...(maxOutputTokens !== undefined && { generationConfig: { maxOutputTokens } }),
      });
    expect(of()).toBe(8_192);
    expect(of(100)).toBe(100);
    expect(of(60_000)).toBe(8_192);
  });
});
