import type { LiveTemplateDocument } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { Refusal } from './refusal.ts';
import { buildSetup, type SetupOrder } from './setup-builder.ts';
import { policyWith } from './testing.ts';
import { tokenBody } from './upstream.ts';

const policy = policyWith();
const template: LiveTemplateDocument = {
  v: 1,
  version: 3,
  variables: {},
  title: 'Greeting',
  setup: {
    systemInstruction: { parts: [{ text: 'Greet warmly.' }] },
    tools: [{ googleSearch: {} }],
    generationConfig: { maxOutputTokens: 500 },
    outputAudioTranscription: {},
  },
};
const order: SetupOrder = { policy, template, model: 'gemini-3.8-live', wishes: {}, fresh: false };
const bodyOf = (more: Partial<SetupOrder>) =>
  tokenBody({
    ...buildSetup({ ...order, ...more }),
    expiresAt: 1_795_262_520_000,
    startBy: 1_795_262_460_000,
  });
const refusal = (more: Partial<SetupOrder>) => {
  try {
    buildSetup({ ...order, ...more });
  } catch (error) {
    if (error instanceof Refusal) return { reason: error.details.reason, field: error.details.field };
    throw error;
  }
  return 'built';
};

/** Every path of a Developer API setup but the resumption handle, as the mask has them. */
const ALL =
  'avatarConfig,contextWindowCompression,generationConfig.candidateCount,generationConfig.enableAffectiveDialog,generationConfig.frequencyPenalty,generationConfig.maxOutputTokens,generationConfig.mediaResolution,generationConfig.presencePenalty,generationConfig.responseModalities,generationConfig.seed,generationConfig.speechConfig,generationConfig.temperature,generationConfig.thinkingConfig,generationConfig.topK,generationConfig.topP,generationConfig.translationConfig,historyConfig,inputAudioTranscription,labels,model,outputAudioTranscription,proactivity,realtimeInputConfig,safetySettings,systemInstruction,tools';

describe('the body of a token', () => {
  it('locks everything but resumption [threat:token-replay:uses] [threat:token-replay:expiry] [threat:lock:mask] [threat:lock:field] [threat:lock:resumption]', () => {
    expect(bodyOf({})).toEqual({
      uses: 1,
      expireTime: '2026-11-21T12:02:00.000Z',
      newSessionExpireTime: '2026-11-21T12:01:00.000Z',
      bidiGenerateContentSetup: {
        model: 'models/gemini-3.8-live',
        generationConfig: { maxOutputTokens: 500, responseModalities: ['AUDIO'] },
        systemInstruction: { parts: [{ text: 'Greet warmly.' }] },
        tools: [{ googleSearch: {} }],
        outputAudioTranscription: {},
      },
      fieldMask: ALL,
    });
  });

  it('leaves listed fields out of the lock, and holds nothing that is not locked [threat:lock:outside]', () => {
    const openFields = ['outputAudioTranscription', 'generationConfig.temperature'] as const;
    const body = bodyOf({
      policy: { ...policy, openFields },
      wishes: { generationConfig: { temperature: 1 } },
    });
    expect(body).toMatchObject({
      bidiGenerateContentSetup: expect.not.objectContaining({ outputAudioTranscription: expect.anything() }),
      fieldMask: ALL.replace('generationConfig.temperature,', '').replace('outputAudioTranscription,', ''),
    });
    expect(JSON.stringify(body)).not.toContain('"temperature"');
  });

  it('locks the seeding of history where the connection starts afresh', () => {
    expect(bodyOf({ fresh: true })).toMatchObject({
      bidiGenerateContentSetup: { historyConfig: { initialHistoryInClientContent: true } },
      fieldMask: ALL,
    });
  });

  it('never holds a resumption handle, whatever the page sends [threat:handle:locked]', () => {
    expect(JSON.stringify(bodyOf({ wishes: { sessionResumption: { handle: 'stolen' } } }))).not.toContain(
      'stolen',
    );
  });
});

