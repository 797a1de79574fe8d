import type { LiveSetup } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { blocking, nonBlocking } from '../test-support/functions.ts';
import { type BenchOptions, SessionBench } from '../test-support/session-bench.ts';
import { quiet, speech } from '../test-support/speech.ts';
import type { Answer } from './answer.ts';
import { messageOrderBreaches } from './message-order.ts';

const tone = (seconds: number): Answer => [
  { audio: { samples: new Int16Array(24_000 * seconds).fill(1_000), rateHz: 24_000 } },
];
const UNINTERRUPTED: Partial<LiveSetup> = {
  realtimeInputConfig: { activityHandling: 'NO_INTERRUPTION' },
};
const talking = (setup: Partial<LiveSetup> = {}, options: BenchOptions = {}): SessionBench =>
  SessionBench.ready(setup, { answer: () => tone(4), ...options })
    .say('go')
    .advance(200);
const text = (of: string) => ({ realtimeInput: { text: of } });
const interruptions = (bench: SessionBench): number =>
  bench.outline.filter((name) => name === 'interrupted').length;

describe('what interrupts the model', () => {
  it.each([
    ['speech', (bench: SessionBench) => bench.speak(speech('interruption')), 1, 0],
    ['real-time text', (bench: SessionBench) => bench.send(text('wait')), 1, 0],
    ['content', (bench: SessionBench) => bench.say('wait'), 1, 1],
    ['content that asks for nothing yet', (bench: SessionBench) => bench.say('wait', false), 1, 1],
    ['silence', (bench: SessionBench) => bench.speak(quiet(1)), 0, 0],
    ['an update', (bench: SessionBench) => bench.send({ contextUpdate: { tools: { tools: [] } } }), 0, 0],
  ])('is %s, as activity handling has it', (_, come, usually, uninterrupted) => {
    expect(interruptions(come(talking()))).toBe(usually);
    expect(interruptions(come(talking(UNINTERRUPTED)))).toBe(uninterrupted);
  });

  it('is a mark, where the client marks activity', () => {
    const detection = { automaticActivityDetection: { disabled: true } };
    const marked = (activityHandling: string) =>
      talking({ realtimeInputConfig: { ...detection, activityHandling } }).send({
        realtimeInput: { activityStart: {} },
      });
    expect(interruptions(marked('START_OF_ACTIVITY_INTERRUPTS'))).toBe(1);
    expect(interruptions(marked('NO_INTERRUPTION'))).toBe(0);
  });
});

