import type { ClientMessage } from '@livegate/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FuzzCase, type FuzzStep, runCase } from '../test-support/fuzzed-session.ts';
import {
  AFTER_SETUP,
  FUNCTION_NAMES,
  otherSpelling,
  setup,
  spoiledFrame,
} from '../test-support/message-grammar.ts';
import type { Answer, AnswerStep } from './answer.ts';
import type { SessionState } from './live-emulator.ts';

/** `scripts/short-forms.ts` says the same. */
const CASES = process.env.LIVEGATE_LONG ? 200_000 : 10_000;
const STATES = [
  'connecting',
  'listening',
  'hearing',
  'answering',
  'calling',
  'closed',
] as const satisfies readonly SessionState[];
const SPOILED = 'spoiled';
const FRAMES = ['setup', ...Object.keys(AFTER_SETUP), SPOILED];
const TONE = { samples: new Int16Array(2_400), rateHz: 24_000 };

const written = (message: fc.Arbitrary<ClientMessage>) =>
  fc
    .tuple(message, fc.integer({ min: 0, max: 3 }))
    .map(([each, other]) => (other === 0 ? otherSpelling(each) : JSON.stringify(each)));
const frame = (name: string, message: fc.Arbitrary<ClientMessage>): fc.Arbitrary<FuzzStep> =>
  written(message).map((text) => ({ kind: 'frame', name, text }));

const aSetup = setup.map((each): ClientMessage => ({ setup: each }));
/** Declares what waits for its response, so that there is something to come into. */
const blockingSetup = fc.constant<ClientMessage>({
  setup: {
    model: 'models/gemini-3.8-live',
    sessionResumption: {},
    tools: [{ functionDeclarations: FUNCTION_NAMES.map((name) => ({ name, behavior: 'BLOCKING' })) }],
  },
});
const anyMessage = fc.oneof(...Object.values<fc.Arbitrary<ClientMessage>>(AFTER_SETUP));
const spoiled = spoiledFrame(fc.oneof(aSetup, anyMessage)).map(
  (text): FuzzStep => ({ kind: 'frame', name: SPOILED, text }),
);

const answerStep: fc.Arbitrary<AnswerStep> = fc.oneof(
  fc.constantFrom('', 'one', 'one two three').map((text) => ({ text })),
  fc.constant({ audio: TONE }),
  fc.constant({ transcript: 'words' }),
  fc.constant({ heard: 'what you said' }),
  fc.constantFrom(0, 5, 500).map((delayMs) => ({ delayMs })),
  fc.constantFrom<AnswerStep>(
    { interim: 'what' },
    { thought: 'hm' },
    { grounding: { webSearchQueries: ['a'] } },
    { part: { executableCode: { code: '1', language: 'PYTHON' } } },
    { status: 'IN_PROGRESS' },
    { turnCompleteReason: 'NEED_MORE_INPUT' },
    { usage: { serviceTier: 'standard' } },
    { waitingForInput: true },
  ),
  fc
    .subarray([...FUNCTION_NAMES], { minLength: 1 })
    .map((names) => ({ toolCall: names.map((name) => ({ name })) })),
);
const answer: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 3, arbitrary: fc.array(answerStep, { maxLength: 4 }) },
  // Ends with calls, so that the session waits for their responses.
  { weight: 2, arbitrary: answerStep.map((step) => [step, { toolCall: { name: FUNCTION_NAMES[0] } }]) },
  {
    weight: 1,
    arbitrary: fc.constant([{ text: 'a long answer that takes its time to be said' }, { delayMs: 5_000 }]),
  },
);

const step: fc.Arbitrary<FuzzStep> = fc.oneof(
  {
    weight: 16,
    arbitrary: fc.oneof(...Object.entries(AFTER_SETUP).map(([name, message]) => frame(name, message))),
  },
  { weight: 3, arbitrary: fc.constantFrom(400, 900).map((ms): FuzzStep => ({ kind: 'speech', ms })) },
  { weight: 3, arbitrary: fc.constantFrom(1, 700, 4_000).map((ms): FuzzStep => ({ kind: 'wait', ms })) },
  { weight: 2, arbitrary: answer.map((each): FuzzStep => ({ kind: 'answer', answer: each })) },
  { weight: 1, arbitrary: spoiled },
  { weight: 1, arbitrary: frame('setup', aSetup) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<FuzzStep>({ kind: 'go-away' }, { kind: 'answer-failed' }, { kind: 'gone' }),
  },
);
const first: fc.Arbitrary<FuzzStep> = fc.oneof(
  { weight: 6, arbitrary: frame('setup', blockingSetup) },
  { weight: 8, arbitrary: frame('setup', aSetup) },
  { weight: 1, arbitrary: spoiled },
  { weight: 1, arbitrary: step },
);
const fuzzCase: fc.Arbitrary<FuzzCase> = fc.record({
  options: fc.record({
    turnCompleteDelay: fc.constantFrom('playback', 0),
    answerDelayMs: fc.constantFrom(0, 300),
    handleScope: fc.constantFrom('project', 'token'),
    lockCoversContextUpdate: fc.boolean(),
    interactionStatus: fc.constantFrom('when-told', 'always'),
    nonBlockingCancellation: fc.constantFrom('never', 'with-their-turn'),
    connectionLimitMs: fc.constantFrom(5_000, 600_000),
    echoGuard: fc.boolean(),
  }) as fc.Arbitrary<FuzzCase['options']>,
  answers: fc.array(fc.option(answer, { nil: undefined, freq: 4 }), { maxLength: 4 }),
  steps: fc.tuple(first, fc.array(step, { maxLength: 12 })).map(([begin, rest]) => [begin, ...rest]),
});

describe('a fuzzed client', () => {
  it('never makes a session throw, leak, or answer outside the protocol, in any state', {
    timeout: 1_800_000,
  }, () => {
    const cells = new Map<string, number>();
    let pastSetup = 0;
    const check = fc.property(fuzzCase, (each) => {
      const { isPastSetup, met, problems } = runCase(each);
      if (isPastSetup) pastSetup++;
      for (const [state, name] of met)
        cells.set(`${state} ${name}`, (cells.get(`${state} ${name}`) ?? 0) + 1);
      expect(problems).toEqual([]);
    });
    fc.assert(check, { numRuns: CASES });

    const width = Math.max(...FRAMES.map(({ length }) => length));
    const row = (name: string, values: readonly (string | number)[]) =>
      `${name.padEnd(width)} ${values.map((value) => String(value).padStart(10)).join(' ')}`;
    const counts = (name: string) => STATES.map((state) => cells.get(`${state} ${name}`) ?? 0);
    console.log(
      [
        `${CASES} cases, ${((100 * pastSetup) / CASES).toFixed(1)} % past setup. Frames by the state in which they came:`,
        row('', STATES),
        ...FRAMES.map((name) => row(name, counts(name))),
      ].join('\n'),
    );
    expect(pastSetup / CASES).toBeGreaterThanOrEqual(0.6);
    expect(FRAMES.filter((name) => counts(name).includes(0))).toEqual([]);
  });
});
