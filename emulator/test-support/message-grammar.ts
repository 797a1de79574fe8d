/**
 * What clients may send, as arbitraries: one for each field of the wire, held complete by the compiler. Values are such
 * that most are taken; {@link spoiledFrame} makes frames that are not.
 * @module
 */
import {
  type AudioTranscriptionConfig,
  type AutomaticActivityDetection,
  type Blob,
  type ClientMessage,
  type ClientPayloads,
  type Content,
  type FunctionDeclaration,
  type FunctionResponse,
  type GenerationConfig,
  type JsonObject,
  LIVE_MODELS,
  type LiveSetup,
  type Part,
  type RealtimeInputConfig,
  type SpeechConfig,
  type ThinkingConfig,
  type Tool,
} from '@livegate/protocol';
import fc from 'fast-check';
import { samplesToBase64 } from '../src/pcm.ts';

/** One arbitrary for each field, optional ones included: a field that is added to the wire does not compile without. */
type Grammar<T> = { readonly [Key in keyof T]-?: fc.Arbitrary<Exclude<T[Key], undefined>> };

/** An object with some of its fields, few as a rule, and the `required` ones always. */
function record<T extends object>(
  grammar: Grammar<T>,
  ...required: readonly (keyof T & string)[]
): fc.Arbitrary<T> {
  const all = grammar as Readonly<Record<string, fc.Arbitrary<unknown>>>;
  const optional = Object.keys(all).filter((key) => !required.some((each) => each === key));
  return fc.subarray(optional, { maxLength: Math.min(3, optional.length) }).chain((chosen) => {
    const fields = [...required, ...chosen].map((key) => [key, all[key]] as const);
    return fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>);
  }) as fc.Arbitrary<T>;
}

const WORDS = ['hello', 'seven', 'Rome', 'a longer sentence with words', '', '漢字', '\u0000', '<b>x</b>'];
const word = fc.constantFrom(...WORDS);
const flag = fc.boolean();
const struct = fc.constantFrom<JsonObject>({}, { city: 'Rome' }, { deep: { list: [1, null, 'x'] } });
const image = fc.constant<Blob>({ mimeType: 'image/jpeg', data: 'AAAA' });
const pcm = fc
  .record({
    samples: fc.integer({ min: 0, max: 400 }),
    rate: fc.constantFrom('', ';rate=16000', ';rate=8000', ';rate=48000'),
    level: fc.constantFrom(0, 3_000),
  })
  .map(
    ({ samples, rate, level }): Blob => ({
      mimeType: `audio/pcm${rate}`,
      data: samplesToBase64(Int16Array.from({ length: samples }, (_, at) => ((at % 7) - 3) * level)),
    }),
  );

/** Functions that a setup may declare and an answer may call. */
export const FUNCTION_NAMES = ['get_weather', 'book_table'] as const;

