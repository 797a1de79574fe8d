/**
 * Any policy, template and price that the functions' readers take.
 * @module
 */
import {
  LEASE_SECONDS,
  MODALITIES,
  NEVER_OPEN,
  SETUP_FIELDS,
  type SetupPath,
  VOICES,
} from '@livegate/protocol';
import fc from 'fast-check';
import type { Draft } from '../src/settings/draft.ts';
import { TOOL_WORDS } from '../src/settings/setup-words.ts';

const amount = fc.oneof(
  fc.nat(100_000),
  fc.double({ min: 0, max: 1e9, noNaN: true }).map((each) => each + 0),
);
const orNull = <T>(inner: fc.Arbitrary<T>) => fc.option(inner, { nil: null });
const some = <T>(from: readonly T[], least = 0) =>
  fc.uniqueArray(fc.constantFrom(...from), { minLength: least, maxLength: 8 });
const name = fc.string({ minLength: 1, maxLength: 20 });
const paths = Object.keys(SETUP_FIELDS) as readonly SetupPath[];
const lease = fc.integer({ min: LEASE_SECONDS.least, max: LEASE_SECONDS.most });
const spend = fc.record({ tokens: orNull(amount), usd: orNull(amount) });
const above = fc.integer({ min: 1, max: 10_000 });

/** A policy. */
export const anyPolicy = fc.record({
  route: fc.constantFrom('direct', 'relay'),
  backends: some(['google-ai', 'vertex-ai'], 1),
  models: fc.array(
    name.filter((each) => !each.includes('/')),
    { minLength: 1, maxLength: 6 },
  ),
  modalities: some(MODALITIES, 1),
  voices: fc.oneof(fc.constant('any'), some(Object.keys(VOICES)), fc.array(name, { maxLength: 3 })),
  tools: fc.oneof(fc.constant('any'), some(Object.keys(TOOL_WORDS))),
  templates: fc.oneof(fc.constant('any'), fc.array(name, { maxLength: 4 })),
  templateRequired: fc.boolean(),
  settableFields: some(paths.filter((path) => path !== 'model' && path !== 'sessionResumption')),
  openFields: some(paths.filter((path) => path !== 'sessionResumption' && !NEVER_OPEN.includes(path))),
  minutesPerDay: orNull(amount),
  minutesPerMonth: orNull(amount),
  sessionsPerMinute: amount,
  concurrentSessions: fc.nat(100),
  maxLiveTokens: orNull(fc.nat(100)),
  reportedPerDay: spend,
  meteredPerDay: spend,
  renewal: fc.constantFrom('resume', 'single'),
  leaseSeconds: fc
    .array(lease, { minLength: 1, maxLength: 20 })
    .map((each) => each.toSorted((one, other) => one - other)),
  singleLeaseSeconds: lease,
  anonymous: fc.boolean(),
  anonymousPool: orNull(fc.record({ minutesPerDay: amount })),
  transcripts: fc.record({ keep: fc.boolean(), days: amount }),
  reportEverySeconds: above,
  sessionDays: above,
  emulatorOnly: fc.boolean(),
}) as unknown as fc.Arbitrary<Draft>;

const usd = fc.double({ min: 0, max: 1_000_000, noNaN: true }).map((each) => each + 0);
const byModality = fc.record(
  Object.fromEntries(MODALITIES.map((each) => [each, usd])) as Record<string, fc.Arbitrary<number>>,
  { requiredKeys: [] },
);

/** A price. */
export const anyPrice = fc.record(
  {
    input: byModality,
    output: byModality,
    // An empty one says what an absent one says.
    cached: byModality.filter((each) => Object.keys(each).length > 0),
    thoughts: usd,
    asOf: fc
      .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
      .map((each) => each.toISOString().slice(0, 10)),
    source: fc.string({ maxLength: 100 }),
  },
  { requiredKeys: ['input', 'output', 'asOf', 'source'] },
) as unknown as fc.Arbitrary<Draft>;

const optional = <T extends Record<string, fc.Arbitrary<unknown>>>(fields: T) =>
  fc.record(fields, { requiredKeys: [] });
const struct = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,6}$/),
  fc.oneof(fc.string(), fc.integer(), fc.boolean()),
  { maxKeys: 3 },
);
const variableName = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,10}$/);

const setup = optional({
  model: name,
  generationConfig: optional({
    responseModalities: some(MODALITIES),
    speechConfig: optional({
      voiceConfig: fc.oneof(
        fc.record({ prebuiltVoiceConfig: fc.record({ voiceName: fc.constantFrom(...Object.keys(VOICES)) }) }),
        fc.record({ replicatedVoiceConfig: struct }),
      ),
      languageCode: name,
      multiSpeakerVoiceConfig: struct,
    }),
    temperature: fc.double({ min: 0.1, max: 2, noNaN: true }),
    topK: fc.nat(100),
    maxOutputTokens: fc.nat(9_000),
    mediaResolution: fc.constantFrom('MEDIA_RESOLUTION_LOW', 'ELSE'),
    thinkingConfig: optional({ thinkingBudget: fc.nat(), includeThoughts: fc.boolean() }),
    translationConfig: struct,
  }),
  tools: fc.array(
    fc.oneof(fc.record({ googleSearch: struct }), fc.record({ mcpServers: fc.array(struct) })),
    {
      maxLength: 2,
    },
  ),
  inputAudioTranscription: optional({ languageCodes: fc.array(name, { maxLength: 2 }) }),
  realtimeInputConfig: optional({
    automaticActivityDetection: optional({ disabled: fc.boolean(), prefixPaddingMs: fc.nat(5_000) }),
    turnCoverage: name,
  }),
  contextWindowCompression: optional({
    triggerTokens: fc.nat(),
    slidingWindow: optional({ targetTokens: fc.nat() }),
  }),
  proactivity: optional({ proactiveAudio: fc.boolean() }),
  labels: struct,
  explicitVadSignal: fc.boolean(),
});

/** A template. Each variable is used, as the reader wants it. */
export const anyTemplate = fc
  .record({
    title: fc.string({ minLength: 1, maxLength: 40 }),
    setup,
    names: fc.uniqueArray(variableName, { maxLength: 4 }),
    text: fc.string({ maxLength: 60 }).map((each) => each.replaceAll('{', '(')),
    variable: fc.record(
      {
        maxLength: fc.integer({ min: 1, max: 2_000 }),
        oneOf: fc.constant(['a', 'b']),
        default: fc.constantFrom('a', 'b'),
        description: fc.string({ maxLength: 30 }),
      },
      { requiredKeys: ['maxLength'] },
    ),
  })
  .map(({ title, setup: rest, names, text, variable }) => ({
    title,
    setup: {
      ...rest,
      systemInstruction: { parts: [{ text }, { text: names.map((each) => `{{${each}}}`).join(' ') }] },
    },
    variables: Object.fromEntries(names.map((each) => [each, variable])),
  })) as unknown as fc.Arbitrary<Draft>;
