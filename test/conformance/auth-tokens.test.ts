import { type CreateAuthTokenConfig, GoogleGenAI, type LiveConnectConfig, Modality } from '@google/genai';
import { type LiveEmulator, startLiveEmulator } from '@livegate/emulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Capture, startCapture } from './support/capture.ts';

const LOCKED: LiveConnectConfig = { responseModalities: [Modality.AUDIO], systemInstruction: 'Be brief.' };
/** What a page would rather have. */
const WISHED: LiveConnectConfig = {
  responseModalities: [Modality.AUDIO],
  systemInstruction: 'Say anything.',
  temperature: 1.5,
  topK: 3,
  outputAudioTranscription: {},
};

/** `lockAdditionalFields` as the SDK's three modes have it. */
const MODES = {
  everything: undefined,
  'the set fields': [],
  'the set fields and temperature': ['temperature'],
} as const satisfies Record<string, string[] | undefined>;
type Mode = keyof typeof MODES;

const tokenConfig = (mode: Mode): CreateAuthTokenConfig => {
  const fields = MODES[mode];
  return {
    uses: 1,
    liveConnectConstraints: { model: 'gemini-3.8-live', config: LOCKED },
    ...(fields ? { lockAdditionalFields: [...fields] } : {}),
  };
};

const genai = (url: string, apiKey: string): GoogleGenAI =>
  new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url, apiVersion: 'v1alpha' } });

describe('auth_tokens, as @google/genai asks for them', () => {
  let capture: Capture;
  let emulator: LiveEmulator;
  beforeEach(async () => {
    capture = await startCapture();
    emulator = await startLiveEmulator();
  });
  afterEach(async () => {
    await emulator.close();
    await capture.close();
  });

  it.each([
    ['everything', undefined],
    [
      'the set fields',
      'model,generationConfig.responseModalities,systemInstruction.parts,systemInstruction.role',
    ],
    [
      'the set fields and temperature',
      'model,generationConfig.responseModalities,systemInstruction.parts,systemInstruction.role,generationConfig.temperature',
    ],
  ] as const)('reach the wire with the mask for %s', async (mode, fieldMask) => {
    await genai(capture.url, 'key').authTokens.create({ config: tokenConfig(mode) });
    const [request] = capture.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/v1alpha/auth_tokens' });
    expect(request?.headers['x-goog-api-key']).toBe('key');
    const body = JSON.parse(request?.body ?? '') as Record<string, unknown>;
    expect(body.fieldMask).toBe(fieldMask);
    expect(body.bidiGenerateContentSetup).toEqual({
      model: 'models/gemini-3.8-live',
      generationConfig: { responseModalities: ['AUDIO'] },
      systemInstruction: { role: 'user', parts: [{ text: 'Be brief.' }] },
    });
  });

  it.each([
    ['everything', undefined, undefined, undefined],
    ['the set fields', 1.5, 3, {}],
    ['the set fields and temperature', undefined, 3, {}],
  ] as const)(
    'lock %s against the page that holds the token',
    async (mode, temperature, topK, outputAudioTranscription) => {
      const token = await genai(emulator.url, 'key').authTokens.create({ config: tokenConfig(mode) });
      const session = await genai(emulator.url, token.name ?? '').live.connect({
        model: 'gemini-3.8-live',
        config: WISHED,
        callbacks: { onmessage: () => undefined },
      });
      const [{ setup } = {}] = emulator.sessions();
      expect(setup?.systemInstruction?.parts).toEqual([{ text: 'Be brief.' }]);
      expect(setup?.generationConfig?.temperature).toBe(temperature);
      expect(setup?.generationConfig?.topK).toBe(topK);
      expect(setup?.outputAudioTranscription).toEqual(outputAudioTranscription);
      session.close();
    },
  );
});
