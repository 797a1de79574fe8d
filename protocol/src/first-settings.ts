/**
 * What a project may begin with: a policy that is to be written on purpose, and the list prices.
 * @module
 */
import { LIVE_MODELS, type LiveModel } from './models.ts';
import type { LivePolicyDocument, LivePriceDocument } from './settings-documents.ts';

/**
 * The policy `open`: signed-in, not anonymous, users; every current model of the Developer API; the page sets its
 * own instruction, tools and voice, which the server locks. What bounds the cost stays with the server. To be written
 * explicitly, as `livePolicies/default` say: without any policy document nobody gets in.
 */
export const OPEN_POLICY = {
  v: 1,
  version: 1,
  route: 'direct',
  backends: ['google-ai'],
  models: developerModels(),
  modalities: ['AUDIO', 'TEXT'],
  voices: 'any',
  tools: ['functionDeclarations', 'googleSearch'],
  templates: 'any',
  templateRequired: false,
  settableFields: [
    'generationConfig.enableAffectiveDialog',
    'generationConfig.mediaResolution',
    'generationConfig.responseModalities',
    'generationConfig.speechConfig',
    'generationConfig.temperature',
    'generationConfig.thinkingConfig',
    'generationConfig.topK',
    'generationConfig.topP',
    'inputAudioTranscription',
    'outputAudioTranscription',
    'proactivity',
    'realtimeInputConfig',
    'systemInstruction',
    'tools',
  ],
  openFields: [],
  minutesPerDay: 30,
  minutesPerMonth: 300,
  sessionsPerMinute: 6,
  concurrentSessions: 1,
  maxLiveTokens: null,
  reportedPerDay: { tokens: null, usd: null },
  meteredPerDay: { tokens: null, usd: null },
  renewal: 'resume',
  leaseSeconds: [120, 300, 600],
  singleLeaseSeconds: 900,
  anonymous: false,
  anonymousPool: null,
  transcripts: { keep: false, days: 0 },
  reportEverySeconds: 300,
  sessionDays: 30,
  emulatorOnly: false,
} as const satisfies LivePolicyDocument;

/** Where the prices were read. */
const PRICES = {
  v: 1,
  version: 1,
  asOf: '2026-11-21',
  source:
    "litellm 1.109.1's price list, which cites ai.google.dev/gemini-api/docs/pricing; thoughts unconfirmed",
} as const;
const gemini3 = {
  ...PRICES,
  input: { TEXT: 0.75, AUDIO: 3, IMAGE: 1, VIDEO: 1 },
  output: { TEXT: 4.5, AUDIO: 12 },
  thoughts: 4.5,
} as const satisfies LivePriceDocument;
const native25 = {
  ...PRICES,
  input: { TEXT: 0.5, AUDIO: 3, IMAGE: 3, VIDEO: 3 },
  output: { TEXT: 2, AUDIO: 12 },
  thoughts: 2,
} as const satisfies LivePriceDocument;

/** USD for a million tokens by model id: what `livePrices` may be seeded with. A model that is not here is unpriced. */
export const LIST_PRICES: Readonly<Record<string, LivePriceDocument>> = {
  'gemini-3.8-live': gemini3,
  'gemini-3.8-live-extended-thinking': gemini3,
  'gemini-3.1-flash-live-preview': gemini3,
  'gemini-2.5-flash-native-audio-latest': native25,
  'gemini-2.5-flash-native-audio-preview-12-2025': native25,
  'gemini-2.5-flash-native-audio-preview-09-2025': native25,
  'gemini-live-2.5-flash-native-audio': native25,
  'gemini-live-2.5-flash-preview-native-audio-09-2025': native25,
  'gemini-3.5-live-translate-preview': {
    ...PRICES,
    input: { TEXT: 3.5, AUDIO: 3.5 },
    output: { TEXT: 21, AUDIO: 21 },
  },
  'gemini-3.5-transcribe-live': {
    ...PRICES,
    input: { TEXT: 3.5, AUDIO: 3.5 },
    output: { TEXT: 21 },
  },
};

/** Every model of the Developer API that has not been shut. */
export function developerModels(): readonly string[] {
  const models: readonly (readonly [string, LiveModel])[] = Object.entries(LIVE_MODELS);
  return models
    .filter(([, { backends, status }]) => backends.includes('google-ai') && status !== 'shut')
    .map(([id]) => id);
}
