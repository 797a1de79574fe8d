/**
 * What each field of each client message does: the table that the documentation, the warnings and a test read.
 * @module
 */
import { APPENDED, INSTRUCTION, TOOL } from './field-effects-content.ts';
import { type ClientField, type ClientFieldPath, testsOf, under } from './field-paths.ts';

const fields = testsOf('fields');
const rules = testsOf('setup-rules');
const session = testsOf('session');
const input = testsOf('user-input');
const calls = testsOf('tool-calls');
const background = testsOf('background-calls');
const resumption = testsOf('resumption-store');
const detector = testsOf('activity-detector');
const compression = testsOf('compression-policy');
const marks = testsOf('transcript-marks');

const noModel = 'answers are not sampled';
const noRecogniser = 'nobody recognises speech here';

const generationConfig = under('setup.generationConfig.', {
  responseModalities: {
    effect: 'audio or text; one that the model does not give closes with 1007',
    test: session('answers in text where the model does'),
  },
  'speechConfig.voiceConfig.prebuiltVoiceConfig.voiceName': {
    effect: 'how high the tones of spoken text are; a name that is not on the list closes with 1007',
    test: testsOf('voice-pitch')('is heard: the same words sound otherwise in another voice, and as long'),
  },
  'speechConfig.voiceConfig.replicatedVoiceConfig': {
    effect: 'a spoken consent is signed in setupComplete; no voice is copied',
    test: testsOf('greeting')('signs a consent that was spoken'),
  },
  'speechConfig.voiceConfig.voice': { without: 'no voice is copied' },
  'speechConfig.languageCode': {
    effect: 'the language that transcripts of the answer name',
    test: marks('of what is said is that of the voice'),
  },
  'speechConfig.multiSpeakerVoiceConfig': { without: 'one voice speaks' },
  temperature: { without: noModel, checked: '0 to 2', test: rules('a temperature above 2') },
  topP: { without: noModel, checked: '0 to 1', test: fields('refuses numbers out of bounds') },
  topK: { without: noModel, checked: '1 to 1,000', test: fields('refuses numbers out of bounds') },
  maxOutputTokens: {
    effect: 'an answer is cut there',
    test: testsOf('output-limit')('cuts audio at 25 tokens a second, and the turn ends as any does'),
  },
  candidateCount: { without: noModel, checked: '1', test: fields('refuses numbers out of bounds') },
  presencePenalty: { without: noModel },
  frequencyPenalty: { without: noModel },
  seed: { without: noModel },
  mediaResolution: {
    effect: 'what a video frame or an image is counted as',
    test: testsOf('usage-meter')('counts pictures by the resolution that a setup asks for'),
  },
  'thinkingConfig.includeThoughts': {
    effect: 'thoughts of an answer are sent, not only counted',
    test: testsOf('answer-steps')('with a thought shows it where the setup asks for thoughts'),
  },
  'thinkingConfig.thinkingBudget': {
    without: 'nobody thinks',
    checked: 'a model that takes a budget',
    test: rules('a budget for thoughts, which 3.1 takes as a level'),
  },
  'thinkingConfig.thinkingLevel': {
    without: 'nobody thinks',
    checked: 'a model that takes a level',
    test: rules('a level for thoughts, which 2.5 takes as a budget'),
  },
  enableAffectiveDialog: {
    without: 'the tone of a voice is not heard',
    checked: 'a model with affective dialog',
    test: rules('affective dialog'),
  },
  translationConfig: {
    effect: '`targetLanguageCode` is the language that transcripts of the answer name; nothing is translated',
    test: marks('of what is said is the one that is translated to'),
  },
});

