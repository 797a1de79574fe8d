import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { functionTools } from '../test-support/functions.ts';
import { SessionBench } from '../test-support/session-bench.ts';
import type { AnswerHandler, AnswerStep } from './answer.ts';
import { type LiveEmulatorOptions, settingsOf } from './options.ts';

const page = readFileSync(new URL('../docs/answers.md', import.meta.url), 'utf8');

type StepKind = AnswerStep extends infer Step ? (Step extends unknown ? keyof Step : never) : never;
/** The compiler holds it complete. */
const KINDS = {
  audio: true,
  text: true,
  say: true,
  transcript: true,
  heard: true,
  interim: true,
  toolCall: true,
  thought: true,
  grounding: true,
  urlContext: true,
  part: true,
  status: true,
  turnCompleteReason: true,
  usage: true,
  waitingForInput: true,
  message: true,
  delayMs: true,
  fault: true,
} as const satisfies Readonly<Record<StepKind, true>>;

const OPTIONS = [
  'unsupportedBehavior',
  'nonBlockingCancellation',
  'audioDuringToolCall',
  'lockCoversContextUpdate',
  'outputLimitReason',
  'interactionStatus',
  'defaultBehavior',
  'unaskedTranscripts',
] as const satisfies readonly (keyof LiveEmulatorOptions)[];

describe('docs/answers.md', () => {
  it.each(Object.keys(KINDS))('has a row for the step %s', (kind) => {
    expect(page).toMatch(new RegExp(`^\\|[^|]*\`\\{ ${kind}\\b[^|]*\\|`, 'm'));
  });

  it.each(OPTIONS)('names the default of %s', (option) => {
    expect(page).toMatch(new RegExp(`^\\| \`${option}\` +\\| \`${settingsOf({})[option]}\` +\\|`, 'm'));
  });

  it('says of its example what it does on either model', () => {
    const answer = (({ cause, functionResponses }) =>
      cause === 'tool-response'
        ? [{ text: `Here it is: ${JSON.stringify(functionResponses)}` }]
        : [
            { toolCall: { name: 'get_weather', args: { city: 'Oslo' } } },
            { text: 'Let me look.' },
          ]) satisfies AnswerHandler;
    const talk = (model: string) => {
      const tools = functionTools({ get_weather: undefined });
      const bench = SessionBench.ready({ model: `models/${model}`, tools }, { answer })
        .say('go')
        .advance(5_000);
      const before = bench.outline;
      const response = { name: 'get_weather', response: { sky: 'clear' } };
      bench.send({ toolResponse: { functionResponses: [response] } }).advance(5_000);
      return { before, after: bench.outline.slice(before.length), asked: bench.asked.length };
    };
    const said = ['audio', 'generationComplete', 'turnComplete'];
    expect(talk('gemini-3.8-live')).toEqual({
      before: ['setupComplete', 'toolCall', ...said],
      after: said,
      asked: 2,
    });
    expect(talk('gemini-2.5-flash-native-audio-latest')).toEqual({
      before: ['setupComplete', 'toolCall'],
      after: said,
      asked: 1,
    });
  });
});
