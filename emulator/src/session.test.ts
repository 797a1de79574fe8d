import { describe, expect, it } from 'vitest';
import { SessionBench } from '../test-support/session-bench.ts';
import { quiet, speech } from '../test-support/speech.ts';
import type { Answer } from './answer.ts';

const transcripts = { inputAudioTranscription: {}, outputAudioTranscription: {} };
const tone = (seconds: number): Answer => [
  { audio: { samples: new Int16Array(24_000 * seconds).fill(1_000), rateHz: 24_000 } },
];

describe('LiveSession', () => {
  it('greets with setupComplete and nothing else', () => {
    expect(SessionBench.ready().sent.map(({ message }) => message)).toEqual([{ setupComplete: {} }]);
  });

  it('sends a turn in the documented order', () => {
    const bench = SessionBench.ready({ ...transcripts, sessionResumption: {} });
    bench.speak(speech('question')).speak(quiet(1)).advance(10_000);
    expect(bench.outline).toEqual([
      'setupComplete',
      'sessionResumptionUpdate',
      'sessionResumptionUpdate',
      'inputTranscription',
      'outputTranscription',
      'audio',
      'generationComplete',
      'turnComplete',
      'sessionResumptionUpdate',
    ]);
    const updates = bench.sent.flatMap(({ message }) => message.sessionResumptionUpdate ?? []);
    expect(updates.map(({ resumable, newHandle }) => [resumable, newHandle === ''])).toEqual([
      [true, false],
      [false, true],
      [true, false],
    ]);
  });

  it('leaves transcripts and handles out where nobody asked for them', () => {
    const bench = SessionBench.ready().speak(speech('question')).speak(quiet(1)).advance(10_000);
    expect(bench.outline).toEqual(['setupComplete', 'audio', 'generationComplete', 'turnComplete']);
  });

  it('sends audio ahead of real time and completes the turn when it must have played out', () => {
    const bench = SessionBench.ready(
      {},
      { answer: () => tone(4), burstMs: 500, paceFactor: 4, chunkMs: 100 },
    );
    bench.say('go');
    expect(bench.audioMs).toBe(500);
    bench.advance(500);
    expect(bench.audioMs).toBe(2_500);
    bench.advance(10_000);
    const at = (name: 'generationComplete' | 'turnComplete') =>
      bench.sent.find(({ message }) => message.serverContent?.[name])?.atMs;
    expect(bench.audioMs).toBe(4_000);
    expect(at('generationComplete')).toBe(875);
    expect(at('turnComplete')).toBe(4_000);
  });

  it('completes the turn as soon as it is told to', () => {
    const bench = SessionBench.ready({}, { answer: () => tone(4), turnCompleteDelay: 0 });
    bench.say('go').advance(3_000);
    expect(bench.outline.slice(-2)).toEqual(['generationComplete', 'turnComplete']);
  });

  it('waits before an answer for as long as it is told to', () => {
    const bench = SessionBench.ready({}, { answer: () => tone(0.1), answerDelayMs: 300 })
      .say('go')
      .advance(299);
    expect(bench.outline).toEqual(['setupComplete']);
    bench.advance(1);
    expect(bench.outline).toContain('audio');
  });

  it('stops at a barge-in: interrupted, then turnComplete, and no generationComplete', () => {
    const bench = SessionBench.ready({}, { answer: () => tone(5) });
    bench.say('go').advance(500).speak(speech('interruption').slice(0, 16_000), { realTime: true });
    const sent = bench.audioMs;
    expect(bench.outline).toEqual(['setupComplete', 'audio', 'interrupted', 'turnComplete']);
    bench.advance(10_000);
    expect(bench.audioMs).toBe(sent);
    expect(bench.session.figures).toMatchObject({ state: 'hearing', interruptions: 1, turns: 1 });
  });

  it('takes speech for a barge-in while the answer must still be playing, all of it sent', () => {
    const bench = SessionBench.ready({}, { answer: () => tone(5), paceFactor: 1_000 });
    bench.say('go').advance(500).speak(speech('interruption').slice(0, 16_000), { realTime: true });
    expect(bench.outline).toEqual([
      'setupComplete',
      'audio',
      'generationComplete',
      'interrupted',
      'turnComplete',
    ]);
  });

  it('says interrupted once more where a turn was completed early and its audio still plays', () => {
    const options = { answer: () => tone(5), paceFactor: 1_000, turnCompleteDelay: 0 } as const;
    const during = SessionBench.ready({}, options).say('go').advance(4_900).say('again');
    expect(during.outline.filter((name) => name === 'interrupted')).toHaveLength(1);
    const after = SessionBench.ready({}, options).say('go').advance(5_100).say('again');
    expect(after.outline).not.toContain('interrupted');
  });

  it('lets the model finish where activity does not interrupt, and answers what was said after that', () => {
    const config = { realtimeInputConfig: { activityHandling: 'NO_INTERRUPTION' } };
    const bench = SessionBench.ready(config, { answer: () => tone(6) });
    bench.say('go').advance(100).speak(speech('interruption')).speak(quiet(1)).advance(20_000);
    expect(bench.outline).toEqual([
      'setupComplete',
      ...['audio', 'generationComplete', 'turnComplete'],
      ...['audio', 'generationComplete', 'turnComplete'],
    ]);
    expect(bench.asked.map(({ turn }) => turn.cause)).toEqual(['client-content', 'speech']);
  });

  it('answers real-time text at once and lets it interrupt', () => {
    const bench = SessionBench.ready({}, { answer: () => tone(3) });
    bench.send({ realtimeInput: { text: 'one' } }).send({ realtimeInput: { text: 'two' } });
    expect(bench.outline).toEqual(['setupComplete', 'audio', 'interrupted', 'turnComplete', 'audio']);
    expect(bench.asked.map(({ turn }) => turn.text)).toEqual(['one', 'two']);
  });

  it('holds content until turnComplete and gives the handler all of it', () => {
    const bench = SessionBench.ready().say('first', false).advance(1_000);
    expect(bench.asked).toHaveLength(0);
    bench.say('second');
    expect(bench.asked[0]?.turn).toMatchObject({ index: 0, text: 'first\nsecond', cause: 'client-content' });
    expect(bench.asked[0]?.context.history).toEqual([]);
  });

  it('takes content as history without answering, until its turnComplete', () => {
    const turns = [
      { role: 'user', parts: [{ text: 'my name is Ada' }] },
      { role: 'model', parts: [{ text: 'noted' }] },
    ];
    const seed = { clientContent: { turns, turnComplete: true } };
    const seeding = { historyConfig: { initialHistoryInClientContent: true } };
    const bench = SessionBench.ready(seeding).send(seed).advance(1_000);
    expect(bench.asked).toHaveLength(0);
    bench.say('who am I?');
    expect(bench.asked[0]?.turn.text).toBe('who am I?');
    expect(bench.asked[0]?.context.history.map(({ text }) => text)).toEqual(['my name is Ada', 'noted']);
    expect(SessionBench.ready({}).send(seed).asked).toHaveLength(1);
  });

  it('ignores an answer to a turn that was interrupted', () => {
    const bench = SessionBench.ready({}, { answer: () => undefined });
    const first = bench.say('one').asked[0]?.ask ?? 0;
    bench.say('two').input({ kind: 'answer', ask: first, answer: tone(1) });
    expect(bench.outline).toEqual(['setupComplete', 'interrupted', 'turnComplete']);
    bench.answer(tone(1)).advance(5_000);
    expect(bench.outline.slice(-3)).toEqual(['audio', 'generationComplete', 'turnComplete']);
  });

  it('completes a turn to which the handler says nothing', () => {
    const bench = SessionBench.ready({}, { answer: () => [] }).say('go');
    expect(bench.outline).toEqual(['setupComplete', 'generationComplete', 'turnComplete']);
  });

  it('answers in text where the model does', () => {
    const text = {
      model: 'models/gemini-2.0-flash-live-001',
      generationConfig: { responseModalities: ['TEXT'] },
    };
    const bench = SessionBench.ready(text).say('hello there').speak(speech('question')).speak(quiet(1));
    const said = bench.sent.flatMap(({ message }) => message.serverContent?.modelTurn?.parts ?? []);
    expect(said).toEqual([
      { text: 'hello there' },
      { text: expect.stringMatching(/^\(\d\.\d s of speech\)$/) },
    ]);
  });

  it('speaks text on an audio model, one tone for each word, each after its transcript', () => {
    const bench = SessionBench.ready(transcripts).say('hello there').advance(5_000);
    expect(bench.outline.slice(1, 5)).toEqual([
      'outputTranscription',
      'audio',
      'outputTranscription',
      'audio',
    ]);
    expect(bench.audioMs).toBe(480);
  });

  it('tells the handler the instruction and tools in force after an update', () => {
    const bench = SessionBench.ready({ tools: [{ googleSearch: {} }] });
    bench.send({ contextUpdate: { systemInstruction: { parts: [{ text: 'be brief' }] } } }).say('go');
    expect(bench.asked[0]?.context.setup).toMatchObject({
      systemInstruction: { parts: [{ text: 'be brief' }] },
      tools: [{ googleSearch: {} }],
    });
    bench.send({ contextUpdate: { tools: { tools: [] } } }).say('go');
    expect(bench.asked[1]?.context.setup.tools).toEqual([]);
    expect(bench.asked[1]?.context.setup.systemInstruction).toBeDefined();
  });

  it('announces the end of the connection 60 s before and keeps to it', () => {
    const bench = SessionBench.ready({}, { connectionLimitMs: 600_000 }).advance(539_999);
    expect(bench.outline).toEqual(['setupComplete']);
    bench.advance(1);
    expect(bench.sent.at(-1)?.message).toEqual({ goAway: { timeLeft: '60s' } });
    bench.advance(59_999);
    expect(bench.closed).toBeUndefined();
    bench.advance(1);
    expect(bench.closed).toMatchObject({ code: 1011, condition: 'connection-limit' });
    expect(bench.outline.filter((name) => name === 'goAway')).toHaveLength(1);
  });

  it('goes away when told to', () => {
    const bench = SessionBench.ready().input({ kind: 'go-away', timeLeftMs: 1_500 });
    expect(bench.sent.at(-1)?.message).toEqual({ goAway: { timeLeft: '1.5s' } });
    expect(bench.advance(1_499).closed).toBeUndefined();
    expect(bench.advance(1).closed?.condition).toBe('connection-limit');
  });

  it('does nothing any more once it is closed', () => {
    const bench = SessionBench.ready().sendText('{').say('hello').advance(10_000);
    expect(bench.outline).toEqual(['setupComplete']);
    expect(bench.asked).toEqual([]);
    expect(bench.session.nextMs).toBeUndefined();
  });
});
