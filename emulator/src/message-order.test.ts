import type { LiveSetup, ServerMessage } from '@livegate/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { functionTools } from '../test-support/functions.ts';
import { type BenchOptions, SessionBench } from '../test-support/session-bench.ts';
import type { Answer, AnswerStep } from './answer.ts';
import { messageOrderBreaches, ORDER_RULES, type OrderRule } from './message-order.ts';
import { samplesToBase64 } from './pcm.ts';

const content = (serverContent: ServerMessage['serverContent'] & object): ServerMessage => ({
  serverContent,
});
const setup: ServerMessage = { setupComplete: {} };
const said = content({ modelTurn: { parts: [{ text: 'hi' }] } });
const transcript = content({ outputTranscription: { text: 'hi' } });
const generated = content({ generationComplete: true });
const interrupted = content({ interrupted: true });
const complete: ServerMessage = { ...content({ turnComplete: true }), usageMetadata: { totalTokenCount: 1 } };
const call = (id = 'one'): ServerMessage => ({ toolCall: { functionCalls: [{ id, name: 'f' }] } });
const cancel = (...ids: readonly string[]): ServerMessage => ({ toolCallCancellation: { ids } });
const handle = (newHandle: string, resumable = newHandle !== ''): ServerMessage => ({
  sessionResumptionUpdate: { newHandle, resumable },
});
const broken = (...messages: readonly ServerMessage[]) =>
  messageOrderBreaches(messages).map(({ at, rule }) => `${at} ${rule}`);

/** Each rule broken, and the same with one message different. */
const CASES: Readonly<
  Record<OrderRule, { readonly bad: readonly ServerMessage[]; readonly good: readonly ServerMessage[] }>
> = {
  'setup-first': { bad: [said], good: [setup, said] },
  'setup-once': { bad: [setup, setup], good: [setup, handle('h')] },
  'one-kind': {
    bad: [setup, { goAway: {}, ...handle('h') }],
    good: [setup, { ...said, usageMetadata: {} }],
  },
  'said-too-late': { bad: [setup, said, generated, said], good: [setup, said, generated, complete, said] },
  'generated-twice': { bad: [setup, generated, generated], good: [setup, generated, complete, generated] },
  'interrupted-twice': {
    bad: [setup, said, interrupted, interrupted],
    good: [setup, said, interrupted, complete, said, interrupted],
  },
  'turn-unfinished': { bad: [setup, said, complete], good: [setup, said, generated, complete] },
  'ending-alone': {
    bad: [setup, content({ interactionStatus: 'IDLE' })],
    good: [setup, generated, content({ turnComplete: true, interactionStatus: 'IDLE' })],
  },
  'call-id': { bad: [setup, call(), call()], good: [setup, call(), call('two')] },
  'cancelled-call': { bad: [setup, call(), cancel('two')], good: [setup, call(), cancel('one')] },
  'cancelled-quietly': {
    bad: [setup, call(), cancel('one'), generated, complete],
    good: [setup, call(), cancel('one'), interrupted, complete],
  },
  'handle-form': { bad: [setup, handle('h', false)], good: [setup, handle('', false)] },
  'handle-in-turn': { bad: [setup, said, handle('h')], good: [setup, said, handle('')] },
};

describe('messageOrderBreaches', () => {
  it.each(Object.entries(CASES))('finds %s, and only there', (rule, { bad, good }) => {
    const breaches = messageOrderBreaches(bad);
    expect(breaches.map((breach) => breach.rule)).toEqual([rule]);
    expect(breaches[0]?.at).toBeGreaterThanOrEqual(bad.length - 2);
    expect(messageOrderBreaches(good)).toEqual([]);
  });

  it('has a sentence for each', () => {
    expect(Object.keys(CASES)).toEqual(Object.keys(ORDER_RULES));
  });

  it('takes an interruption of what was said already, with its turn or after it', () => {
    expect(broken(setup, said, generated, interrupted, complete)).toEqual([]);
    expect(broken(setup, said, generated, complete, interrupted, said, generated, complete)).toEqual([]);
    const stoppedTwice = [setup, said, generated, complete, interrupted, interrupted];
    expect(broken(...stoppedTwice, complete)).toEqual([]);
    expect(broken(...stoppedTwice, interrupted)).toEqual(['6 interrupted-twice']);
    expect(broken(setup, interrupted, complete, said)).toEqual([]);
  });

  it('wants the last transcript of a turn before its end', () => {
    expect(broken(setup, said, generated, transcript)).toEqual(['3 said-too-late']);
    expect(broken(setup, said, interrupted, transcript)).toEqual(['3 said-too-late']);
    expect(broken(setup, said, generated, content({ inputTranscription: { text: 'hi' } }))).toEqual([]);
  });

  it('reads several marks of one message in the order of a turn', () => {
    const all = content({ modelTurn: { parts: [] }, generationComplete: true, turnComplete: true });
    expect(broken(setup, all, all)).toEqual([]);
    expect(broken(setup, generated, all)).toEqual(['2 said-too-late', '2 generated-twice']);
  });
});

const NAMES = ['wait', 'go', 'old'] as const;
const SETUP: Partial<LiveSetup> = {
  tools: [...functionTools({ wait: 'BLOCKING', go: 'NON_BLOCKING' }), { googleSearch: {} }],
  inputAudioTranscription: {},
  outputAudioTranscription: {},
  sessionResumption: {},
};