const functionCall = fc.record({
  id: fc.constantFrom('a', 'b'),
  name: fc.constantFrom(...FUNCTION_NAMES),
  args: struct,
});
const functionResponse = record<FunctionResponse>(
  {
    // The ids that a session makes up, and one that it does not.
    id: fc.constantFrom('session-1-call-1', 'session-1-call-2', 'session-1-call-3', 'no-such-call'),
    name: fc.constantFrom(...FUNCTION_NAMES),
    response: struct,
    parts: fc.constant([]),
    scheduling: fc.constantFrom('SILENT', 'WHEN_IDLE', 'INTERRUPT'),
    willContinue: flag,
  },
  'name',
);
const part = fc.oneof(
  { weight: 3, arbitrary: fc.record({ text: word }) },
  {
    weight: 1,
    arbitrary: record<Part>({
      text: word,
      thought: flag,
      thoughtSignature: fc.constantFrom('', 'AAAA'),
      inlineData: fc.oneof(image, pcm),
      fileData: struct,
      functionCall,
      functionResponse,
      executableCode: struct,
      codeExecutionResult: struct,
      videoMetadata: struct,
      toolCall: struct,
      toolResponse: struct,
      audioTranscription: fc.record({ text: word }),
      mediaResolution: struct,
      partMetadata: struct,
    }),
  },
);
const content = record<Content>({
  role: fc.constantFrom('user', 'model'),
  parts: fc.array(part, { maxLength: 3 }),
});
const declaration = record<FunctionDeclaration>(
  {
    name: fc.constantFrom(...FUNCTION_NAMES),
    description: word,
    parameters: struct,
    parametersJsonSchema: struct,
    response: struct,
    responseJsonSchema: struct,
    behavior: fc.constantFrom('BLOCKING', 'NON_BLOCKING'),
  },
  'name',
);
const tool = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ functionDeclarations: fc.array(declaration, { minLength: 1, maxLength: 2 }) }),
  },
  {
    weight: 1,
    arbitrary: record<Tool>({
      functionDeclarations: fc.array(declaration, { maxLength: 2 }),
      googleSearch: struct,
      googleSearchRetrieval: struct,
      codeExecution: struct,
      urlContext: struct,
      googleMaps: struct,
      computerUse: struct,
      fileSearch: struct,
      mcpServers: fc.constant([]),
    }),
  },
);
const transcription = record<AudioTranscriptionConfig>({
  languageCodes: fc.constant(['en-US']),
  customVocabulary: fc.constant(['Livegate']),
  wordTimestamp: flag,
  diarization: flag,
  mode: fc.constantFrom('VERBATIM', 'SMART'),
  sourceText: word,
  languageAuto: struct,
  languageHints: struct,
  adaptationPhrases: fc.constant([]),
});
const speechConfig = record<SpeechConfig>({
  voiceConfig: fc.constantFrom({ prebuiltVoiceConfig: { voiceName: 'Puck' } }, { voice: 'x' }, {}),
  languageCode: fc.constantFrom('en-US', 'de-DE'),
  multiSpeakerVoiceConfig: struct,
});
const generationConfig = record<GenerationConfig>({
  responseModalities: fc.constantFrom(['AUDIO'], ['audio'], ['TEXT'], []),
  speechConfig,
  temperature: fc.constantFrom(0, 1, 2),
  topP: fc.constantFrom(0, 0.5, 1),
  topK: fc.constantFrom(1, 40),
  maxOutputTokens: fc.constantFrom(1, 100, 65_536),
  candidateCount: fc.constant(1),
  presencePenalty: fc.constantFrom(-1, 1),
  frequencyPenalty: fc.constantFrom(-1, 1),
  seed: fc.integer({ min: 0, max: 9 }),
  mediaResolution: fc.constantFrom(
    'MEDIA_RESOLUTION_LOW',
    'MEDIA_RESOLUTION_MEDIUM',
    'MEDIA_RESOLUTION_HIGH',
  ),
  thinkingConfig: record<ThinkingConfig>({
    includeThoughts: flag,
    thinkingBudget: fc.constantFrom(0, -1, 100),
    thinkingLevel: fc.constantFrom('MINIMAL', 'HIGH'),
  }),
  enableAffectiveDialog: flag,
  translationConfig: fc.constant({ targetLanguageCode: 'de' }),
});
const detection = record<AutomaticActivityDetection>({
  disabled: flag,
  startOfSpeechSensitivity: fc.constantFrom('START_SENSITIVITY_HIGH', 'START_SENSITIVITY_LOW'),
  endOfSpeechSensitivity: fc.constantFrom('END_SENSITIVITY_HIGH', 'END_SENSITIVITY_LOW'),
  prefixPaddingMs: fc.constantFrom(0, 20, 500),
  silenceDurationMs: fc.constantFrom(0, 100, 2_000),
});
const realtimeInputConfig = record<RealtimeInputConfig>({
  automaticActivityDetection: detection,
  activityHandling: fc.constantFrom('START_OF_ACTIVITY_INTERRUPTS', 'NO_INTERRUPTION'),
  turnCoverage: fc.constantFrom(
    'TURN_INCLUDES_ONLY_ACTIVITY',
    'TURN_INCLUDES_ALL_INPUT',
    'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO',
  ),
  interimTranscriptTimestampEnabled: flag,
});

/** A handle that no session gave; a run puts real ones in now and then. */
export const UNKNOWN_HANDLE = 'no-such-handle';