const realtimeInputConfig = under('setup.realtimeInputConfig.', {
  'automaticActivityDetection.disabled': {
    effect: 'the client marks activity itself',
    test: input('never finds speech by itself'),
  },
  'automaticActivityDetection.startOfSpeechSensitivity': {
    effect: 'how loud and speech-like a start must be',
    test: detector('hears a quiet start at high sensitivity alone'),
  },
  'automaticActivityDetection.endOfSpeechSensitivity': {
    effect: 'how much silence, and how clear, ends speech',
    test: detector('ends sooner at high sensitivity'),
  },
  'automaticActivityDetection.prefixPaddingMs': {
    effect: 'speech that must be heard before a start counts',
    test: detector('starts later the more speech it is to hear first, and not at all for too little'),
  },
  'automaticActivityDetection.silenceDurationMs': {
    effect: 'silence that ends speech',
    test: detector('ends later the longer the silence it is to wait for'),
  },
  activityHandling: {
    effect: 'whether a start of speech interrupts the answer',
    test: session('lets the model finish where activity does not interrupt'),
  },
  turnCoverage: {
    effect: 'which audio and frames belong to a turn, and are counted',
    test: input('costs another sum for each of the three on the same stream'),
  },
  interimTranscriptTimestampEnabled: { without: 'no interim transcript is sent' },
});

const transcription = {
  languageCodes: {
    effect: 'one alone is the language that the transcripts name',
    test: marks('is the one that its transcription is asked for in, where that is one'),
  },
  customVocabulary: { without: noRecogniser },
  wordTimestamp: { without: 'nobody recognises words here, nor when they were said' },
  diarization: {
    effect: 'true: transcripts name their speaker, always the same one',
    test: marks('is named where speakers are to be told apart'),
  },
  mode: { without: noRecogniser },
  sourceText: { without: noRecogniser },
  languageAuto: { without: noRecogniser },
  languageHints: { without: noRecogniser },
  adaptationPhrases: { without: noRecogniser },
} as const satisfies Readonly<Record<string, ClientField>>;

const setup = under('setup.', {
  model: {
    effect: 'its rules apply; an unknown one closes with 1008',
    test: testsOf('model-table')('close 1008 on an unknown one'),
  },
  toolConfig: { without: 'the answer says which function is called' },
  sessionResumption: {
    effect: 'handles are sent',
    test: session('leaves transcripts and handles out where nobody asked for them'),
  },
  'sessionResumption.handle': {
    effect: 'the conversation goes on from there; one that is not found closes with 1008',
    test: resumption('brings the conversation back: history, turn numbers and what it costs'),
  },
  'sessionResumption.transparent': {
    effect: 'handles say which message is the last that they hold; closes with 1007 on the Developer API',
    test: resumption('says which message of the client is the last that the handle holds'),
  },
  contextWindowCompression: {
    effect: 'over 80 % of the window the oldest turns are dropped; the session has no time limit',
    test: compression('lets a talk of any length go on in the window of the model, with nothing named'),
  },
  'contextWindowCompression.triggerTokens': {
    effect: 'the count over which the oldest turns are dropped before a turn',
    test: compression('drops the oldest turns before a turn over the trigger'),
  },
  'contextWindowCompression.slidingWindow.targetTokens': {
    effect: 'how much of it is kept; half the trigger where it is not named',
    test: compression('goes down to half the trigger where no target is named'),
  },
  inputAudioTranscription: {
    effect: 'what was heard is sent as text: by an answer’s `heard`, else its length',
    test: session('leaves transcripts and handles out where nobody asked for them'),
  },
  outputAudioTranscription: {
    effect: 'what is said is sent as text beside its audio',
    test: session('speaks text on an audio model, one tone for each word, each after its transcript'),
  },
  'proactivity.proactiveAudio': {
    without: 'every turn is answered as the handler says',
    checked: 'not false where the model has it always on',
    test: rules('proactive audio off'),
  },
  'proactivity.proactiveVideo': { without: 'every turn is answered as the handler says' },
  'historyConfig.initialHistoryInClientContent': {
    effect: 'content up to the first turnComplete is history and is not answered',
    test: session('takes content as history without answering, until its turnComplete'),
  },
  explicitVadSignal: {
    effect: 'voiceActivity tells where speech begins and ends; closes with 1007 on the Developer API',
    test: testsOf('voice-signals')('tells where speech begins and ends, in time of the audio'),
  },
  avatarConfig: { without: 'no video is made' },
  'safetySettings[]': { without: 'nothing is judged' },
  labels: { without: 'nothing is billed' },
});

