import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnswerContext, AnswerStep, TurnCause, UserTurn } from './answer.ts';
import { EmulatorError } from './errors.ts';
import type { Scenario } from './scenario.ts';
import { scenarioAnswer } from './scenario-answer.ts';
import { loadScenario } from './scenario-load.ts';
import { readYaml } from './scenario-yaml.ts';
import { readWav, WavProblem, writeWav } from './speech-wav.ts';

const WORDS = [
  ...[
    'rules',
    'otherwise',
    'answer',
    'when',
    'times',
    'once',
    'then',
    'name',
    'text',
    'is',
    'contains',
    'matches',
  ],
  ...[
    'audioSeconds',
    'atLeast',
    'atMost',
    'turn',
    'videoFrames',
    'toolResult',
    'response',
    'cause',
    'speech',
  ],
  ...['sessionStart', 'new', 'model', 'systemInstruction', 'setup', 'state', 'start', 'heard', 'transcript'],
  ...[
    'toolCall',
    'args',
    'delayMs',
    'fault',
    'kind',
    'drop',
    'echo',
    'silence',
    '{text} {turn}',
    '{x}',
    '__proto__',
  ],
];
const word = fc.constantFrom(...WORDS);
const leaf = fc.oneof(word, fc.integer({ min: -2, max: 4 }), fc.boolean(), fc.constant(null), fc.string());
/** Anything made of a scenario's own words, in any place. */
const anything = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 3 }),
  object: fc.dictionary(word, tie('value'), { maxKeys: 4 }),
})).value;

const textMatch = fc.oneof(
  fc.string(),
  fc.record({ contains: fc.string({ minLength: 1 }).filter((text) => text.trim() !== '') }),
  fc.constantFrom({ matches: '^a' }, { matches: '', caseSensitive: true }),
);
const numberMatch = fc.oneof(
  fc.integer({ min: 1, max: 4 }),
  fc.record({ atLeast: fc.integer({ min: 1, max: 4 }) }),
);
const step = fc.oneof(
  fc.record({ text: fc.constantFrom('a', '{text}', '{turn} {{turn}}') }),
  fc.record({ delayMs: fc.nat(100) }),
  fc.record({ toolCall: fc.record({ name: fc.constantFrom('f', 'g') }) }),
);
/** Scenarios that are whole. */
const scenario = fc.record(
  {
    rules: fc.array(
      fc.record(
        {
          answer: fc.oneof(
            fc.constantFrom('echo' as const, 'silence' as const),
            fc.array(step, { minLength: 1 }),
          ),
          when: fc.record(
            {
              text: textMatch,
              turn: numberMatch,
              videoFrames: numberMatch,
              state: fc.constantFrom('start'),
              toolResult: fc.record({ name: fc.constantFrom('f', 'g') }, { requiredKeys: [] }),
            },
            { requiredKeys: [] },
          ),
          times: fc.integer({ min: 1, max: 3 }),
        },
        { requiredKeys: ['answer'] },
      ),
      { maxLength: 4 },
    ),
    otherwise: fc.oneof(fc.constantFrom('echo' as const, 'silence' as const), step),
  },
  { requiredKeys: ['rules'] },
) as fc.Arbitrary<Scenario>;

const turn = fc.record({
  index: fc.nat(4),
  cause: fc.constantFrom<TurnCause>('speech', 'client-content', 'tool-response', 'session-start'),
  text: fc.option(fc.string(), { nil: undefined }),
  videoFrames: fc.nat(2),
}) as fc.Arbitrary<UserTurn>;
const context = (sessionId: string): AnswerContext => ({
  sessionId,
  setup: { model: 'models/gemini-3.8-live' },
  modality: 'AUDIO',
  history: [],
  nowMs: 0,
});

describe('a scenario of anything', () => {
  it('is taken, or refused with a line for each problem that names its field', async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(anything, async (value) => {
        if (typeof value === 'string') return;
        try {
          await loadScenario(value as Scenario, { canSpeak: false });
        } catch (error) {
          refused++;
          expect(error).toBeInstanceOf(EmulatorError);
          const [, ...lines] = (error as EmulatorError).message.split('\n');
          expect(lines.length).toBeGreaterThan(0);
          expect(lines.every((line) => line.startsWith('scenario: '))).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it('is placed in its text, whatever the text is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.array(fc.oneof(word, fc.nat(3))), (text, path) => {
        const { errors, placeOf } = readYaml(text);
        for (const { line, column } of [placeOf({ path, on: 'name' }), ...errors.map(({ place }) => place)])
          expect([line, column].every((each) => Number.isInteger(each) && each >= 1)).toBe(true);
      }),
    );
  });
});

describe('a scenario that was taken', () => {
  it('answers every turn with steps, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, fc.array(turn, { maxLength: 8 }), async (given, turns) => {
        const handler = scenarioAnswer(await loadScenario(given));
        for (const each of turns) {
          const steps = (await handler(each, context('session-1'))) as readonly AnswerStep[];
          expect(steps.every((one) => Object.keys(one).length === 1)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('answers a conversation the same, whatever others say meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, fc.array(turn), fc.array(turn), async (given, mine, others) => {
        const loaded = await loadScenario(given);
        const alone = scenarioAnswer(loaded);
        const among = scenarioAnswer(loaded);
        for (const [at, each] of mine.entries()) {
          const other = others[at];
          if (other) among(other, context('session-2'));
          expect(among(each, context('session-1'))).toEqual(alone(each, context('session-1')));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('readWav', () => {
  it('gives back any samples that were written', () => {
    fc.assert(
      fc.property(
        fc.int16Array({ minLength: 1 }),
        fc.integer({ min: 1_000, max: 384_000 }),
        (samples, rateHz) => {
          expect(readWav(writeWav({ samples, rateHz }))).toEqual({ samples, rateHz });
        },
      ),
    );
  });

  it('reads or refuses a file whatever is changed in it', () => {
    const file = writeWav({ samples: new Int16Array(64).fill(1_000), rateHz: 16_000 });
    const change = fc.tuple(fc.nat(file.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), fc.nat(file.length), (changes, length) => {
        const changed = Uint8Array.from(file);
        for (const [at, value] of changes) changed[at] = value;
        try {
          expect(readWav(changed.subarray(0, length)).samples).toBeInstanceOf(Int16Array);
        } catch (error) {
          expect(error).toBeInstanceOf(WavProblem);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
