import * as theirs from '@firebase/ai';
import { deleteApp, type FirebaseApp, initializeApp } from 'firebase/app';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { getAI } from './ai.ts';
import { getLiveGenerativeModel } from './api.ts';
import {
  AgentPlatformBackend,
  backendAddress,
  checkRegion,
  GoogleAIBackend,
  VertexAIBackend,
} from './backend.ts';

let app: FirebaseApp;
beforeEach(() => {
  app = initializeApp({ apiKey: 'k', projectId: 'demo-livegate', appId: 'a' });
});
afterEach(() => deleteApp(app));

describe('getAI', () => {
  test('defaults to the default app and the Developer API', () => {
    const ai = getAI();
    expect(ai.app).toBe(app);
    expect(ai.backend).toBeInstanceOf(GoogleAIBackend);
    expect(ai.location).toBe('');
    expect(ai.options).toEqual({ useLimitedUseAppCheckTokens: false });
  });

  test('gives one object per app and backend', () => {
    const vertex = { backend: new VertexAIBackend('europe-west1') };
    expect(getAI(app)).toBe(getAI(app));
    expect(getAI(app, vertex)).toBe(getAI(app, { backend: new VertexAIBackend('europe-west1') }));
    expect(getAI(app, vertex)).not.toBe(getAI(app, { backend: new VertexAIBackend('us-central1') }));
    expect(getAI(app, vertex)).not.toBe(getAI(app));
  });
});

describe('backends', () => {
  test('have the types and default places of firebase/ai', () => {
    for (const [ours, other] of [
      [new GoogleAIBackend(), new theirs.GoogleAIBackend()],
      [new VertexAIBackend(), new theirs.VertexAIBackend()],
      [new AgentPlatformBackend(), new theirs.AgentPlatformBackend()],
      [new AgentPlatformBackend('us-central1'), new theirs.AgentPlatformBackend('us-central1')],
    ] as const) {
      expect(ours.backendType).toBe(other.backendType);
      expect('location' in ours && ours.location).toBe('location' in other && other.location);
      expect(backendAddress(ours)).toEqual(backendAddress(other));
    }
  });

  test('name the service and the place that the functions know', () => {
    expect(backendAddress(new GoogleAIBackend())).toEqual({ backend: 'google-ai' });
    expect(backendAddress(new VertexAIBackend())).toEqual({ backend: 'vertex-ai', location: 'us-central1' });
  });

  test('of Vertex AI are in a region: `global` has no Live API', () => {
    expect(() => checkRegion(new VertexAIBackend('global'))).toThrow(/name a region/);
    expect(() => checkRegion(new VertexAIBackend('europe-west4'))).not.toThrow();
    expect(() => checkRegion(new GoogleAIBackend())).not.toThrow();
  });
});

describe('getLiveGenerativeModel', () => {
  const params = { model: 'gemini-3.8-live' };

  test('takes an AI service of firebase/ai as it is', () => {
    const ai = theirs.getAI(app, { backend: new theirs.VertexAIBackend('europe-west4') });
    expect(getLiveGenerativeModel(ai, params).model).toBe('publishers/google/models/gemini-3.8-live');
  });

  test('takes the types of firebase/ai: params, schemas, backends', () => {
    const tools = [
      {
        functionDeclarations: [
          {
            name: 'f',
            description: 'd',
            parameters: theirs.Schema.object({ properties: { city: theirs.Schema.string() } }),
          },
        ],
      },
    ];
    const modelParams: theirs.LiveModelParams = {
      model: 'gemini-3.8-live',
      generationConfig: { responseModalities: [theirs.ResponseModality.AUDIO] },
      systemInstruction: 'be brief',
    };
    const model = getLiveGenerativeModel(getAI(app, { backend: new theirs.GoogleAIBackend() }), {
      ...modelParams,
      tools,
    });
    expect(model.systemInstruction).toEqual({ role: 'system', parts: [{ text: 'be brief' }] });
  });

  test('names a model once, with or without its prefix [W15]', () => {
    for (const model of ['gemini-3.8-live', 'models/gemini-3.8-live']) {
      expect(getLiveGenerativeModel(getAI(app), { model }).model).toBe('models/gemini-3.8-live');
      const vertex = getAI(app, { backend: new VertexAIBackend() });
      expect(getLiveGenerativeModel(vertex, { model }).model).toBe(
        'publishers/google/models/gemini-3.8-live',
      );
    }
  });

  test('refuses a missing model and an incomplete Firebase config by their codes', () => {
    expect(() => getLiveGenerativeModel(getAI(app), { model: '' })).toThrow(
      expect.objectContaining({ code: 'no-model' }),
    );
    for (const [field, code] of [
      ['apiKey', 'no-api-key'],
      ['projectId', 'no-project-id'],
      ['appId', 'no-app-id'],
    ] as const) {
      const options = { ...app.options, [field]: undefined };
      const ai = { app: { ...app, options } as FirebaseApp, backend: new GoogleAIBackend(), location: '' };
      expect(() => getLiveGenerativeModel(ai, params)).toThrow(expect.objectContaining({ code }));
    }
  });
});
