import { describe, expect, it } from 'vitest';
import type { Answer, AnswerContext, UserTurn } from './answer.ts';
import type { Scenario, ScenarioRule, When } from './scenario.ts';
import { scenarioAnswer } from './scenario-answer.ts';
import { loadScenario } from './scenario-load.ts';

const TURN: UserTurn = { index: 0, cause: 'client-content', videoFrames: 0 };
const CONTEXT: AnswerContext = {
  sessionId: 'session-1',
  setup: { model: 'models/gemini-3.8-live' },
  modality: 'AUDIO',
  history: [],
  nowMs: 0,
};
const speechOf = (seconds: number): Partial<UserTurn> => ({
  cause: 'speech',
  audio: new Int16Array(seconds * 16_000),
});
const response = (
  name: string,
  values: UserTurn['functionResponses'] extends undefined ? never : object = {},
) =>
  ({ cause: 'tool-response', functionResponses: [{ id: '1', name, response: values }] }) as Partial<UserTurn>;

type Ask = (turn?: Partial<UserTurn>, context?: Partial<AnswerContext>) => Promise<Answer>;
const asking = async (scenario: Scenario): Promise<Ask> => {
  const answer = scenarioAnswer(await loadScenario(scenario));
  return async (turn = {}, context = {}) => answer({ ...TURN, ...turn }, { ...CONTEXT, ...context });
};
const YES: Answer = [{ text: 'yes' }];
const rules = (...given: readonly ScenarioRule[]): Scenario => ({ rules: given, otherwise: 'silence' });
const yesWhen = (when: When): Scenario => rules({ when, answer: { text: 'yes' } });

describe('a rule', () => {
  it.each<readonly [string, When, Partial<UserTurn>, Partial<UserTurn>]>([
    ['text, blanks and case apart', { text: 'Book it' }, { text: ' book IT ' }, { text: 'book it now' }],
    ['text in its case', { text: { is: 'Yes', caseSensitive: true } }, { text: 'Yes' }, { text: 'yes' }],
    [
      'part of a text',
      { text: { contains: 'TABLE' } },
      { text: 'a table for two' },
      { text: 'a tablet' }.text ? { text: 'a chair' } : {},
    ],
    ['a pattern', { text: { matches: '\\btable\\b' } }, { text: 'A Table, please' }, { text: 'a tablet' }],
    [
      'a pattern in its case',
      { text: { matches: '^Z', caseSensitive: true } },
      { text: 'Zoo' },
      { text: 'zoo' },
    ],
    ['text however it is composed', { text: 'caf\u00e9' }, { text: 'cafe\u0301' }, { text: 'cafe' }],
    ['text where there is any', { text: { matches: '' } }, { text: '' }, {}],
    ['enough speech', { audioSeconds: { atLeast: 2 } }, speechOf(2), speechOf(1.9)],
    ['little speech', { audioSeconds: { atMost: 1 } }, speechOf(1), speechOf(1.1)],
    ['speech at all', { audioSeconds: { atMost: 9 } }, speechOf(1), { text: 'hi' }],
    ['the nth turn', { turn: 3 }, { index: 2 }, { index: 3 }],
    ['turns from the nth', { turn: { atLeast: 2 } }, { index: 1 }, { index: 0 }],
    ['frames shown', { videoFrames: { atLeast: 1 } }, { videoFrames: 1 }, { videoFrames: 0 }],
    ['a cause', { cause: 'realtime-text' }, { cause: 'realtime-text' }, { cause: 'client-content' }],
    [
      'one of causes',
      { cause: ['speech', 'activity-mark'] },
      { cause: 'activity-mark' },
      { cause: 'realtime-text' },
    ],
    ['a function by name', { toolResult: { name: 'book' } }, response('book'), response('cancel')],
    [
      'a response',
      { toolResult: { response: { ok: true } } },
      response('book', { ok: true, at: 7 }),
      response('book', { ok: false }),
    ],
    [
      'a response in depth',
      { toolResult: { response: { a: [{ b: 1 }] } } },
      response('f', { a: [{ b: 1, c: 2 }] }),
      response('f', { a: [{ b: 1 }, {}] }),
    ],
    [
      'each of several',
      { toolResult: [{ name: 'a' }, { name: 'b' }] },
      { ...response('a'), functionResponses: [{ name: 'a' }, { name: 'b' }] },
      response('a'),
    ],
    ['all that it asks', { text: 'hi', turn: 2 }, { text: 'hi', index: 1 }, { text: 'hi', index: 0 }],
    ['a tool response by its cause', { cause: 'tool-response' }, response('f'), { text: 'f' }],
    ['no tool response it does not ask for', { turn: 1 }, {}, response('f')],
    ['no start it does not ask for', { turn: 1 }, {}, { cause: 'session-start' }],
    ['the start of a session', { sessionStart: 'any' }, { cause: 'session-start' }, {}],
  ])('is for %s', async (_, when, met, unmet) => {
    const ask = await asking(yesWhen(when));
    expect(await ask(met)).toEqual(YES);
    expect(await ask(unmet, { sessionId: 'session-2' })).toEqual([]);
  });

  it.each<readonly [string, When, Partial<AnswerContext>, Partial<AnswerContext>]>([
    [
      'a model',
      { model: 'gemini-3.8-live' },
      {},
      { setup: { model: 'models/gemini-3.8-live-extended-thinking' } },
    ],
    [
      'a system instruction',
      { systemInstruction: { contains: 'pirate' } },
      { setup: { model: 'm', systemInstruction: { parts: [{ text: 'Be a' }, { text: 'pirate.' }] } } },
      {},
    ],
    [
      'any value of the setup',
      { setup: { generationConfig: { responseModalities: ['AUDIO'], temperature: 1 } } },
      { setup: { model: 'm', generationConfig: { responseModalities: ['AUDIO'], temperature: 1, topK: 3 } } },
      { setup: { model: 'm', generationConfig: { responseModalities: ['AUDIO'], temperature: 2 } } },
    ],
  ])('is for %s', async (_, when, met, unmet) => {
    const ask = await asking(yesWhen(when));
    expect(await ask({}, met)).toEqual(YES);
    expect(await ask({}, { sessionId: 'session-2', ...unmet })).toEqual([]);
  });

  it('is for a new session, a resumed one, or either', async () => {
    for (const [sessionStart, isNew, isResumed] of [
      ['new', YES, []],
      ['resumed', [], YES],
      ['any', YES, YES],
    ] as const) {
      const ask = await asking(yesWhen({ sessionStart }));
      expect(await ask({ cause: 'session-start' })).toEqual(isNew);
      const resumed = { sessionId: 'session-2', resumedFrom: 'session-1' };
      expect(await ask({ cause: 'session-start', index: 1 }, resumed)).toEqual(isResumed);
    }
  });
});

