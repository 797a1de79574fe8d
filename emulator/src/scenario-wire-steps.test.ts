import { describe, expect, it } from 'vitest';
import type { Answer } from './answer.ts';
import type { Reading, ScenarioProblem } from './scenario-check.ts';
import { step } from './scenario-steps.ts';

const WORDS = { text: 'Oslo', turn: '2' };
function read(written: object): { readonly steps: Answer; readonly problems: readonly ScenarioProblem[] } {
  const problems: ScenarioProblem[] = [];
  const reading: Reading = {
    problems,
    canSpeak: false,
    readSound: () => {
      throw new Error('no sound here');
    },
  };
  const made = step(written, ['answer'], reading);
  return { steps: made ? [made.make(WORDS)] : [], problems };
}

describe('a step in the form of the wire', () => {
  it.each([
    [{ interim: 'to {text}' }, { interim: 'to Oslo' }],
    [
      { heard: { text: 'to {text}', languageCode: 'nb-NO' } },
      { heard: { text: 'to Oslo', languageCode: 'nb-NO' } },
    ],
    [{ transcript: { text: 'so', finished: true } }, { transcript: { text: 'so', finished: true } }],
    [{ thought: 'turn {turn}' }, { thought: 'turn 2' }],
    [
      { grounding: { webSearchQueries: ['weather {text}'] } },
      { grounding: { webSearchQueries: ['weather Oslo'] } },
    ],
    [{ urlContext: { urlMetadata: [] } }, { urlContext: { urlMetadata: [] } }],
    [{ part: { executableCode: { code: '1' } } }, { part: { executableCode: { code: '1' } } }],
    [{ usage: { toolUsePromptTokenCount: 3 } }, { usage: { toolUsePromptTokenCount: 3 } }],
    [{ message: { goAway: { timeLeft: '5s' } } }, { message: { goAway: { timeLeft: '5s' } } }],
    [{ status: 'IN_PROGRESS' }, { status: 'IN_PROGRESS' }],
    [{ turnCompleteReason: 'NEED_MORE_INPUT' }, { turnCompleteReason: 'NEED_MORE_INPUT' }],
    [{ waitingForInput: true }, { waitingForInput: true }],
  ])('is read: %j', (written, expected) => {
    expect(read(written)).toEqual({ steps: [expected], problems: [] });
  });

  it.each([
    [{ heard: { text: 5 } }, 'text'],
    [{ grounding: 'a page' }, 'an object as the wire has it'],
    [{ part: { inlineData: { data: 'AAEC' } } }, 'mimeType'],
    [{ usage: { totalTokenCount: 'many' } }, 'totalTokenCount'],
    [{ message: { serverContents: {} } }, 'serverContents'],
    [{ message: { goAway: { timeLeft: 5 } } }, 'timeLeft'],
    [{ status: 'BUSY' }, 'IN_PROGRESS, REQUIRES_ACTION or IDLE'],
    [{ waitingForInput: 'yes' }, 'true or false'],
    [{ thought: '{name}' }, 'unknown variable {name}'],
    [{ urlContext: { page: '{name}' } }, 'unknown variable {name}'],
  ])('is refused where no client could read it, naming the field: %j', (written, message) => {
    const { steps, problems } = read(written);
    expect(steps).toEqual([]);
    expect(problems.map((problem) => problem.message)).toEqual([expect.stringContaining(message)]);
  });
});
