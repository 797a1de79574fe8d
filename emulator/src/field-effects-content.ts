/**
 * What the fields of content do, wherever content stands: one list for each place.
 * @module
 */
import { type ClientField, testsOf, under } from './field-paths.ts';

const fields = testsOf('fields');
const session = testsOf('session');
const meter = testsOf('usage-meter');

type Rows = Readonly<Record<string, ClientField>>;

const unread = { without: 'nothing here looks at it' } as const;

/** What no place reads of a part. */
const UNREAD_PART = {
  thought: unread,
  thoughtSignature: unread,
  fileData: { without: 'no file is fetched' },
  executableCode: unread,
  codeExecutionResult: unread,
  videoMetadata: unread,
  toolCall: { without: 'the service’s own tools are not run' },
  toolResponse: { without: 'the service’s own tools are not run' },
  mediaResolution: unread,
  partMetadata: unread,
  ...under('audioTranscription.', {
    text: unread,
    finished: unread,
    languageCode: unread,
    speakerLabel: unread,
    'words[].word': unread,
    'words[].startOffset': unread,
    'words[].endOffset': unread,
    startOffset: unread,
    endOffset: unread,
  }),
} as const satisfies Rows;

/** What a system instruction does not read of itself: everything but its text. */
const notText = { without: 'an instruction is its text' } as const;

/** Rows of a system instruction; `shown` is the test that shows its text at work. */
export const INSTRUCTION = {
  role: notText,
  'parts[].text': {
    effect: 'counted as prompt in every turn; given to the handler with the setup in force',
    test: session('tells the handler the instruction and tools in force after an update'),
  },
  ...under('parts[].', UNREAD_PART),
  ...under('parts[].inlineData.', { mimeType: notText, data: notText, displayName: notText }),
  ...under('parts[].functionCall.', {
    id: notText,
    name: notText,
    args: notText,
    'partialArgs[]': notText,
    willContinue: notText,
  }),
  ...under('parts[].functionResponse.', {
    id: notText,
    name: notText,
    response: notText,
    'parts[]': notText,
    scheduling: notText,
    willContinue: notText,
  }),
} as const satisfies Rows;

/** Rows of the content that a client appends to the conversation. */
export const APPENDED = {
  role: {
    effect: '`user` (the default) or `model` says whose it is; any other closes with 1007',
    test: fields('appends content under the role it names'),
  },
  'parts[].text': {
    effect: 'text of the turn; counted as prompt, given to the handler',
    test: session('holds content until turnComplete and gives the handler all of it'),
  },
  ...under('parts[].', UNREAD_PART),
  ...under('parts[].inlineData.', {
    mimeType: {
      effect: '`audio/pcm` at its rate is heard, an image is counted, anything else passes unseen',
      test: fields('hears audio and counts images in appended content'),
    },
    data: {
      effect: 'samples of the turn, resampled to 16 kHz; counted by their length',
      test: fields('hears audio and counts images in appended content'),
    },
    displayName: unread,
  }),
  ...under('parts[].functionCall.', {
    id: { effect: 'stands in the history', test: fields('keeps calls and responses of appended content') },
    name: { effect: 'counted; stands in the history', test: meter('follow the documented rates') },
    args: { effect: 'counted; stands in the history', test: meter('follow the documented rates') },
    'partialArgs[]': {
      effect: 'stands in the history',
      test: fields('keeps calls and responses of appended content'),
    },
    willContinue: {
      effect: 'stands in the history',
      test: fields('keeps calls and responses of appended content'),
    },
  }),
  ...under('parts[].functionResponse.', {
    id: { effect: 'stands in the history', test: fields('keeps calls and responses of appended content') },
    name: {
      effect: 'counted; given to the handler',
      test: fields('keeps calls and responses of appended content'),
    },
    response: {
      effect: 'counted; given to the handler',
      test: fields('keeps calls and responses of appended content'),
    },
    'parts[]': unread,
    scheduling: { without: 'what is appended waits for nothing' },
    willContinue: { without: 'what is appended waits for nothing' },
  }),
} as const satisfies Rows;

const counted = {
  effect: 'counted as prompt; given to the handler',
  test: fields('counts every field of a declaration as prompt'),
} as const satisfies ClientField;
const notRun = {
  without: 'the tool is not run; its declaration is counted as prompt',
} as const satisfies ClientField;

const found = {
  effect: 'an answer may tell what the tool found; counted as prompt',
  test: testsOf('answer-steps')('goes out where a tool in force can have found it'),
} as const satisfies ClientField;

/** Rows of one tool. */
export const TOOL = {
  ...under('functionDeclarations[].', {
    name: counted,
    description: counted,
    parameters: counted,
    parametersJsonSchema: counted,
    response: counted,
    responseJsonSchema: counted,
    behavior: {
      effect: 'whether the answer waits for the response; where the model knows both',
      test: testsOf('background-calls')('lets the answer go on and the turn complete'),
    },
  }),
  googleSearch: found,
  googleSearchRetrieval: found,
  codeExecution: found,
  urlContext: found,
  googleMaps: found,
  computerUse: notRun,
  fileSearch: found,
  'mcpServers[]': notRun,
} as const satisfies Rows;
