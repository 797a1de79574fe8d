/**
 * When each field of each server message is sent: the other half of the table.
 * @module
 */
import { type ServerField, type ServerFieldPath, testsOf, under } from './field-paths.ts';

const session = testsOf('session');
const calls = testsOf('tool-calls');
const meter = testsOf('usage-meter');
const resumption = testsOf('resumption-store');
const voice = testsOf('voice-signals');
const marks = testsOf('transcript-marks');
const order = session('sends a turn in the documented order');

const steps = testsOf('answer-steps');
const byPart = {
  when: 'a `part` of an answer has it',
  test: steps('with a part sends it as it is; an image stays in the conversation'),
} as const;
const byWords = {
  when: 'a transcript of an answer has it',
  test: steps('with words says what is known of them, each where its transcript is on'),
} as const;
const byEnding = {
  when: 'an answer tells it, with its `turnComplete`',
  test: steps('with a status, a reason or a count puts it on turnComplete'),
} as const;

const speakerLabel = {
  when: 'a transcript of an answer has it, or speakers are to be told apart: always the same one then',
  test: marks('is named where speakers are to be told apart'),
} as const;
const placed = {
  when: 'a transcript of an answer has it, or times are asked for: then its own, or that of its only word',
  test: marks('is the audio of its turn before it, where times are asked for'),
} as const;
/** What a transcript can carry besides its words. */
const unmarked = {
  'words[].word': byWords,
  'words[].startOffset': byWords,
  'words[].endOffset': byWords,
  startOffset: byWords,
  endOffset: byWords,
} as const;
const interim = {
  text: byWords,
  finished: byWords,
  languageCode: byWords,
  speakerLabel: byWords,
  ...unmarked,
} as const;

const ofParts = {
  text: byPart,
  finished: byPart,
  languageCode: byPart,
  speakerLabel: byPart,
  'words[].word': byPart,
  'words[].startOffset': byPart,
  'words[].endOffset': byPart,
  startOffset: byPart,
  endOffset: byPart,
} as const;

const modelTurn = {
  role: { when: 'always `model`', test: order },
  'parts[].text': {
    when: 'pieces of the answer, in a session that answers in text',
    test: session('answers in text where the model does'),
  },
  'parts[].thought': {
    when: 'an answer thinks, and the setup asks for thoughts',
    test: steps('with a thought shows it where the setup asks for thoughts'),
  },
  'parts[].thoughtSignature': byPart,
  'parts[].inlineData.mimeType': {
    when: '`audio/pcm;rate=24000`',
    test: session('sends audio ahead of real time and completes the turn when it must have played out'),
  },
  'parts[].inlineData.data': {
    when: 'a chunk of the answer’s audio, ahead of real time',
    test: session('sends audio ahead of real time and completes the turn when it must have played out'),
  },
  'parts[].inlineData.displayName': byPart,
  'parts[].fileData': byPart,
  'parts[].functionCall.id': { never: 'calls come as `toolCall`' },
  'parts[].functionCall.name': { never: 'calls come as `toolCall`' },
  'parts[].functionCall.args': { never: 'calls come as `toolCall`' },
  'parts[].functionResponse.id': { never: 'a client’s' },
  'parts[].functionResponse.name': { never: 'a client’s' },
  'parts[].functionResponse.response': { never: 'a client’s' },
  'parts[].functionResponse.parts[]': { never: 'a client’s' },
  'parts[].functionResponse.scheduling': { never: 'a client’s' },
  'parts[].functionResponse.willContinue': { never: 'a client’s' },
  'parts[].executableCode': byPart,
  'parts[].codeExecutionResult': byPart,
  'parts[].functionCall.partialArgs[]': { never: 'calls come as `toolCall`' },
  'parts[].functionCall.willContinue': { never: 'calls come as `toolCall`' },
  'parts[].videoMetadata': byPart,
  'parts[].toolCall': byPart,
  'parts[].toolResponse': byPart,
  'parts[].mediaResolution': byPart,
  'parts[].partMetadata': byPart,
  ...under('parts[].audioTranscription.', ofParts),
} as const satisfies Readonly<Record<string, ServerField>>;

const noted = session('leaves transcripts and handles out where nobody asked for them');

const found = {
  when: 'an answer tells it, and a tool in force can have found it',
  test: steps('goes out where a tool in force can have found it'),
} as const;
const serverContent = under('serverContent.', {
  ...under('modelTurn.', modelTurn),
  generationComplete: { when: 'the answer is all sent; not where it was interrupted', test: order },
  turnComplete: { when: 'the answer must have played out, or was interrupted', test: order },
  interrupted: {
    when: 'the user comes in while the model answers or is still heard',
    test: session('stops at a barge-in: interrupted, then turnComplete, and no generationComplete'),
  },
  waitingForInput: { when: 'an answer says so', test: byEnding.test },
  turnCompleteReason: byEnding,
  interactionStatus: {
    when: 'an answer tells it, or with each turnComplete (`interactionStatus: always`)',
    test: steps('says with every turnComplete whether more follows, where that is chosen'),
  },
  'inputTranscription.text': {
    when: 'asked for: once a spoken turn, before its answer, or before the interruption of it',
    test: noted,
  },
  'inputTranscription.finished': byWords,
  'inputTranscription.languageCode': {
    when: 'the setup names one language for it',
    test: marks('is the one that its transcription is asked for in, where that is one'),
  },
  'inputTranscription.speakerLabel': speakerLabel,
  ...under('inputTranscription.', unmarked),
  ...under('interimInputTranscription.', interim),
  'outputTranscription.text': {
    when: 'asked for: before the audio that it is the words of',
    test: session('speaks text on an audio model, one tone for each word, each after its transcript'),
  },
  'outputTranscription.finished': byWords,
  'outputTranscription.languageCode': {
    when: 'the setup names the language of the voice, or the one to translate to',
    test: marks('of what is said is that of the voice'),
  },
  'outputTranscription.speakerLabel': speakerLabel,
  ...under('outputTranscription.', {
    ...unmarked,
    startOffset: placed,
    'words[].word': placed,
    'words[].startOffset': placed,
  }),
  speechState: { never: 'deprecated by the service; its form is not published' },
  groundingMetadata: found,
  urlContextMetadata: found,
});

