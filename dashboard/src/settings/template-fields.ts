/**
 * The fields of a template as the form shows them: instruction and variables have a place of their own, and what
 * stands deeper than a field here is left to the JSON tab. Pure.
 * @module
 */
import { LIVE_MODELS, MODALITIES, type SetupPath, VOICES } from '@livegate/protocol';
import type { Control, Field, FieldGroup, Option } from './field.ts';
import { SETUP_WORDS } from './setup-words.ts';

/** Where the parts of the form stand that are more than a field. */
export const INSTRUCTION_PATH = 'setup.systemInstruction';
/** The table of variables. */
export const VARIABLES_PATH = 'variables';

const UNSET = { as: 'absent', label: 'As the service has it' } as const;
const options = (...values: readonly string[]): readonly Option[] =>
  values.map((value) => ({ value, label: value }));

const number = (unit?: string): Control => ({ kind: 'number', ...(unit === undefined ? {} : { unit }) });
const choice = (...values: readonly string[]): Control => ({ kind: 'choice', options: options(...values) });
const of = (path: string, label: string, help: string, control: Control): Field => ({
  path: `setup.${path}`,
  label,
  help,
  control,
  none: UNSET,
});

const MODEL: readonly Field[] = [
  of(
    'model',
    'Model',
    'Empty: the model that the page asks for. A template for one model is refused for another.',
    {
      kind: 'text',
      suggestions: Object.keys(LIVE_MODELS).map((id) => `models/${id}`),
    },
  ),
  of('generationConfig.responseModalities', 'Answers', 'What the model answers in; one.', {
    kind: 'checks',
    options: options(...MODALITIES.slice(0, 3)),
  }),
  of('generationConfig.maxOutputTokens', 'Longest answer', 'It bounds what a turn costs.', number('tokens')),
  of('generationConfig.temperature', 'Temperature', 'Higher is more daring.', number()),
  of('generationConfig.topP', 'Top P', 'Share of likelihood to choose from, 0 to 1.', number()),
  of('generationConfig.topK', 'Top K', 'Most likely words to choose from.', number()),
  of('generationConfig.presencePenalty', 'Presence penalty', 'Against words used before.', number()),
  of('generationConfig.frequencyPenalty', 'Frequency penalty', 'Against words used often.', number()),
  of(
    'generationConfig.candidateCount',
    'Candidates',
    'Answers that are made and billed for each turn.',
    number(),
  ),
  of('generationConfig.seed', 'Seed', 'The same seed makes answers more alike.', number()),
  of(
    'generationConfig.mediaResolution',
    'Resolution of pictures',
    'Higher costs more tokens.',
    choice('MEDIA_RESOLUTION_LOW', 'MEDIA_RESOLUTION_MEDIUM', 'MEDIA_RESOLUTION_HIGH'),
  ),
  of(
    'generationConfig.thinkingConfig.thinkingLevel',
    'Thinking level',
    'For models that take a level.',
    choice('MINIMAL', 'LOW', 'MEDIUM', 'HIGH'),
  ),
  of(
    'generationConfig.thinkingConfig.thinkingBudget',
    'Thinking budget',
    'For models that take a budget; 0 switches it off.',
    number('tokens'),
  ),
  of(
    'generationConfig.thinkingConfig.includeThoughts',
    'Thoughts',
    'Whether the page gets a summary of them.',
    { kind: 'flag', label: 'Send thoughts' },
  ),
];

const SPEECH: readonly Field[] = [
  of(
    'generationConfig.speechConfig.voiceConfig.prebuiltVoiceConfig.voiceName',
    'Voice',
    'The voice the model speaks with.',
    {
      kind: 'choice',
      options: Object.entries(VOICES).map(([value, note]) => ({
        value,
        label: `${value}, ${note.toLowerCase()}`,
      })),
    },
  ),
  of(
    'generationConfig.speechConfig.languageCode',
    'Language',
    'BCP 47, such as en-US. Native-audio models choose it themselves.',
    { kind: 'text' },
  ),
  of('generationConfig.enableAffectiveDialog', 'Affective dialog', 'The voice answers to moods.', {
    kind: 'flag',
    label: 'Answer to moods',
  }),
  of(
    'proactivity.proactiveAudio',
    'Proactive audio',
    'The model may stay silent where nothing is asked of it.',
    { kind: 'flag', label: 'May stay silent' },
  ),
  of('proactivity.proactiveVideo', 'Proactive video', 'The same by what it sees.', {
    kind: 'flag',
    label: 'May begin by what it sees',
  }),
  of(
    'inputAudioTranscription',
    'Transcript of the user',
    'The page gets what was said to the model as text.',
    { kind: 'mark', label: 'Transcribe the user' },
  ),
  of('outputAudioTranscription', 'Transcript of the model', 'The page gets what the model said as text.', {
    kind: 'mark',
    label: 'Transcribe the model',
  }),
];

