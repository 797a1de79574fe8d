import { LIVE_MODELS, type LiveSetup } from '@livegate/protocol';
import { describe, expect, it } from 'vitest';
import { settingsOf } from './options.ts';
import { judgeSetup } from './setup-rules.ts';

const nowMs = Date.UTC(2026, 10, 21);
const judge = (setup: Partial<LiveSetup>, strictModels = false) =>
  judgeSetup(
    { model: 'models/gemini-3.8-live', ...setup },
    { ...settingsOf({ strictModels }), backend: 'google-ai', door: 'direct', nowMs },
  );
const detection = (automaticActivityDetection: object): Partial<LiveSetup> => ({
  realtimeInputConfig: { automaticActivityDetection },
});
const voice = (voiceName: string): Partial<LiveSetup> => ({
  generationConfig: { speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName } } } },
});

describe('judgeSetup', () => {
  it.each([
    ['a voice of that name', voice('puck'), voice('Puck')],
    [
      'two modalities at once',
      { generationConfig: { responseModalities: ['AUDIO', 'TEXT'] } },
      { generationConfig: { responseModalities: ['audio'] } },
    ],
    ['an image as answer', { generationConfig: { responseModalities: ['IMAGE'] } }, {}],
    [
      'a thinking config',
      { generationConfig: { thinkingConfig: { thinkingBudget: 0 } } },
      {
        model: 'models/gemini-2.5-flash-native-audio-latest',
        generationConfig: { thinkingConfig: { thinkingBudget: 0 } },
      },
    ],
    [
      'a budget for thoughts, which 3.1 takes as a level',
      {
        model: 'models/gemini-3.1-flash-live-preview',
        generationConfig: { thinkingConfig: { thinkingBudget: 0 } },
      },
      {
        model: 'models/gemini-3.1-flash-live-preview',
        generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } },
      },
    ],
    [
      'a level for thoughts, which 2.5 takes as a budget',
      {
        model: 'models/gemini-2.5-flash-native-audio-latest',
        generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } },
      },
      {
        model: 'models/gemini-2.5-flash-native-audio-latest',
        generationConfig: { thinkingConfig: { thinkingBudget: -1 } },
      },
    ],
    [
      'proactive audio on a model that has none',
      { model: 'models/gemini-3.1-flash-live-preview', proactivity: { proactiveAudio: true } },
      { model: 'models/gemini-2.5-flash-native-audio-latest', proactivity: { proactiveAudio: true } },
    ],
    [
      'affective dialog',
      { generationConfig: { enableAffectiveDialog: true } },
      { generationConfig: { enableAffectiveDialog: false } },
    ],
    [
      'proactive audio off',
      { proactivity: { proactiveAudio: false } },
      { proactivity: { proactiveAudio: true } },
    ],
    [
      'transparent resumption',
      { sessionResumption: { transparent: true } },
      { sessionResumption: { transparent: false } },
    ],
    ['an explicit voice activity signal', { explicitVadSignal: true }, { explicitVadSignal: false }],
    [
      'a temperature above 2',
      { generationConfig: { temperature: 2.1 } },
      { generationConfig: { temperature: 2 } },
    ],
    ['a negative silence', detection({ silenceDurationMs: -1 }), detection({ silenceDurationMs: 0 })],
    [
      'a sensitivity nobody has',
      detection({ startOfSpeechSensitivity: 'HIGH' }),
      detection({ startOfSpeechSensitivity: 'START_SENSITIVITY_HIGH' }),
    ],
    [
      'a handling nobody has',
      { realtimeInputConfig: { activityHandling: 'x' } },
      { realtimeInputConfig: { activityHandling: 'NO_INTERRUPTION' } },
    ],
  ] satisfies [string, Partial<LiveSetup>, Partial<LiveSetup>][])(
    'refuses %s, beside one that passes',
    (_, bad, good) => {
      expect(judge(bad)).toMatchObject({
        condition: 'invalid-setup',
        problem: expect.stringMatching(/^setup\./),
      });
      expect(judge(good)).not.toHaveProperty('condition');
    },
  );

  it('takes on Vertex AI what the Developer API does not have', () => {
    const model = 'projects/p/locations/us-central1/publishers/google/models/gemini-3.8-live';
    const setup = {
      model,
      sessionResumption: { transparent: true },
      explicitVadSignal: true,
      labels: { team: 'voice' },
      toolConfig: { functionCallingConfig: { mode: 'AUTO' } },
    };
    const vertex = { ...settingsOf({}), backend: 'vertex-ai', door: 'direct', nowMs } as const;
    expect(judgeSetup(setup, vertex)).toMatchObject({ setup, modality: 'AUDIO', warnings: [] });
  });

  it('finds the modality that a model answers in', () => {
    expect(judge({})).toMatchObject({ modality: 'AUDIO' });
    expect(judge({ model: 'models/gemini-3.5-transcribe-live' })).toMatchObject({ modality: 'TEXT' });
    const text = { generationConfig: { responseModalities: ['text'] } };
    expect(judge({ model: 'models/gemini-2.0-flash-live-001', ...text })).toMatchObject({ modality: 'TEXT' });
  });

  it.each([
    ['no model', ''],
    ['a name without its prefix', 'gemini-3.8-live'],
    ['a resource of Vertex AI', 'projects/p/locations/l/publishers/google/models/gemini-3.8-live'],
    ['a model of Vertex AI alone', 'models/gemini-live-2.5-flash'],
  ])('does not find %s', (_, model) => {
    expect(judge({ model })).toMatchObject({ condition: 'model-not-found' });
  });

  it('serves every other model of the table, with a warning past its date, and refuses those when strict', () => {
    for (const [id, model] of Object.entries(LIVE_MODELS)) {
      if (!model.backends.some((backend) => backend === 'google-ai')) continue;
      const isPast = 'shutdown' in model && Date.parse(model.shutdown) <= nowMs;
      expect(judge({ model: `models/${id}` })).toMatchObject({
        warnings: isPast ? [expect.stringContaining(id)] : [],
      });
      expect('condition' in judge({ model: `models/${id}` }, true)).toBe(isPast);
    }
  });
});
