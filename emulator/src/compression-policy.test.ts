import { describe, expect, it } from 'vitest';
import { SessionBench } from '../test-support/session-bench.ts';
import { quiet } from '../test-support/speech.ts';
import { judgeWindow, startsUserTurn, windowRules } from './compression-policy.ts';
import { samplesToBase64 } from './pcm.ts';

const WINDOW = 131_072;
const text = (tokens: number): string => 'x'.repeat(tokens * 4);
/** Answers with a text of 10 tokens: the history shows what is left of the talk. */
const answer = () => [{ audio: { samples: new Int16Array(9_600), rateHz: 24_000 } }];
const instruction = { systemInstruction: { parts: [{ text: text(20) }] } };
const promptsOf = (bench: SessionBench) =>
  bench.sent.flatMap(({ message }) => message.usageMetadata?.promptTokenCount ?? []);
const say = (bench: SessionBench, ...tokens: readonly number[]): SessionBench => {
  for (const each of tokens) bench.say(text(each)).advance(1_000);
  return bench;
};

describe('windowRules', () => {
  it('compress at 80 % of the window down to half of that, where a setup says no more than that', () => {
    expect(windowRules({}, 1_000)).toEqual({ windowTokens: 1_000 });
    for (const contextWindowCompression of [{}, { slidingWindow: {} }])
      expect(windowRules({ contextWindowCompression }, 1_000).compression).toEqual({
        triggerTokens: 800,
        targetTokens: 400,
      });
  });

  it('follow the counts of a setup; half of its trigger is the target it does not name', () => {
    const asked = (contextWindowCompression: object) =>
      windowRules({ contextWindowCompression }, 1_000).compression;
    expect(asked({ triggerTokens: 500 })).toEqual({ triggerTokens: 500, targetTokens: 250 });
    expect(asked({ slidingWindow: { targetTokens: 100 } })).toEqual({
      triggerTokens: 800,
      targetTokens: 100,
    });
    expect(asked({ triggerTokens: 500, slidingWindow: { targetTokens: 900 } })?.targetTokens).toBe(500);
  });
});

describe('judgeWindow', () => {
  const turn = (tokens: number) => ({ tokens, startsTurn: true });
  const rest = (tokens: number) => ({ tokens, startsTurn: false });
  const rules = { windowTokens: 100, compression: { triggerTokens: 80, targetTokens: 40 } };

  it('keeps everything up to the trigger', () => {
    expect(judgeWindow([turn(40), turn(30)], 10, rules)).toEqual({ kind: 'keep', from: 0 });
    expect(judgeWindow([turn(40), turn(31)], 10, rules)).toEqual({ kind: 'keep', from: 1 });
  });

  it('keeps as much as the target holds, from the start of a turn on', () => {
    const entries = [turn(50), rest(20), turn(10), rest(15), turn(15), rest(5)];
    expect(judgeWindow(entries, 0, rules)).toEqual({ kind: 'keep', from: 4 });
    expect(judgeWindow([turn(50), rest(30), turn(10), rest(15), turn(10), rest(5)], 0, rules)).toEqual({
      kind: 'keep',
      from: 2,
    });
  });

  it('always keeps the last turn, unless it is longer than the window', () => {
    expect(judgeWindow([turn(50), turn(60)], 0, rules)).toEqual({ kind: 'keep', from: 1 });
    expect(judgeWindow([turn(50), turn(100)], 0, rules)).toEqual({ kind: 'keep', from: 1 });
    expect(judgeWindow([turn(50), turn(100)], 1, rules)).toEqual({ kind: 'over' });
  });

  it('cuts nothing where nobody asked for it', () => {
    const plain = { windowTokens: 100 };
    expect(judgeWindow([turn(60), turn(30)], 10, plain)).toEqual({ kind: 'keep', from: 0 });
    expect(judgeWindow([turn(60), turn(31)], 10, plain)).toEqual({ kind: 'over' });
  });
});

describe('startsUserTurn', () => {
  it('is true of what the user says, and of nothing else', () => {
    expect(startsUserTurn({ role: 'user', text: 'a' })).toBe(true);
    expect(startsUserTurn({ role: 'model', text: 'b' })).toBe(false);
    expect(startsUserTurn({ role: 'user', functionResponses: [] })).toBe(false);
  });
});