const messages = {
  'clientContent.turnComplete': {
    effect: 'true: the model answers; else the server waits for more',
    test: session('holds content until turnComplete and gives the handler all of it'),
  },
  'realtimeInput.audio.mimeType': {
    effect: '`audio/pcm`, resampled from its rate to 16 kHz; any other closes with 1007',
    test: input('resamples what comes at another rate'),
  },
  'realtimeInput.audio.data': {
    effect: 'heard by the detector; an odd number of bytes closes with 1007',
    test: testsOf('start')('echoes speech and keeps what it heard where told'),
  },
  'realtimeInput.audio.displayName': { without: 'nothing here looks at it' },
  'realtimeInput.video.mimeType': {
    effect: 'an image is one frame; any other than image or PCM closes with 1007',
    test: input('counts speech and every frame, as current models do'),
  },
  'realtimeInput.video.data': {
    effect: 'one frame, counted by the turn coverage; its picture is not looked at',
    test: input('counts speech and every frame, as current models do'),
  },
  'realtimeInput.video.displayName': { without: 'nothing here looks at it' },
  'realtimeInput.text': {
    effect: 'answered at once, and interrupts; part of the turn where the user speaks',
    test: session('answers real-time text at once and lets it interrupt'),
  },
  'realtimeInput.audioStreamEnd': {
    effect: 'true: ends an utterance under way; under marked activity only a warning',
    test: input('ends an utterance where the stream does, and hears the next one after'),
  },
  'realtimeInput.activityStart': {
    effect: 'begins a turn and interrupts; under automatic detection closes with 1007',
    test: input('interrupts the model when it begins'),
  },
  'realtimeInput.activityEnd': {
    effect: 'ends the turn; under automatic detection closes with 1007',
    test: input('makes a turn of exactly what came between the marks'),
  },
  'realtimeInput.mediaChunks[].mimeType': {
    effect: 'as of `audio` or `video`; of several chunks the Developer API takes the first, Vertex AI all',
    test: input('takes the first of several media chunks and no other'),
  },
  'realtimeInput.mediaChunks[].data': {
    effect: 'as of `audio` or `video`; of several chunks the Developer API takes the first, Vertex AI all',
    test: input('takes the first of several media chunks and no other'),
  },
  'realtimeInput.mediaChunks[].displayName': { without: 'nothing here looks at it' },
  'toolResponse.functionResponses[].id': {
    effect: 'answers that call; an id that was never called closes with 1008',
    test: calls('takes an answer that came twice once'),
  },
  'toolResponse.functionResponses[].name': {
    effect: 'finds the call where no id is given',
    test: calls('takes a response without an id for the first open call of its name'),
  },
  'toolResponse.functionResponses[].response': {
    effect: 'given to the handler; counted as prompt',
    test: calls('asks the handler to go on with the responses where it had nothing more to say'),
  },
  'toolResponse.functionResponses[].parts[]': { without: 'nothing here looks at it' },
  'toolResponse.functionResponses[].scheduling': {
    effect: 'when the model hears of a non-blocking call’s response; an unknown one closes with 1007',
    test: background('interrupts what is being said where its response says so'),
  },
  'toolResponse.functionResponses[].willContinue': {
    effect: 'true: more responses to that non-blocking call are taken',
    test: background('takes more responses for as long as they say that more follow'),
  },
} as const satisfies Readonly<Record<string, ClientField>>;

/** Path → what the field does. */
export const FIELD_EFFECTS: Readonly<Record<ClientFieldPath, ClientField>> = {
  ...setup,
  ...generationConfig,
  ...under('setup.systemInstruction.', INSTRUCTION),
  ...under('setup.tools[].', TOOL),
  ...realtimeInputConfig,
  ...under('setup.inputAudioTranscription.', transcription),
  ...under('setup.outputAudioTranscription.', {
    ...transcription,
    wordTimestamp: {
      effect: 'true: transcripts say where in the turn’s audio they begin',
      test: marks('is the audio of its turn before it, where times are asked for'),
    },
  }),
  ...under('clientContent.turns[].', APPENDED),
  ...messages,
  ...under('contextUpdate.systemInstruction.', INSTRUCTION),
  ...under('contextUpdate.tools.tools[].', TOOL),
};
