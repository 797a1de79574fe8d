import { GoogleGenAI, type LiveConnectConfig, Modality, ThinkingLevel } from '@google/genai';
import type { LiveSetup } from '@livegate/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildSetup } from '../../functions/src/setup-builder.ts';
import { emulatedEndpoints, httpTokenMaker } from '../../functions/src/upstream.ts';
import { POLICY } from '../functions/support/world.ts';
import { type Capture, startCapture } from './support/capture.ts';

/** One intent, as the SDK's user writes it and as a template holds it. */
const CONFIG: LiveConnectConfig = {
  responseModalities: [Modality.AUDIO],
  temperature: 0.5,
  maxOutputTokens: 400,
  speechConfig: { languageCode: 'en-US', voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
  thinkingConfig: { thinkingLevel: ThinkingLevel.LOW },
  systemInstruction: 'Be brief.',
  tools: [{ functionDeclarations: [{ name: 'get_time', description: 'Tells the time.' }] }],
  outputAudioTranscription: {},
  realtimeInputConfig: { automaticActivityDetection: { silenceDurationMs: 300 } },
};
const SETUP: Partial<LiveSetup> = {
  generationConfig: {
    responseModalities: ['AUDIO'],
    temperature: 0.5,
    maxOutputTokens: 400,
    speechConfig: { languageCode: 'en-US', voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
    thinkingConfig: { thinkingLevel: 'LOW' },
  },
  systemInstruction: { role: 'user', parts: [{ text: 'Be brief.' }] },
  tools: [{ functionDeclarations: [{ name: 'get_time', description: 'Tells the time.' }] }],
  outputAudioTranscription: {},
  realtimeInputConfig: { automaticActivityDetection: { silenceDurationMs: 300 } },
};
const EXPIRES_AT = Date.parse('2026-11-21T12:02:00Z');
const START_BY = Date.parse('2026-11-21T12:01:00Z');

describe('the request for a token', () => {
  let capture: Capture;
  beforeEach(async () => {
    capture = await startCapture();
  });
  afterEach(() => capture.close());

  it('says what @google/genai says for the same intent, with every field locked by name', async () => {
    const genai = new GoogleGenAI({
      apiKey: 'key',
      httpOptions: { baseUrl: capture.url, apiVersion: 'v1alpha' },
    });
    await genai.authTokens.create({
      config: {
        uses: 1,
        expireTime: new Date(EXPIRES_AT).toISOString(),
        newSessionExpireTime: new Date(START_BY).toISOString(),
        liveConnectConstraints: { model: 'gemini-3.8-live', config: CONFIG },
        lockAdditionalFields: [],
      },
    });
    const { constraints, fieldMask } = buildSetup({
      policy: POLICY,
      template: { v: 1, version: 1, title: 'Brief', variables: {}, setup: SETUP },
      model: 'gemini-3.8-live',
      wishes: {},
      fresh: false,
    });
    await httpTokenMaker(
      emulatedEndpoints(capture.host),
      () => 'key',
    )({ expiresAt: EXPIRES_AT, startBy: START_BY, constraints, fieldMask });

    const [theirs, ours] = capture.requests;
    expect(ours).toMatchObject({ method: theirs?.method, path: theirs?.path });
    expect(ours?.headers['x-goog-api-key']).toBe(theirs?.headers['x-goog-api-key']);
    const { fieldMask: theirMask, ...theirBody } = JSON.parse(theirs?.body ?? '') as Record<string, unknown>;
    const { fieldMask: ourMask, ...ourBody } = JSON.parse(ours?.body ?? '') as Record<string, unknown>;
    expect(ourBody).toEqual(theirBody);

    // Theirs names what is set, two levels deep; ours names every field there is, so that nothing is left open.
    const locked = String(ourMask).split(',');
    const covered = (path: string): boolean =>
      locked.some((each) => path === each || path.startsWith(`${each}.`));
    const named = String(theirMask).split(',');
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((path) => !covered(path))).toEqual([]);
    expect(covered('sessionResumption')).toBe(false);
  });
});