const HEARING: readonly Field[] = [
  of(
    'realtimeInputConfig.automaticActivityDetection.disabled',
    'Voice activity',
    'Whether the service finds speech itself; otherwise the page says when it begins and ends.',
    { kind: 'flag', label: 'Page says when speech begins' },
  ),
  of(
    'realtimeInputConfig.automaticActivityDetection.startOfSpeechSensitivity',
    'Start of speech',
    'High takes more sounds for speech.',
    choice('START_SENSITIVITY_HIGH', 'START_SENSITIVITY_LOW'),
  ),
  of(
    'realtimeInputConfig.automaticActivityDetection.endOfSpeechSensitivity',
    'End of speech',
    'High ends a turn sooner.',
    choice('END_SENSITIVITY_HIGH', 'END_SENSITIVITY_LOW'),
  ),
  of(
    'realtimeInputConfig.automaticActivityDetection.prefixPaddingMs',
    'Speech before it counts',
    'How long it must last to begin a turn.',
    number('ms'),
  ),
  of(
    'realtimeInputConfig.automaticActivityDetection.silenceDurationMs',
    'Silence after it',
    'How long it must be quiet to end one.',
    number('ms'),
  ),
  of(
    'realtimeInputConfig.activityHandling',
    'Interruption',
    'Whether speech cuts the model off.',
    choice('START_OF_ACTIVITY_INTERRUPTS', 'NO_INTERRUPTION'),
  ),
  of(
    'realtimeInputConfig.turnCoverage',
    'What a turn covers',
    'Silence and pictures between the speech are billed where they are in.',
    choice(
      'TURN_INCLUDES_ONLY_ACTIVITY',
      'TURN_INCLUDES_ALL_INPUT',
      'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO',
    ),
  ),
];

const CONTEXT: readonly Field[] = [
  of(
    'contextWindowCompression.triggerTokens',
    'Compress from',
    'Length of the context at which it is shortened.',
    number('tokens'),
  ),
  of(
    'contextWindowCompression.slidingWindow.targetTokens',
    'Compress to',
    'What of it is kept.',
    number('tokens'),
  ),
];

const REST: readonly Field[] = (
  [
    'tools',
    'safetySettings',
    'toolConfig',
    'historyConfig',
    'generationConfig.translationConfig',
    'avatarConfig',
    'labels',
  ] as const satisfies readonly SetupPath[]
).map((path) => of(path, path, `As JSON: ${SETUP_WORDS[path]}.`, { kind: 'json' }));

/** A template's fields in the order in which JSON and differences show them. */
export const TEMPLATE_ORDER: readonly string[] = ['title', 'setup', 'variables'];

/** The form of a template; `instruction` stands for the text areas, `variables` for the table. */
export function templateGroups(): readonly FieldGroup[] {
  const [tools, ...rest] = REST;
  return [
    {
      id: 'title',
      title: 'Title',
      fields: [
        {
          path: 'title',
          label: 'Title',
          help: 'For people; pages name a template by its id.',
          control: { kind: 'text' },
        },
      ],
    },
    {
      id: 'instruction',
      title: 'Instruction',
      fields: [
        {
          path: INSTRUCTION_PATH,
          label: 'Instruction',
          help: 'What the model is told. It is locked into the token and not sent to the browser; the model may still recite it. {{name}} is a variable that the page fills in.',
          control: { kind: 'json' },
        },
      ],
    },
    {
      id: 'variables',
      title: 'Variables',
      fields: [
        {
          path: VARIABLES_PATH,
          label: 'Variables',
          help: 'A value stands in the instruction as a quoted JSON text, so that it can neither close its quotes nor begin a line; one of a list stands there plainly.',
          control: { kind: 'json' },
        },
      ],
    },
    { id: 'model', title: 'Model and answers', fields: MODEL },
    { id: 'speech', title: 'Voice and language', fields: SPEECH },
    { id: 'hearing', title: 'Hearing', fields: HEARING },
    { id: 'context', title: 'Long talks', fields: CONTEXT },
    { id: 'tools', title: 'Tools', fields: tools === undefined ? [] : [tools] },
    {
      id: 'rest',
      title: 'Everything else',
      fields: [
        ...rest,
        of('explicitVadSignal', 'explicitVadSignal', 'Signals of voice activity (Vertex AI).', {
          kind: 'flag',
          label: 'Send signals',
        }),
      ],
    },
  ];
}