describe('scenarioAnswer', () => {
  it('uses the first rule that is met', async () => {
    const ask = await asking(
      rules(
        { when: { text: 'a' }, answer: { text: '1' } },
        { when: { text: { contains: 'a' } }, answer: { text: '2' } },
        { answer: { text: '3' } },
      ),
    );
    expect(await ask({ text: 'a' })).toEqual([{ text: '1' }]);
    expect(await ask({ text: 'ab', index: 1 })).toEqual([{ text: '2' }]);
    expect(await ask({ text: 'b', index: 2 })).toEqual([{ text: '3' }]);
  });

  it('uses a rule as often as it says, in each conversation apart', async () => {
    const ask = await asking(
      rules({ once: true, answer: { text: 'once' } }, { times: 2, answer: { text: 'twice' } }),
    );
    const said = async (sessionId: string, turns: number) => {
      const answers: Answer[] = [];
      for (let index = 0; index < turns; index++) answers.push(await ask({ index }, { sessionId }));
      return answers.flat();
    };
    const all = [{ text: 'once' }, { text: 'twice' }, { text: 'twice' }];
    expect(await said('session-1', 5)).toEqual(all);
    expect(await said('session-2', 5)).toEqual(all);
  });

  it('goes on through a resumption, from where the handle was given', async () => {
    const ask = await asking(
      rules({ once: true, answer: { text: 'first' } }, { times: 2, answer: { text: 'later' } }),
    );
    for (const index of [0, 1, 2]) await ask({ index });
    const resumed = { sessionId: 'session-2', resumedFrom: 'session-1' };
    expect(await ask({ index: 2 }, resumed)).toEqual([{ text: 'later' }]);
    expect(await ask({ index: 3 }, resumed)).toEqual([]);
    expect(await ask({ index: 2 }, { sessionId: 'session-3' })).toEqual([{ text: 'first' }]);
  });

  it('starts afresh where a session of the same name begins again', async () => {
    const ask = await asking(rules({ once: true, answer: { text: 'yes' } }));
    expect([await ask(), await ask({ index: 1 }), await ask()]).toEqual([YES, [], YES]);
  });

  it('tells the log which rule it used, and no word of the talk', async () => {
    const lines: string[] = [];
    const loaded = await loadScenario(
      rules({ name: 'hello', when: { text: 'hi' }, answer: 'echo' }, { when: { turn: 2 }, answer: 'echo' }),
    );
    const handler = scenarioAnswer(loaded, { log: (level, text) => lines.push(`${level} ${text}`) });
    for (const [index, text] of ['hi', 'ho', 'ha'].entries()) handler({ ...TURN, index, text }, CONTEXT);
    expect(lines).toEqual([
      'debug session-1 turn 1, client-content: rule 1 (hello)',
      'debug session-1 turn 2, client-content: rule 2',
      'debug session-1 turn 3, client-content: otherwise',
    ]);
  });

  it('goes from state to state', async () => {
    const ask = await asking(
      rules(
        // biome-ignore lint/suspicious/noThenProperty: the word of the file
        { when: { state: 'start' }, answer: { text: 'for how many?' }, then: 'asked' },
        // biome-ignore lint/suspicious/noThenProperty: as above
        { when: { state: 'asked', text: { matches: '\\d' } }, answer: { text: 'booked' }, then: 'done' },
        { when: { state: ['asked', 'done'] }, answer: { text: 'pardon?' } },
      ),
    );
    const answers = [];
    for (const [index, text] of ['hi', 'well', '4', '5'].entries())
      answers.push(...(await ask({ index, text })));
    expect(answers.map((step) => ('text' in step ? step.text : ''))).toEqual([
      'for how many?',
      'pardon?',
      'booked',
      'pardon?',
    ]);
    expect(await ask({ text: 'hi' }, { sessionId: 'session-2' })).toEqual([{ text: 'for how many?' }]);
  });

  it('fills in the words of the user and the number of the turn, after its tool response too', async () => {
    const ask = await asking(
      rules(
        { when: { toolResult: {} }, answer: { text: 'found "{text}"' } },
        {
          answer: [
            { text: 'turn {turn}: {text} {{text}} $&' },
            { toolCall: { name: 'find', args: { query: '{text}', of: ['{turn}', 1, null, true] } } },
          ],
        },
      ),
    );
    expect(await ask({ index: 1, text: 'a $1 {turn}' })).toEqual([
      { text: 'turn 2: a $1 {turn} {text} $&' },
      { toolCall: [{ name: 'find', args: { query: 'a $1 {turn}', of: ['2', 1, null, true] } }] },
    ]);
    expect(await ask({ index: 1, ...response('find') })).toEqual([{ text: 'found "a $1 {turn}"' }]);
  });

  it('hears a response that comes late in the conversation as it stands', async () => {
    const ask = await asking(
      rules(
        { when: { toolResult: {} }, answer: { text: 'late: {text}' } },
        { once: true, when: { turn: { atLeast: 2 } }, answer: { text: 'once' } },
      ),
    );
    await ask({ text: 'first' });
    expect(await ask({ index: 1, text: 'second' })).toEqual([{ text: 'once' }]);
    expect(await ask({ index: 0, ...response('f') })).toEqual([{ text: 'late: first' }]);
    expect(await ask({ index: 2, text: 'third' })).toEqual([]);
  });

  it('answers what no rule is for with its echo, with nothing, or with what it says', async () => {
    const audio = new Int16Array(160);
    const echo = await asking({ rules: [] });
    expect(await echo({ text: 'hi' })).toEqual([{ text: 'hi' }]);
    expect(await echo(response('f', { a: 1 }))).toEqual([{ text: 'f: {"a":1}' }]);
    expect(await echo({ cause: 'session-start' })).toEqual([]);
    expect(await echo({ audio })).toHaveLength(2);
    expect(await (await asking({ rules: [], otherwise: 'silence' }))({ text: 'hi' })).toEqual([]);
    const custom = await asking({ rules: [], otherwise: [{ toolCall: { name: 'f' } }] });
    expect(await custom({ text: 'hi' })).toEqual([{ toolCall: [{ name: 'f' }] }]);
    expect(await custom(response('f'))).toEqual([]);
    const rule = await asking(rules({ when: { text: 'hi' }, answer: 'echo' }, { answer: 'silence' }));
    expect([await rule({ text: 'hi' }), await rule({ text: 'ho', index: 1 })]).toEqual([
      [{ text: 'hi' }],
      [],
    ]);
  });
});