describe('buildSetup', () => {
  it('writes an allowed wish into the lock', () => {
    expect(
      buildSetup({ ...order, wishes: { generationConfig: { temperature: 1.5 } } }).constraints
        .generationConfig,
    ).toEqual({
      maxOutputTokens: 500,
      temperature: 1.5,
      responseModalities: ['AUDIO'],
    });
  });

  it('shows the page all but the instruction and tools of a template [threat:setup:shown]', () => {
    const { visible, openFields } = buildSetup(order);
    expect(visible).toEqual({
      model: 'models/gemini-3.8-live',
      generationConfig: { maxOutputTokens: 500, responseModalities: ['AUDIO'] },
      outputAudioTranscription: {},
    });
    expect(openFields).toEqual(['sessionResumption']);
  });

  it('shows the page its own instruction where the policy lets it set one', () => {
    const own = { parts: [{ text: 'Mine.' }] };
    const settableFields = ['systemInstruction'] as const;
    expect(
      buildSetup({
        ...order,
        template: null,
        policy: { ...policy, settableFields },
        wishes: { systemInstruction: own },
      }).visible.systemInstruction,
    ).toEqual(own);
  });

  it.each([
    ['a field it may set', { wishes: { generationConfig: { temperature: 1 } } }, 'built'],
    [
      'a field it may not set',
      { wishes: { generationConfig: { topK: 1 } } },
      { reason: 'field', field: 'generationConfig.topK' },
    ],
    [
      "the template's instruction",
      { wishes: { systemInstruction: { parts: [] } } },
      { reason: 'field', field: 'systemInstruction' },
    ],
    [
      'a field of Vertex AI',
      { wishes: { explicitVadSignal: true } },
      { reason: 'field', field: 'explicitVadSignal' },
    ],
    ['another model', { model: 'gemini-3.8-live-extended-thinking' }, { reason: 'model', field: 'model' }],
    [
      'an allowed voice',
      {
        wishes: {
          generationConfig: { speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } } },
        },
      },
      'built',
    ],
    [
      'an allowed voice by its other name field',
      { wishes: { generationConfig: { speechConfig: { voiceConfig: { voice: 'Kore' } } } } },
      'built',
    ],
    [
      'another voice by its other name field',
      { wishes: { generationConfig: { speechConfig: { voiceConfig: { voice: 'Puck' } } } } },
      { reason: 'voice', field: 'generationConfig.speechConfig' },
    ],
    [
      'a voice of its own making',
      { wishes: { generationConfig: { speechConfig: { voiceConfig: { replicatedVoiceConfig: {} } } } } },
      { reason: 'voice', field: 'generationConfig.speechConfig' },
    ],
    [
      'any voice of its own making where any voice goes',
      {
        policy: { ...policy, voices: 'any' },
        wishes: { generationConfig: { speechConfig: { voiceConfig: { replicatedVoiceConfig: {} } } } },
      },
      'built',
    ],
    [
      'a voice that does not exist where any voice goes',
      {
        policy: { ...policy, voices: 'any' },
        wishes: { generationConfig: { speechConfig: { voiceConfig: { voice: 'kore' } } } },
      },
      { reason: 'voice', field: 'generationConfig.speechConfig' },
    ],
    ['the same model twice', { wishes: { model: 'models/gemini-3.8-live' } }, 'built'],
    [
      'two models',
      { wishes: { model: 'models/gemini-2.0-flash-live-001' } },
      { reason: 'field', field: 'model' },
    ],
    [
      "the template's model",
      { template: { ...template, setup: { model: 'models/gemini-3.8-live' } } },
      'built',
    ],
    [
      'another model than the template has',
      { template: { ...template, setup: { model: 'models/gemini-2.0-flash-live-001' } } },
      { reason: 'model', field: 'model' },
    ],
    [
      'another voice',
      {
        wishes: {
          generationConfig: { speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Puck' } } } },
        },
      },
      { reason: 'voice', field: 'generationConfig.speechConfig' },
    ],
    ['audio', { wishes: { generationConfig: { responseModalities: ['audio'] } } }, 'built'],
    [
      'text',
      { wishes: { generationConfig: { responseModalities: ['TEXT'] } } },
      { reason: 'modality', field: 'generationConfig.responseModalities' },
    ],
    [
      'text of a model that has none',
      {
        policy: { ...policy, modalities: ['AUDIO', 'TEXT'] },
        wishes: { generationConfig: { responseModalities: ['TEXT'] } },
      },
      { reason: 'modality', field: 'generationConfig.responseModalities' },
    ],
    [
      'text of a model that has it',
      {
        model: 'gemini-2.0-flash-live-001',
        policy: { ...policy, modalities: ['TEXT'] },
        wishes: { generationConfig: { responseModalities: ['TEXT'] } },
      },
      'built',
    ],
  ] as const)('judges a page that wishes for %s [threat:setup:wish]', (_, more, verdict) => {
    expect(refusal(more as Partial<SetupOrder>)).toEqual(verdict);
  });

  it('never opens what bounds the cost of a token, even where a policy says so [threat:setup:cost]', () => {
    const openFields = [
      'model',
      'generationConfig.responseModalities',
      'generationConfig.maxOutputTokens',
      'contextWindowCompression',
      'realtimeInputConfig',
    ] as const;
    expect(buildSetup({ ...order, policy: { ...policy, openFields } }).fieldMask).toBe(ALL);
  });
});