describe('contextWindowCompression', () => {
  const compressed = (triggerTokens: number, targetTokens?: number) => ({
    ...instruction,
    contextWindowCompression: {
      triggerTokens,
      ...(targetTokens !== undefined && { slidingWindow: { targetTokens } }),
    },
  });

  it('drops the oldest turns before a turn over the trigger, keeps the instruction and begins with the user', () => {
    const bench = say(SessionBench.ready(compressed(200, 100), { answer }), 50, 50, 50, 30);
    // 20 + 50 · + 10 + 50 · + 10 + 50 · would be 230: the instruction, the third turn and its answer stay, and the new one.
    expect(promptsOf(bench)).toEqual([70, 130, 190, 20 + 30]);
    expect(bench.asked.at(-1)?.context.history).toEqual([]);
    expect(bench.session.figures).toMatchObject({ compressions: 1, contextTokens: 60 });
    const roomier = say(SessionBench.ready(compressed(200, 120), { answer }), 50, 50, 50, 30);
    expect(promptsOf(roomier)).toEqual([70, 130, 190, 20 + 50 + 10 + 30]);
    expect(roomier.asked.at(-1)?.context.history.map(({ role }) => role)).toEqual(['user', 'model']);
    expect(roomier.asked.at(-1)?.context.setup.systemInstruction).toBeDefined();
  });

  it('goes down to half the trigger where no target is named', () => {
    const bench = say(SessionBench.ready(compressed(200), { answer }), 50, 50, 50, 30);
    expect(promptsOf(bench).at(-1)).toBe(50);
  });

  it('takes its counts as text, as the SDKs send them', () => {
    const bench = new SessionBench({ answer });
    const contextWindowCompression = { triggerTokens: '200', slidingWindow: { targetTokens: '100' } };
    bench.sendText(JSON.stringify({ setup: { model: 'models/gemini-3.8-live', contextWindowCompression } }));
    expect(promptsOf(say(bench, 50, 50, 50, 50))).toEqual([50, 110, 170, 50]);
  });

  it('lets a talk of any length go on in the window of the model, with nothing named', () => {
    const bench = SessionBench.ready({ contextWindowCompression: {} }, { answer: () => [] });
    say(bench, 40_000, 40_000, 20_000, 10_000, 40_000, 40_000, 40_000);
    expect(bench.closed).toBeUndefined();
    const prompts = promptsOf(bench);
    expect(Math.max(...prompts)).toBeLessThanOrEqual(WINDOW * 0.8);
    expect(prompts).toEqual([40_000, 80_000, 100_000, 30_000, 70_000, 40_000, 80_000]);
  });

  it('never cuts into the turn that is to be run', () => {
    const bench = say(SessionBench.ready(compressed(200, 30), { answer }), 50, 50);
    bench.say(text(60), false).say(text(60)).advance(1_000);
    expect(bench.asked.at(-1)?.turn.text).toHaveLength(2 * 240 + 1);
    expect(promptsOf(bench).at(-1)).toBe(20 + 120);
  });

  it('leaves no answer to a call without its call', () => {
    const call = { toolCall: { name: 'f', id: '1' } };
    const bench = SessionBench.ready(compressed(200, 110), {
      answer: ({ cause }) => (cause === 'tool-response' ? [] : [call]),
    });
    bench.say(text(50));
    bench.send({
      toolResponse: { functionResponses: [{ id: '1', name: 'f', response: { text: text(70) } }] },
    });
    bench.advance(100).say(text(60));
    expect(bench.asked.at(-1)?.context.history).toEqual([]);
    expect(bench.session.figures.compressions).toBe(1);
  });

  it('shows in what is resumed', () => {
    const bench = say(
      SessionBench.ready({ ...compressed(200, 100), sessionResumption: {} }, { answer }),
      50,
      50,
      50,
      30,
    );
    const resumed = SessionBench.ready(
      { sessionResumption: { handle: bench.handle ?? '' } },
      { answer, resumption: bench.resumption },
    );
    expect(resumed.say('go').asked[0]?.context.history.map(({ role }) => role)).toEqual(['user', 'model']);
  });
});

describe('a context over the window', () => {
  it('ends a session without compression before the turn is run: with 1000 and no text', () => {
    const bench = say(SessionBench.ready({}, { answer: () => [] }), 100_000, 31_072);
    expect(bench.closed).toBeUndefined();
    say(bench, 1);
    expect(bench.closed).toEqual({ kind: 'close', condition: 'context-limit', code: 1000, reason: '' });
    expect(bench.asked).toHaveLength(2);
  });

  it.each([1006, 1011])('ends it with %i where told to', (overLimitCloseCode) => {
    const options = { overLimitCloseCode, contextWindowTokens: 100 };
    expect(say(SessionBench.ready({}, options), 101).closed?.code).toBe(overLimitCloseCode);
    expect(say(SessionBench.ready({}, options), 100).closed).toBeUndefined();
  });

  it('is reached by audio as by text: 25 tokens a second', () => {
    const speak = (seconds: number) => {
      const data = samplesToBase64(quiet(seconds));
      const parts = [{ inlineData: { mimeType: 'audio/pcm;rate=16000', data } }];
      return SessionBench.ready({}, { answer: () => [], contextWindowTokens: 500 }).send({
        clientContent: { turns: [{ role: 'user', parts }], turnComplete: true },
      });
    };
    expect(speak(20).closed).toBeUndefined();
    expect(speak(20.1).closed?.condition).toBe('context-limit');
  });

  it('is of another size on another model only where the models differ, and counts what was resumed', () => {
    const first = say(SessionBench.ready({ sessionResumption: {} }, { answer: () => [] }), 131_000);
    const resume = (more: object) =>
      SessionBench.ready(
        { sessionResumption: { handle: first.handle ?? '' }, ...more },
        { answer: () => [], resumption: first.resumption, handleUses: 'many' },
      );
    expect(say(resume({}), 100).closed?.condition).toBe('context-limit');
  });

  it('does not end a session that compresses', () => {
    const both = [{}, { contextWindowCompression: {} }].map(
      (setup) =>
        say(SessionBench.ready(setup, { contextWindowTokens: 100, answer }), 60, 60).closed?.condition,
    );
    expect(both).toEqual(['context-limit', undefined]);
  });
});
