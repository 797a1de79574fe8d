/**
 * What the sample's project is set to: policies, templates, prices and limits, as operators write them, and when.
 * @module
 */
import { LIST_PRICES, type LivePriceDocument, OPEN_POLICY } from '@livegate/protocol';
import { SEEDED_POLICY } from './seed-documents.ts';

/** The model that most talks go to. */
export const MAIN_MODEL = 'gemini-3.8-live';
/** A model whose price nobody has written as the month begins: its talks are unpriced until somebody does. */
export const UNPRICED_MODEL = 'gemini-2.5-flash-native-audio-preview-09-2025';
/** A model whose list has no price for pictures. */
export const PICTURELESS_MODEL = 'gemini-3.5-live-translate-preview';
/** A model that no policy of the sample allows: it was shut. */
export const SHUT_MODEL = 'gemini-2.0-flash-live-001';

const { v: _v, version: _version, ...open } = OPEN_POLICY;

/** `livePolicies/plus`: paying users. It keeps what was said, and bounds what pages report. */
export const PLUS_POLICY = {
  ...open,
  models: SEEDED_POLICY.models,
  minutesPerDay: 90,
  minutesPerMonth: 1_500,
  sessionsPerMinute: 1,
  concurrentSessions: 3,
  reportedPerDay: { tokens: null, usd: 40 },
  transcripts: { keep: true, days: 14 },
  reportEverySeconds: 120,
  sessionDays: 60,
} as const;

/** `livePolicies/school`: pupils talk to the tutor, in one lease, and not for long. */
export const SCHOOL_POLICY = {
  ...open,
  models: [MAIN_MODEL],
  templates: ['tutor'],
  templateRequired: true,
  settableFields: [],
  minutesPerDay: 20,
  minutesPerMonth: 300,
  sessionsPerMinute: 1,
  concurrentSessions: 1,
  renewal: 'single',
  singleLeaseSeconds: 600,
  reportEverySeconds: 120,
} as const;

const spoken = {
  generationConfig: { responseModalities: ['AUDIO'], maxOutputTokens: 1_024 },
  inputAudioTranscription: {},
  outputAudioTranscription: {},
} as const;

function templateOf(title: string, text: string, more: object = {}): object {
  return { title, variables: {}, setup: { ...spoken, systemInstruction: { parts: [{ text }] } }, ...more };
}

const orderTools = [
  {
    functionDeclarations: [
      {
        name: 'findOrder',
        description: 'Finds an order by its number.',
        parameters: { type: 'OBJECT', properties: { number: { type: 'STRING' } } },
      },
      {
        name: 'openTicket',
        description: 'Hands the talk over to a colleague.',
        parameters: { type: 'OBJECT', properties: { topic: { type: 'STRING' } } },
      },
    ],
  },
];
const support = (text: string): object => ({
  title: 'Help with an order',
  variables: { shop: { maxLength: 40, default: 'the lamp shop', description: 'How the shop calls itself' } },
  setup: { ...spoken, tools: orderTools, systemInstruction: { parts: [{ text }] } },
});

/** One act of an operator: which callable, what it is sent, and when, as a share of the month that has passed. */
export interface PlannedAct {
  readonly callable: 'setLivePolicy' | 'setLiveTemplate' | 'setLivePrice' | 'setLiveLimits';
  readonly at: number;
  readonly request: object;
}

const listPrice = LIST_PRICES[MAIN_MODEL] as LivePriceDocument;

/** The main model's price as the month begins: an older list. */
export const EARLIER_PRICE: LivePriceDocument = {
  ...listPrice,
  input: { TEXT: 0.8, AUDIO: 3.2, IMAGE: 1.1, VIDEO: 1.1 },
  asOf: '2026-10-02',
  source: 'An earlier price list (made up by npm run seed)',
};

/** Settings as operators of the sample write them. What stands at 0 stands there before anybody talks. */
export const PLANNED_SETTINGS: readonly PlannedAct[] = [
  {
    callable: 'setLivePolicy',
    at: 0,
    request: {
      id: 'plus',
      baseVersion: 0,
      policy: { ...PLUS_POLICY, minutesPerDay: 60 },
      reason: 'First paying users',
    },
  },
  {
    callable: 'setLivePolicy',
    at: 0,
    request: { id: 'school', baseVersion: 0, policy: SCHOOL_POLICY, reason: 'Pilot with two classes' },
  },
  {
    callable: 'setLiveTemplate',
    at: 0,
    request: {
      id: 'support',
      baseVersion: 0,
      template: support('You help customers of {{shop}} with their orders. Be brief.'),
      reason: 'Voice help on the order page',
    },
  },
  {
    callable: 'setLiveTemplate',
    at: 0,
    request: {
      id: 'tutor',
      baseVersion: 0,
      template: templateOf('A patient tutor', 'You are a patient tutor. Ask one question at a time.'),
      reason: 'For the school pilot',
    },
  },
  {
    callable: 'setLiveLimits',
    at: 0,
    request: {
      caps: { minutesPerDay: 1_200, liveTokens: 160, shards: 4 },
      alerts: { usd: 8, refusals: 18, flaggedSessions: 2, mintErrors: 4 },
      reason: 'Start small',
    },
  },
  {
    callable: 'setLiveTemplate',
    at: 0.27,
    request: {
      id: 'support',
      baseVersion: 1,
      template: support(
        'You help customers of {{shop}} with their orders. Be brief and look orders up first.',
      ),
      reason: 'It guessed dates of delivery',
    },
  },
  {
    callable: 'setLivePrice',
    at: 0.4,
    request: {
      model: MAIN_MODEL,
      baseVersion: 1,
      price: withoutVersion(listPrice),
      reason: 'New price list',
    },
  },
  {
    callable: 'setLiveTemplate',
    at: 0.52,
    request: {
      id: 'tutor',
      baseVersion: 1,
      template: templateOf(
        'A patient tutor',
        'You are a patient tutor. Ask one question at a time and praise what is right before you correct.',
      ),
      reason: 'Teachers asked for more praise',
    },
  },
  {
    callable: 'setLivePolicy',
    at: 0.6,
    request: {
      id: 'plus',
      baseVersion: 1,
      policy: PLUS_POLICY,
      reason: 'An hour was too short for support days',
    },
  },
  {
    callable: 'setLiveLimits',
    at: 0.66,
    request: {
      caps: { minutesPerDay: 3_000, liveTokens: 400, shards: 4 },
      alerts: { usd: 40, refusals: 60, flaggedSessions: 3, mintErrors: 5 },
      reason: 'More users than planned',
    },
  },
  {
    callable: 'setLivePrice',
    at: 0.75,
    request: {
      model: UNPRICED_MODEL,
      baseVersion: 0,
      price: withoutVersion(LIST_PRICES[UNPRICED_MODEL] as LivePriceDocument),
      reason: 'Its talks stood there unpriced',
    },
  },
  {
    callable: 'setLiveTemplate',
    at: 0.83,
    request: {
      id: 'support',
      baseVersion: 2,
      template: support(
        'You help customers of {{shop}} with their orders. Be brief, look orders up first, and open a ticket where you cannot help.',
      ),
      reason: 'Hand over instead of apologising',
    },
  },
];

function withoutVersion({ v: _, version: __, ...price }: LivePriceDocument): object {
  return price;
}
