import type { LiveSetup, Part, ServerMessage } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { type BenchOptions, SessionBench } from '../test-support/session-bench.ts';
import { quiet, speech } from '../test-support/speech.ts';
import type { Answer, AnswerStep } from './answer.ts';

const tone = { audio: { samples: new Int16Array(24_000), rateHz: 24_000 } } as const;
const MODEL_25 = 'models/gemini-2.5-flash-native-audio-latest';
const answering = (answer: Answer, setup: Partial<LiveSetup> = {}, options: BenchOptions = {}) =>
  SessionBench.ready(setup, { answer: () => answer, ...options })
    .say('go')
    .advance(5_000);
const contents = (bench: SessionBench) => bench.sent.flatMap(({ message }) => message.serverContent ?? []);
const parts = (bench: SessionBench): readonly Part[] =>
  contents(bench).flatMap(({ modelTurn }) => modelTurn?.parts ?? []);
const ending = (bench: SessionBench): ServerMessage | undefined =>
  bench.sent.map(({ message }) => message).findLast(({ serverContent }) => serverContent?.turnComplete);

/** Steps that want a tool, the tool, and what is sent for them. */
const SOURCED: readonly [string, AnswerStep, Record<string, object>, object][] = [
  [
    'grounding',
    {
      grounding: {
        webSearchQueries: ['weather oslo'],
        groundingChunks: [{ web: { uri: 'https://example.com', title: 'Weather' } }],
        groundingSupports: [{ segment: { endIndex: 4, text: 'Rain' }, groundingChunkIndices: [0] }],
        searchEntryPoint: { renderedContent: '<b>weather</b>' },
      },
    },
    { googleSearch: {} },
    { groundingMetadata: { webSearchQueries: ['weather oslo'], searchEntryPoint: {} } },
  ],
  [
    'urlContext',
    { urlContext: { urlMetadata: [{ retrievedUrl: 'https://example.com' }] } },
    { urlContext: {} },
    { urlContextMetadata: { urlMetadata: [{ retrievedUrl: 'https://example.com' }] } },
  ],
  [
    'a part of code',
    { part: { executableCode: { language: 'PYTHON', code: 'print(1)' } } },
    { codeExecution: {} },
    { modelTurn: { role: 'model', parts: [{ executableCode: { code: 'print(1)' } }] } },
  ],
];