const steps = fc.oneof(
  fc.constant<AnswerStep>({ text: 'one two three four' }),
  fc.integer({ min: 1, max: 3_000 }).map<AnswerStep>((ms) => ({
    audio: { samples: new Int16Array(ms * 24), rateHz: 24_000 },
  })),
  fc.subarray([...NAMES], { minLength: 1 }).map<AnswerStep>((names) => ({
    toolCall: names.map((name) => ({ name })),
  })),
  fc.constantFrom<AnswerStep>(
    { transcript: 'so' },
    { heard: 'what' },
    { interim: 'wha' },
    { thought: 'hm' },
    { grounding: { webSearchQueries: ['q'] } },
    { part: { inlineData: { mimeType: 'image/png', data: 'AAEC' } } },
    { status: 'IN_PROGRESS' },
    { status: 'IDLE' },
    { turnCompleteReason: 'NEED_MORE_INPUT' },
    { waitingForInput: true },
  ),
  fc.integer({ min: 0, max: 2_000 }).map<AnswerStep>((delayMs) => ({ delayMs })),
);
const answers = fc.array(fc.array(steps, { maxLength: 6 }), { minLength: 1, maxLength: 5 });

const settings = fc.record<BenchOptions>({
  answerDelayMs: fc.constantFrom(0, 300),
  paceFactor: fc.constantFrom(1, 3, 1_000),
  turnCompleteDelay: fc.constantFrom('playback' as const, 0, 400),
  nonBlockingCancellation: fc.constantFrom('never' as const, 'with-their-turn' as const),
  interactionStatus: fc.constantFrom('when-told' as const, 'always' as const),
});

/** What a user or a client does next. */
const actions = fc.oneof(
  fc.integer({ min: 0, max: 4_000 }).map((ms) => ({ kind: 'wait', ms }) as const),
  fc.constantFrom(
    { kind: 'say' } as const,
    { kind: 'add' } as const,
    { kind: 'text' } as const,
    { kind: 'start' } as const,
    { kind: 'end' } as const,
    { kind: 'update' } as const,
  ),
  fc.record({
    kind: fc.constant('respond' as const),
    which: fc.nat(5),
    scheduling: fc.constantFrom(undefined, 'SILENT' as const, 'WHEN_IDLE' as const, 'INTERRUPT' as const),
    willContinue: fc.boolean(),
  }),
);
type Action = typeof actions extends fc.Arbitrary<infer T> ? T : never;

const someAudio = { mimeType: 'audio/pcm;rate=16000', data: samplesToBase64(new Int16Array(1_600)) };

function act(bench: SessionBench, action: Action): void {
  switch (action.kind) {
    case 'wait':
      bench.advance(action.ms);
      break;
    case 'say':
    case 'add':
      bench.say('hello', action.kind === 'say');
      break;
    case 'text':
      bench.send({ realtimeInput: { text: 'hello' } });
      break;
    case 'start':
      bench.send({ realtimeInput: { activityStart: {} } }).send({ realtimeInput: { audio: someAudio } });
      break;
    case 'end':
      bench.send({ realtimeInput: { activityEnd: {} } });
      break;
    case 'update':
      bench.send({ contextUpdate: { tools: { tools: [] } } });
      break;
    case 'respond': {
      const calls = bench.sent.flatMap(({ message }) => message.toolCall?.functionCalls ?? []);
      const called = calls[action.which % Math.max(1, calls.length)];
      const { scheduling, willContinue } = action;
      const response = {
        name: called?.name ?? '',
        id: called?.id ?? '',
        willContinue,
        ...(scheduling && { scheduling }),
      };
      if (called) bench.send({ toolResponse: { functionResponses: [response] } });
    }
  }
}

describe('a session', () => {
  it('sends whatever it is told to in the documented order', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        answers,
        settings,
        fc.constantFrom('START_OF_ACTIVITY_INTERRUPTS', 'NO_INTERRUPTION'),
        fc.array(actions, { maxLength: 14 }),
        (all, options, activityHandling, script) => {
          let asked = 0;
          const answer = (): Answer => all[asked++ % all.length] ?? [];
          const realtimeInputConfig = { activityHandling, automaticActivityDetection: { disabled: true } };
          const bench = SessionBench.ready({ ...SETUP, realtimeInputConfig }, { ...options, answer });
          for (const action of script) if (asked < 40) act(bench, action);
          bench.advance(60_000);
          expect(bench.closed).toBeUndefined();
          expect(messageOrderBreaches(bench.sent.map(({ message }) => message))).toEqual([]);
          for (const name of bench.outline) seen.add(name);
        },
      ),
      { numRuns: 400 },
    );
    expect([...seen].sort()).toEqual([
      ...['audio', 'generationComplete', 'groundingMetadata', 'inputTranscription', 'interactionStatus'],
      ...['interimInputTranscription', 'interrupted', 'outputTranscription', 'sessionResumptionUpdate'],
      ...['setupComplete', 'toolCall', 'toolCallCancellation', 'turnComplete', 'turnCompleteReason'],
      'waitingForInput',
    ]);
  });
});