describe('an interruption', () => {
  it('sends what was heard, what is cancelled, interrupted, turnComplete with its usage: in this order, at once', () => {
    const setup = { ...blocking('f'), inputAudioTranscription: {}, outputAudioTranscription: {} };
    const bench = SessionBench.ready(setup, {
      answer: () => [{ transcript: 'one moment' }, ...tone(1), { toolCall: { name: 'f' } }],
    });
    bench.speak(speech('question')).speak(quiet(1)).advance(2_000);
    const before = bench.sent.length;
    bench.say('stop');
    expect(bench.outline).toEqual([
      ...['setupComplete', 'inputTranscription', 'outputTranscription', 'audio', 'toolCall'],
      ...['toolCallCancellation', 'interrupted', 'turnComplete', 'outputTranscription', 'audio'],
    ]);
    const [cancellation, interrupted, complete] = bench.sent.slice(before);
    expect(new Set([cancellation?.atMs, interrupted?.atMs, complete?.atMs]).size).toBe(1);
    expect(complete?.message.usageMetadata?.responseTokensDetails).toContainEqual({
      modality: 'AUDIO',
      tokenCount: 25,
    });
  });

  it('tells what was heard even where nothing was answered yet', () => {
    const bench = SessionBench.ready({ inputAudioTranscription: {} }, { answer: () => undefined });
    bench.speak(speech('question')).speak(quiet(1)).say('never mind');
    expect(bench.outline).toEqual(['setupComplete', 'inputTranscription', 'interrupted', 'turnComplete']);
  });

  it('leaves out the rest of the answer, its ending included', () => {
    const told: Answer = [{ turnCompleteReason: 'NEED_MORE_INPUT' }, ...tone(4), { status: 'IDLE' }];
    const bench = talking({}, { answer: ({ index }) => (index === 0 ? told : []) }).say('wait');
    const [first] = bench.sent.flatMap(({ message }) =>
      message.serverContent?.turnComplete ? [message.serverContent] : [],
    );
    expect(first).toEqual({ turnComplete: true, turnCompleteReason: 'NEED_MORE_INPUT' });
  });

  it('stops what is heard, so that nothing is there to interrupt again', () => {
    const bench = talking({}, { answer: ({ index }) => (index === 0 ? tone(4) : []) });
    expect(interruptions(bench.say('wait').say('wait'))).toBe(1);
  });

  it('of a turn that goes on after IN_PROGRESS ends all of it', () => {
    const parts: Answer = [...tone(1), { status: 'IN_PROGRESS' }, ...tone(4)];
    const bench = SessionBench.ready({}, { answer: ({ index }) => (index === 0 ? parts : []) });
    bench.say('go').advance(1_200).say('wait').advance(10_000);
    expect(bench.outline).toEqual([
      ...['setupComplete', 'audio', 'generationComplete', 'turnComplete', 'interactionStatus'],
      ...['audio', 'interrupted', 'turnComplete', 'generationComplete', 'turnComplete'],
    ]);
  });

  it('between two parts of a turn, while the first still plays, is one interruption', () => {
    const parts: Answer = [...tone(2), { status: 'IN_PROGRESS' }, { delayMs: 1_000 }, ...tone(1)];
    const options = { answer: () => parts, turnCompleteDelay: 0, paceFactor: 1_000 } as const;
    const bench = SessionBench.ready({}, options).say('go').advance(500).say('wait');
    expect(interruptions(bench)).toBe(1);
    expect(messageOrderBreaches(bench.sent.map(({ message }) => message))).toEqual([]);
  });
});

describe('turns that wait', () => {
  it('are answered one by one in the order in which they ended', () => {
    const bench = talking(UNINTERRUPTED).send(text('one')).send(text('two')).advance(20_000);
    expect(bench.asked.map(({ turn }) => turn.text)).toEqual(['go', 'one', 'two']);
    expect(bench.asked.map(({ turn }) => turn.index)).toEqual([0, 1, 2]);
  });

  it('go before content that interrupts, as they came before it', () => {
    const bench = talking(UNINTERRUPTED).send(text('one')).say('two').advance(20_000);
    expect(bench.asked.map(({ turn }) => turn.text)).toEqual(['go', 'one', 'two']);
    expect(interruptions(bench)).toBe(1);
  });

  it('begin where content interrupts that asks for nothing itself', () => {
    const bench = talking(UNINTERRUPTED).send(text('one')).say('by the way', false);
    expect(bench.asked.map(({ turn }) => turn.text)).toEqual(['go', 'one']);
  });

  it('offer no handle between them', () => {
    const setup = { ...UNINTERRUPTED, ...nonBlocking('f'), sessionResumption: {} };
    const bench = talking(setup).send(text('one')).advance(20_000);
    const updates = bench.sent.flatMap(({ message }) => message.sessionResumptionUpdate ?? []);
    expect(updates.map(({ resumable }) => resumable)).toEqual([true, false, false, true]);
  });
});

describe('an answer of nothing', () => {
  it('completes its turn at once and says nothing, as a proactive model may', () => {
    const setup = { outputAudioTranscription: {}, proactivity: { proactiveAudio: true } };
    const bench = SessionBench.ready(setup, { answer: () => [] }).say('to somebody else');
    expect(bench.outline).toEqual(['setupComplete', 'generationComplete', 'turnComplete']);
    expect(bench.sent.at(-1)?.atMs).toBe(0);
    expect(bench.session.figures.state).toBe('listening');
  });
});
