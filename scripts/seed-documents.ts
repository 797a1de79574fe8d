/**
 * What a fresh stack is seeded with: the switches, the demo's policy, its templates and two operators.
 * @module
 */
import {
  DOCUMENTS_VERSION,
  developerModels,
  type LiveConfigDocument,
  type LivePolicyDocument,
  type LiveTemplateDocument,
} from '@livegate/protocol';

/** The operator of the dashboard. The Auth emulator is the only place that knows this password. */
export const SEEDED_ADMIN = { email: 'admin@example.com', password: 'livegate-demo' } as const;

/** An operator who may look and not act. */
export const SEEDED_VIEWER = { email: 'viewer@example.com', password: 'livegate-demo' } as const;

/** `liveConfig/global`. */
export const SEEDED_CONFIG = {
  v: DOCUMENTS_VERSION,
  killSwitch: false,
  caps: null,
  alerts: null,
} as const satisfies LiveConfigDocument;

/**
 * `livePolicies/default`: the demo's own, refused outside the emulators. What bounds the cost of an answer stays
 * with the server: its length, the compression of the context, the history.
 */
export const SEEDED_POLICY = {
  v: DOCUMENTS_VERSION,
  version: 1,
  route: 'direct',
  backends: ['google-ai'],
  models: developerModels(),
  modalities: ['AUDIO', 'TEXT'],
  voices: 'any',
  tools: 'any',
  templates: 'any',
  templateRequired: false,
  settableFields: [
    'generationConfig.responseModalities',
    'generationConfig.speechConfig',
    'generationConfig.temperature',
    'generationConfig.topP',
    'generationConfig.topK',
    'generationConfig.thinkingConfig',
    'generationConfig.mediaResolution',
    'generationConfig.enableAffectiveDialog',
    'inputAudioTranscription',
    'outputAudioTranscription',
    'proactivity',
    'realtimeInputConfig',
    'systemInstruction',
    'tools',
  ],
  openFields: [],
  minutesPerDay: 60,
  minutesPerMonth: null,
  sessionsPerMinute: 30,
  concurrentSessions: 5,
  maxLiveTokens: null,
  reportedPerDay: { tokens: null, usd: null },
  meteredPerDay: { tokens: null, usd: null },
  renewal: 'resume',
  leaseSeconds: [120, 300, 600],
  singleLeaseSeconds: 900,
  anonymous: true,
  anonymousPool: null,
  transcripts: { keep: false, days: 0 },
  reportEverySeconds: 120,
  sessionDays: 30,
  emulatorOnly: true,
} as const satisfies LivePolicyDocument;

/** What `demo-echo` tells the model; the demo's answers on the emulator go by it. */
export const ECHO_INSTRUCTION = 'Repeat what the user says, word for word, and add nothing of your own.';

// No model: the page chooses among those of the policy.
const spoken = {
  generationConfig: { responseModalities: ['AUDIO'], maxOutputTokens: 2_048 },
  inputAudioTranscription: {},
  outputAudioTranscription: {},
} as const satisfies LiveTemplateDocument['setup'];

/** `liveTemplates/{id}`, and the same as `versions/1`. */
export const SEEDED_TEMPLATES = {
  'demo-spoken': {
    v: DOCUMENTS_VERSION,
    version: 1,
    title: 'A spoken answer',
    variables: {},
    setup: {
      ...spoken,
      systemInstruction: {
        parts: [
          { text: 'You are the voice of a short demonstration. Answer in one or two friendly sentences.' },
        ],
      },
    },
  },
  'demo-echo': {
    v: DOCUMENTS_VERSION,
    version: 1,
    title: 'Repeat what I say',
    variables: {},
    setup: { ...spoken, systemInstruction: { parts: [{ text: ECHO_INSTRUCTION }] } },
  },
  'demo-tools': {
    v: DOCUMENTS_VERSION,
    version: 1,
    title: 'Use the page’s tools',
    variables: {},
    setup: {
      ...spoken,
      systemInstruction: {
        parts: [{ text: 'Change the colour of the page and tell the time anywhere, by the tools you have.' }],
      },
      tools: [
        {
          functionDeclarations: [
            {
              name: 'set_theme_colour',
              description: 'Changes the colour of the page that the user sees.',
              behavior: 'BLOCKING',
              parameters: {
                type: 'OBJECT',
                properties: {
                  colour: { type: 'STRING', enum: ['blue', 'green', 'violet', 'amber', 'rose'] },
                },
                required: ['colour'],
              },
            },
            {
              name: 'get_time_in_zone',
              description: 'What time it is in a zone of the IANA time zone database.',
              behavior: 'BLOCKING',
              parameters: {
                type: 'OBJECT',
                properties: { zone: { type: 'STRING', description: 'Such as Asia/Tokyo' } },
                required: ['zone'],
              },
            },
          ],
        },
      ],
    },
  },
} as const satisfies Readonly<Record<string, LiveTemplateDocument>>;
