import { describe, expect, it } from 'vitest';
import { ProtocolError } from './errors.ts';
import { LIST_PRICES, OPEN_POLICY } from './first-settings.ts';
import { LIVE_MODELS } from './models.ts';
import { readPolicyDocument, readPolicyDraft } from './policy-shape.ts';
import { capsOf, readConfigDocument, readPriceDocument, readTemplateDraft } from './settings-shapes.ts';

const pathOf = (read: () => unknown): string => {
  try {
    read();
    return 'read';
  } catch (error) {
    if (error instanceof ProtocolError) return error.path;
    throw error;
  }
};
const template = (more: object, text = 'Speak of {{topic}}.') => ({
  title: 'T',
  setup: { systemInstruction: { parts: [{ text }] } },
  variables: { topic: { maxLength: 10 } },
  ...more,
});

describe('the first settings', () => {
  it('are documents that can be read back', () => {
    expect(readPolicyDocument(OPEN_POLICY)).toBe(OPEN_POLICY);
    for (const price of Object.values(LIST_PRICES)) expect(readPriceDocument(price)).toEqual(price);
  });

  it('have a price for every model that has not been shut', () => {
    const models = Object.entries(LIVE_MODELS).filter(([, { status }]) => status !== 'shut');
    // These are not on the list of prices: a session with one is unpriced.
    const unpriced = models.map(([id]) => id).filter((id) => !Object.hasOwn(LIST_PRICES, id));
    expect(unpriced).toEqual([
      'gemini-live-2.5-flash-preview-native-audio',
      'gemini-live-2.5-flash',
      'gemini-3.5-transcribe-live-preview',
    ]);
  });

  it('let nobody in who is not signed in', () => {
    expect(OPEN_POLICY.anonymous).toBe(false);
  });
});

describe('readPolicyDraft', () => {
  const { v: _v, version: _version, ...draft } = OPEN_POLICY;
  it('reads a draft under its version, and refuses a misspelt field', () => {
    expect(readPolicyDraft(draft, 7)).toEqual({ ...OPEN_POLICY, version: 7 });
    expect(pathOf(() => readPolicyDraft({ ...draft, minutesPerday: 3 }, 7))).toBe('minutesPerday');
  });
  it.each([
    ['anonymousPool', {}],
    ['anonymousPool', { minutesPerDay: -1 }],
    ['reportedPerDay', { tokens: 1 }],
    ['reportedPerDay', { tokens: 1, usd: null, eur: 1 }],
    ['tools', ['search']],
    ['leaseSeconds', []],
    ['leaseSeconds', [120, 60]],
    ['leaseSeconds', [9]],
    ['leaseSeconds', [72_000]],
    ['singleLeaseSeconds', 5],
    ['models', []],
    ['models', ['models/gemini-3.8-live']],
    ['modalities', []],
    ['backends', []],
    ['openFields', ['generationConfig.maxOutputTokens']],
    ['openFields', ['sessionResumption']],
    ['settableFields', ['model']],
  ])('refuses %s: %j', (field, value) => {
    expect(pathOf(() => readPolicyDraft({ ...draft, [field]: value }, 1))).toBe(field);
  });
});

describe('readTemplateDraft', () => {
  it.each([
    [template({}), 'read'],
    [template({ variables: {} }), 'variables.topic'],
    [template({}, 'Speak.'), 'variables.topic'],
    [template({ variables: { topic: { maxLength: 3_000 } } }), 'variables.topic.maxLength'],
    [
      template({ variables: { topic: { maxLength: 10, oneOf: ['a'], default: 'b' } } }),
      'variables.topic.default',
    ],
    [template({ variables: { 'to pic': { maxLength: 10 } } }), 'variables.to pic'],
    [template({ title: '' }), 'title'],
    [template({ setup: { generationConfig: { temprature: 1 } } }), 'setup.generationConfig.temprature'],
    [template({ colour: 'red' }), 'colour'],
  ])('of %j says: %s', (draft, says) => {
    expect(pathOf(() => readTemplateDraft(draft, 1))).toBe(says);
  });
});

describe('readConfigDocument', () => {
  it.each([
    [{ killSwitch: false }, false],
    [{ killSwitch: true }, true],
    [{}, true],
    [{ killSwitch: 'false' }, true],
    [{ killSwitch: null }, true],
  ])('%j: switched off is %s', (document, off) => {
    expect(readConfigDocument({ v: 1, ...document }).killSwitch).toBe(off);
  });

  it('reads bounds, and refuses ones that cannot be read', () => {
    const caps = { minutesPerDay: 60, liveTokens: null, shards: 4 };
    expect(readConfigDocument({ killSwitch: false, caps }).caps).toEqual(caps);
    expect(pathOf(() => readConfigDocument({ caps: { minutesPerDay: '60' } }))).toBe('caps.minutesPerDay');
    expect(capsOf({ minutesPerDay: 60 })).toEqual({ minutesPerDay: 60, liveTokens: null, shards: 1 });
    expect(capsOf({ minutesPerDay: 600, liveTokens: 50 })?.shards).toBe(5);
    expect(capsOf({ minutesPerDay: 9_000 })?.shards).toBe(8);
    expect(capsOf({ liveTokens: 10, shards: 10 })?.shards).toBe(10);
    expect(pathOf(() => capsOf({ liveTokens: 10, shards: 11 }))).toBe('caps.shards');
    expect(pathOf(() => capsOf({ minutesPerDay: 60, shards: 7 }))).toBe('caps.shards');
    expect(capsOf({})).toBeNull();
    expect(pathOf(() => capsOf({ minutesPerDay: 1, shards: 0 }))).toBe('caps.shards');
  });
});