/** Setups of the Developer API. */
export const setup = record<LiveSetup>(
  {
    model: fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom('models/gemini-3.8-live', 'models/gemini-live-2.5-flash-preview'),
      },
      { weight: 2, arbitrary: fc.constantFrom(...Object.keys(LIVE_MODELS).map((id) => `models/${id}`)) },
    ),
    generationConfig,
    systemInstruction: content,
    tools: fc.array(tool, { maxLength: 2 }),
    toolConfig: struct,
    realtimeInputConfig,
    sessionResumption: fc.constantFrom({}, { handle: UNKNOWN_HANDLE }, { transparent: false }),
    contextWindowCompression: fc.constantFrom(
      {},
      { triggerTokens: 500, slidingWindow: { targetTokens: 100 } },
    ),
    inputAudioTranscription: transcription,
    outputAudioTranscription: transcription,
    proactivity: fc.constantFrom({}, { proactiveAudio: true, proactiveVideo: false }),
    historyConfig: fc.constantFrom({}, { initialHistoryInClientContent: true }),
    explicitVadSignal: flag,
    avatarConfig: struct,
    safetySettings: fc.constant([]),
    labels: struct,
  },
  'model',
);

/** Messages after the setup, by what a coverage table calls them. */
export const AFTER_SETUP = {
  clientContent: record<ClientPayloads['clientContent']>({
    turns: fc.array(content, { maxLength: 3 }),
    turnComplete: flag,
  }).map((clientContent): ClientMessage => ({ clientContent })),
  'realtimeInput.audio': pcm.map(realtime('audio')),
  'realtimeInput.video': image.map(realtime('video')),
  'realtimeInput.text': word.map(realtime('text')),
  'realtimeInput.audioStreamEnd': flag.map(realtime('audioStreamEnd')),
  'realtimeInput.activityStart': fc.constant({}).map(realtime('activityStart')),
  'realtimeInput.activityEnd': fc.constant({}).map(realtime('activityEnd')),
  'realtimeInput.mediaChunks': fc.array(fc.oneof(pcm, image), { maxLength: 2 }).map(realtime('mediaChunks')),
  toolResponse: fc
    .array(functionResponse, { maxLength: 2 })
    .map((functionResponses): ClientMessage => ({ toolResponse: { functionResponses } })),
  contextUpdate: record<ClientPayloads['contextUpdate']>({
    systemInstruction: content,
    tools: fc.record({ tools: fc.array(tool, { maxLength: 1 }) }),
  }).map((contextUpdate): ClientMessage => ({ contextUpdate })),
} as const satisfies Readonly<Record<AfterSetup, fc.Arbitrary<ClientMessage>>>;

/** Every message that may follow a setup; of real-time input one for each of its members. */
type AfterSetup =
  | Exclude<keyof ClientPayloads, 'setup' | 'realtimeInput'>
  | `realtimeInput.${keyof ClientPayloads['realtimeInput']}`;

function realtime<Member extends keyof ClientPayloads['realtimeInput']>(member: Member) {
  return (value: NonNullable<ClientPayloads['realtimeInput'][Member]>): ClientMessage => ({
    realtimeInput: { [member]: value },
  });
}

/** A frame that is nearly a message: cut, of wrong types, of unknown fields, of several messages, or no JSON at all. */
export function spoiledFrame(message: fc.Arbitrary<ClientMessage>): fc.Arbitrary<string> {
  return fc.oneof(
    fc
      .tuple(
        message.map((each) => JSON.stringify(each)),
        fc.nat(),
      )
      .map(([text, at]) => text.slice(0, at % text.length)),
    fc.tuple(message, fc.json()).map(([each, value]) => withLeaf(each, JSON.parse(value))),
    message.map((each) => JSON.stringify({ ...each, setup: { model: 'models/gemini-3.8-live' } })),
    fc.tuple(message, word).map(([each, value]) => JSON.stringify({ ...each, noSuchMessage: value })),
    message.map((each) => withLeaf(each, { noSuchField: 1 })),
    fc.json(),
    fc.string(),
  );
}

/** The message with one of its innermost values replaced. */
function withLeaf(message: ClientMessage, value: unknown): string {
  const copy = structuredClone(message) as Record<string, unknown>;
  let at: Record<string, unknown> = copy;
  for (;;) {
    const [key, inner] = Object.entries(at).at(-1) ?? [];
    if (key === undefined) break;
    if (typeof inner !== 'object' || inner === null || Object.keys(inner).length === 0) {
      at[key] = value;
      break;
    }
    at = inner as Record<string, unknown>;
  }
  return JSON.stringify(copy);
}

/** The same message as another client writes it: keys in snake case, bytes URL-safe and unpadded. */
export function otherSpelling(message: ClientMessage): string {
  return JSON.stringify(message, (key, value: unknown) => {
    if (key === 'data' && typeof value === 'string')
      return value.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        each,
      ]),
    );
  });
}