describe('a step of an answer', () => {
  it.each(SOURCED)(
    'with %s goes out where a tool in force can have found it, else is warned of',
    (_, step, tool, sent) => {
      const found = answering([step], { tools: [tool] });
      expect(contents(found)[0]).toMatchObject(sent);
      expect(found.warnings).toEqual([]);
      const unfound = answering([step], { tools: [{ functionDeclarations: [] }] });
      expect(contents(unfound)).toEqual([{ generationComplete: true }, { turnComplete: true }]);
      expect(unfound.warnings).toEqual([expect.stringContaining(Object.keys(tool)[0] ?? '')]);
    },
  );

  it('with what a tool found counts it as the tool’s', () => {
    const grounding = [{ grounding: { webSearchQueries: ['a query'] } }];
    const count = (tools: LiveSetup['tools'] & object) =>
      ending(answering(grounding, { tools }))?.usageMetadata?.toolUsePromptTokenCount;
    expect(count([{ googleSearch: {} }])).toBe(
      Math.ceil('{"groundingMetadata":{"webSearchQueries":["a query"]}}'.length / 4),
    );
    expect(count([{ urlContext: {} }])).toBeUndefined();
  });

  it('with a thought shows it where the setup asks for thoughts, and counts it either way', () => {
    const thought = [{ thought: 'hm '.repeat(20) }, tone];
    const thinkingConfig = (includeThoughts: boolean) => ({
      model: MODEL_25,
      generationConfig: { thinkingConfig: { includeThoughts } },
    });
    const shown = answering(thought, thinkingConfig(true));
    expect(parts(shown)[0]).toEqual({ text: 'hm '.repeat(20), thought: true });
    expect(ending(shown)?.usageMetadata).toMatchObject({ thoughtsTokenCount: 15, responseTokenCount: 25 });
    const hidden = answering(thought, thinkingConfig(false));
    expect(parts(hidden).some((part) => part.thought)).toBe(false);
    expect(ending(hidden)?.usageMetadata?.thoughtsTokenCount).toBe(15);
    expect(ending(answering([tone]))?.usageMetadata).not.toHaveProperty('thoughtsTokenCount');
  });

  it('with a part sends it as it is; an image stays in the conversation', () => {
    const image = { inlineData: { mimeType: 'image/png', data: 'AAEC' } };
    const bench = answering([{ part: image }, { part: { thoughtSignature: 'AAEC', text: 'so' } }]);
    expect(parts(bench)).toEqual([image, { thoughtSignature: 'AAEC', text: 'so' }]);
    bench.say('and?');
    expect(bench.asked[1]?.context.history.at(-1)).toEqual({ role: 'model', text: 'so', images: 1 });
  });

  it('with a status, a reason or a count puts it on turnComplete', () => {
    const told: Answer = [
      { status: 'REQUIRES_ACTION' },
      { turnCompleteReason: 'NEED_MORE_INPUT' },
      { usage: { toolUsePromptTokenCount: 9, serviceTier: 'priority' } },
      { waitingForInput: true },
    ];
    const bench = answering(told);
    expect(contents(bench)).toEqual([
      { waitingForInput: true },
      { generationComplete: true },
      { turnComplete: true, interactionStatus: 'REQUIRES_ACTION', turnCompleteReason: 'NEED_MORE_INPUT' },
    ]);
    expect(ending(bench)?.usageMetadata).toMatchObject({
      promptTokenCount: 1,
      toolUsePromptTokenCount: 9,
      serviceTier: 'priority',
    });
  });

  it('after IN_PROGRESS belongs to a further turn of the same answer', () => {
    const bench = answering([tone, { status: 'IN_PROGRESS' }, { delayMs: 300 }, tone]);
    expect(bench.outline).toEqual([
      'setupComplete',
      ...['audio', 'generationComplete', 'turnComplete', 'interactionStatus'],
      ...['audio', 'generationComplete', 'turnComplete'],
    ]);
    expect(bench.asked).toHaveLength(1);
    expect(bench.session.figures.turns).toBe(2);
    const counts = bench.sent.flatMap(({ message }) => message.usageMetadata ?? []);
    expect(
      counts.map(({ promptTokenCount, responseTokenCount }) => [promptTokenCount, responseTokenCount]),
    ).toEqual([
      [1, 25],
      [26, 25],
    ]);
    const times = bench.sent.filter(({ message }) => message.serverContent?.turnComplete);
    expect(times.map(({ atMs }) => atMs)).toEqual([1_000, 2_300]);
  });

  it('with words says what is known of them, each where its transcript is on', () => {
    const words: Answer = [
      { interim: 'whe' },
      { heard: { text: 'where', languageCode: 'en-US', words: [{ word: 'where', endOffset: '0.4s' }] } },
      { transcript: { text: 'here', finished: true } },
      tone,
    ];
    const on = { inputAudioTranscription: {}, outputAudioTranscription: {} };
    expect(contents(answering(words, on)).slice(0, 3)).toEqual([
      { interimInputTranscription: { text: 'whe' } },
      {
        inputTranscription: {
          text: 'where',
          languageCode: 'en-US',
          words: [{ word: 'where', endOffset: '0.4s' }],
        },
      },
      { outputTranscription: { text: 'here', finished: true } },
    ]);
    const off = answering(words).outline;
    expect(off).toEqual(['setupComplete', 'audio', 'generationComplete', 'turnComplete']);
  });

  it('with a message sends that and nothing follows from it', () => {
    const odd: ServerMessage = { voiceActivity: { type: 'ACTIVITY_START', audioOffset: '0.5s' } };
    const bench = answering([{ message: odd }, { message: { serverContent: { turnComplete: true } } }, tone]);
    expect(bench.sent[1]?.message).toEqual(odd);
    expect(bench.outline.slice(2)).toEqual(['turnComplete', 'audio', 'generationComplete', 'turnComplete']);
    expect(bench.session.figures.turns).toBe(1);
  });
});

describe('transcripts that nobody asked for', () => {
  const heardBy = (model: string, unaskedTranscripts: boolean) =>
    SessionBench.ready({ model: `models/${model}` }, { unaskedTranscripts })
      .speak(speech('question'))
      .speak(quiet(1))
      .advance(10_000)
      .outline.filter((name) => name.endsWith('Transcription'));

  it('come where models were seen to send them, if that is chosen', () => {
    expect(heardBy('gemini-3.8-live', true)).toEqual(['outputTranscription']);
    expect(heardBy('gemini-3.1-flash-live-preview', true)).toEqual(['inputTranscription']);
    expect(heardBy('gemini-2.5-flash-native-audio-latest', true)).toEqual([]);
    expect(heardBy('gemini-3.8-live', false)).toEqual([]);
    expect(heardBy('gemini-3.1-flash-live-preview', false)).toEqual([]);
  });
});

describe('interactionStatus', () => {
  it('says with every turnComplete whether more follows, where that is chosen', () => {
    const setup = { realtimeInputConfig: { activityHandling: 'NO_INTERRUPTION' } };
    const bench = SessionBench.ready(setup, { answer: () => [tone], interactionStatus: 'always' });
    bench.send({ realtimeInput: { text: 'one' } }).send({ realtimeInput: { text: 'two' } });
    bench.advance(5_000).say('three').say('four');
    const statuses = contents(bench).flatMap(({ turnComplete, interactionStatus }) =>
      turnComplete ? (interactionStatus ?? 'none') : [],
    );
    expect(statuses).toEqual(['IN_PROGRESS', 'IDLE', 'IDLE']);
    expect(ending(answering([tone]))?.serverContent).toEqual({ turnComplete: true });
  });
});
