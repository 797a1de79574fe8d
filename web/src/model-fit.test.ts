import { describe, expect, test } from 'vitest';
import { ResponseModality } from './enums.ts';
import { ScriptedStage } from './testing.ts';
import type { LiveFields } from './wished-setup.ts';

const BUDGET = 'gemini-2.5-flash-native-audio-latest';
const LEVEL = 'gemini-3.1-flash-live-preview';
const CURRENT = 'gemini-3.8-live';

describe('options.live', () => {
  test.each<[string, LiveFields, string, string]>([
    [CURRENT, { thinkingConfig: { thinkingBudget: 1 } }, 'generationConfig.thinkingConfig', BUDGET],
    [
      BUDGET,
      { thinkingConfig: { thinkingLevel: 'LOW' } },
      'generationConfig.thinkingConfig.thinkingLevel',
      LEVEL,
    ],
    [
      LEVEL,
      { thinkingConfig: { thinkingBudget: 1 } },
      'generationConfig.thinkingConfig.thinkingBudget',
      BUDGET,
    ],
    [CURRENT, { enableAffectiveDialog: true }, 'generationConfig.enableAffectiveDialog', BUDGET],
    [CURRENT, { proactivity: { proactiveAudio: false } }, 'proactivity.proactiveAudio', BUDGET],
    [LEVEL, { proactivity: { proactiveAudio: true } }, 'proactivity.proactiveAudio', CURRENT],
  ])(
    'of %s refuses %o before asking for a token, and another model takes it',
    async (model, live, field, other) => {
      const stage = new ScriptedStage();
      const error = await stage
        .model({ model }, { live })
        .connect()
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'unsupported', customErrorData: { field } });
      expect(String(error)).toContain(model);
      expect(stage.tokens.requests).toHaveLength(0);
      await stage.model({ model: other }, { live }).connect();
      expect(stage.tokens.requests).toHaveLength(1);
    },
  );

  test('is left to the service for a model that is not in the table', async () => {
    const stage = new ScriptedStage();
    await stage.model({ model: 'gemini-9-live' }, { live: { enableAffectiveDialog: true } }).connect();
    expect(stage.tokens.requests).toHaveLength(1);
  });
});

describe('responseModalities TEXT', () => {
  const generationConfig = { responseModalities: [ResponseModality.TEXT] };

  test('fails before connecting on a model that answers in audio only, and names the remedy', async () => {
    const stage = new ScriptedStage();
    const failing = stage.model({ generationConfig }).connect();
    await expect(failing).rejects.toMatchObject({ code: 'unsupported' });
    await expect(failing).rejects.toThrow(/textFrom: 'transcription'/);
    expect(stage.tokens.requests).toHaveLength(0);
  });

  test('is the plain thing on a model that allows it', async () => {
    const stage = new ScriptedStage();
    const model = stage.model(
      { model: 'gemini-live-2.5-flash', generationConfig },
      { textFrom: 'transcription' },
    );
    await model.connect();
    expect(stage.tokens.requests[0]).toMatchObject({ setup: { generationConfig } });
  });

  test('asks for audio and yields its transcript with textFrom', async () => {
    const stage = new ScriptedStage();
    const session = await stage.model({ generationConfig }, { textFrom: 'transcription' }).connect();
    expect(stage.tokens.requests[0]).toMatchObject({
      setup: { generationConfig: { responseModalities: ['AUDIO'] }, outputAudioTranscription: {} },
    });
    const messages = session.receive();
    const inlineData = { mimeType: 'audio/pcm;rate=24000', data: 'AAAA' };
    stage.server.last.say({ serverContent: { modelTurn: { parts: [{ inlineData }] } } });
    stage.server.last.say({ serverContent: { outputTranscription: { text: 'hello' } } });
    expect((await messages.next()).value).toEqual({ type: 'serverContent' });
    expect((await messages.next()).value).toMatchObject({
      modelTurn: { role: 'model', parts: [{ text: 'hello' }] },
    });
  });
});

describe('LiveSession', () => {
  test('updates instruction and tools in mid-session, as the wire has them', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect();
    await session.updateContext({ systemInstruction: 'be brief', tools: [{ googleSearch: {} }] });
    await session.updateContext({ tools: [] });
    expect(stage.server.last.received.slice(1)).toEqual([
      {
        contextUpdate: {
          systemInstruction: { role: 'system', parts: [{ text: 'be brief' }] },
          tools: { tools: [{ googleSearch: {} }] },
        },
      },
      { contextUpdate: { tools: { tools: [] } } },
    ]);
    await expect(session.updateContext({})).rejects.toMatchObject({ code: 'invalid-content' });
    await session.close();
    await expect(session.updateContext({ tools: [] })).rejects.toMatchObject({ code: 'request-error' });
  });

  test('takes activity marks only where the set-up has switched detection off', async () => {
    const stage = new ScriptedStage();
    const automatic = await stage.connect();
    await expect(automatic.startActivity()).rejects.toMatchObject({ code: 'unsupported' });
    await expect(automatic.endActivity()).rejects.toMatchObject({ code: 'unsupported' });
    const realtimeInputConfig = { automaticActivityDetection: { disabled: true } };
    stage.tokens.answer = { openFields: ['sessionResumption', 'realtimeInputConfig'] };
    const manual = await stage.model({}, { live: { realtimeInputConfig } }).connect();
    await manual.startActivity();
    await manual.endActivity();
    expect(stage.server.last.received.slice(1)).toEqual([
      { realtimeInput: { activityStart: {} } },
      { realtimeInput: { activityEnd: {} } },
    ]);
  });

  test('has no countTokens, nor has its model: the Live API knows none', async () => {
    const stage = new ScriptedStage();
    const model = stage.model();
    expect('countTokens' in model).toBe(false);
    expect('countTokens' in (await model.connect())).toBe(false);
  });
});