const usage = meter('counts the whole context again every turn, by modality, over three turns');
const lookedUp = {
  when: 'an answer grounds itself or reads a page, with a tool for it in force',
  test: meter(
    'counts of an answer its thoughts, and what a tool of the service brought where one is in force',
  ),
} as const;
const cached = {
  when: 'told to (`cachedContext`), with turnComplete: what the last turn held already',
  test: meter('counts what stood there before as cached, where told to, until the instruction changes'),
} as const;

const usageMetadata = under('usageMetadata.', {
  promptTokenCount: { when: 'with turnComplete: instruction, tools and the whole context', test: usage },
  responseTokenCount: { when: 'with turnComplete: what was sent of the answer', test: usage },
  totalTokenCount: { when: 'with turnComplete: prompt and response', test: usage },
  'promptTokensDetails[].modality': { when: 'with turnComplete, of what occurred', test: usage },
  'promptTokensDetails[].tokenCount': { when: 'with turnComplete, of what occurred', test: usage },
  'responseTokensDetails[].modality': { when: 'with turnComplete, of what occurred', test: usage },
  'responseTokensDetails[].tokenCount': { when: 'with turnComplete, of what occurred', test: usage },
  cachedContentTokenCount: cached,
  'cacheTokensDetails[].modality': cached,
  'cacheTokensDetails[].tokenCount': cached,
  thoughtsTokenCount: {
    when: 'the answer has thoughts',
    test: steps('with a thought shows it where the setup asks for thoughts'),
  },
  toolUsePromptTokenCount: lookedUp,
  'toolUsePromptTokensDetails[].modality': lookedUp,
  'toolUsePromptTokensDetails[].tokenCount': lookedUp,
  serviceTier: byEnding,
  trafficType: byEnding,
});

/** Path → when it is sent. */
export const SERVER_FIELDS: Readonly<Record<ServerFieldPath, ServerField>> = {
  'setupComplete.sessionId': { never: 'unconfirmed on the Developer API' },
  'setupComplete.voiceConsentSignature': {
    when: 'a voice is to be copied and the consent to it was spoken',
    test: testsOf('greeting')('signs a consent that was spoken'),
  },
  ...serverContent,
  'toolCall.functionCalls[].id': {
    when: 'the answer calls functions',
    test: calls('holds the rest of the answer until every response has come'),
  },
  'toolCall.functionCalls[].name': {
    when: 'the answer calls functions',
    test: calls('holds the rest of the answer until every response has come'),
  },
  'toolCall.functionCalls[].args': {
    when: 'the answer calls functions',
    test: calls('holds the rest of the answer until every response has come'),
  },
  'toolCall.functionCalls[].partialArgs[]': { never: 'only on Vertex AI, for long arguments' },
  'toolCall.functionCalls[].willContinue': { never: 'only on Vertex AI, for long arguments' },
  'toolCallCancellation.ids': {
    when: 'the user comes in while calls are open, before `interrupted`',
    test: calls('is cancelled by an interruption, and a response that was under way does no harm'),
  },
  'goAway.timeLeft': {
    when: 'the notice time before the end of the connection, or when told to',
    test: session('announces the end of the connection 60 s before and keeps to it'),
  },
  'sessionResumptionUpdate.newHandle': {
    when: 'asked for: after setup, after each turn; empty when a turn begins',
    test: resumption('offers no handle while the user speaks or the model does'),
  },
  'sessionResumptionUpdate.resumable': {
    when: 'asked for: false while the model answers or tools run',
    test: order,
  },
  'sessionResumptionUpdate.lastConsumedClientMessageIndex': {
    when: 'with a handle, under transparent resumption on Vertex AI; the setup is message 0; int64, so a string',
    test: resumption('says which message of the client is the last that the handle holds'),
  },
  'voiceActivity.type': {
    when: 'the detector hears speech begin or end, under explicitVadSignal on Vertex AI',
    test: voice('tells where speech begins and ends, in time of the audio and not of the clock'),
  },
  'voiceActivity.audioOffset': {
    when: 'with it: how much of the audio had been heard then',
    test: voice('counts over every sentence of a connection'),
  },
  'voiceActivityDetectionSignal.vadSignalType': {
    when: 'instead of it or beside it, where told to (`vadSignals`)',
    test: voice('comes in the older form where told to, and in both'),
  },
  ...usageMetadata,
};
