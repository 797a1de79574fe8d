import { Schema } from '@firebase/ai';
import type { MintRequest, MintStart } from '@livegate/protocol';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { connectLiveEmulator } from './emulators.ts';
import { AIError } from './errors.ts';
import { liveSockets } from './live-sockets.ts';
import { refusal, ScriptedStage, settled } from './testing.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

function start(request: MintRequest | undefined): MintStart {
  if (request?.op !== 'start') throw new Error('no start');
  return request;
}

describe('LiveGenerativeModel.connect', () => {
  test('asks for a token and opens its socket, the token appended and its slash left alone', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect();
    expect(stage.tokens.requests).toMatchObject([{ v: 1, op: 'start', model: 'gemini-3.8-live' }]);
    expect(start(stage.tokens.requests[0]).requestId).toMatch(/^[0-9a-f]{24}$/);
    expect(stage.server.last.url).toBe(
      'wss://generativelanguage.googleapis.com/ws/constrained?access_token=auth_tokens/0001',
    );
    expect(session.sessionId).toBe('session-0001');
    expect(session.quotaLeft).toEqual({ daySeconds: 600, monthSeconds: null });
    await session.connectionPromise;
  });

  test('can carry the token as a subprotocol', async () => {
    const stage = new ScriptedStage();
    stage.tokens.answer = {
      socket: {
        url: 'wss://generativelanguage.googleapis.com/ws',
        auth: { kind: 'subprotocol', value: 'tok' },
      },
    };
    await stage.connect();
    expect(stage.server.last).toMatchObject({
      url: 'wss://generativelanguage.googleapis.com/ws',
      protocols: ['tok'],
    });
  });

  test('wishes for what the page says: transcription and compression at the top, schemas written out', async () => {
    const stage = new ScriptedStage();
    const model = stage.model(
      {
        generationConfig: {
          temperature: 0.5,
          inputAudioTranscription: {},
          outputAudioTranscription: {},
          contextWindowCompression: { slidingWindow: {} },
        },
        systemInstruction: 'be brief',
        tools: [
          {
            functionDeclarations: [
              {
                name: 'f',
                description: 'd',
                parameters: Schema.object({ properties: { city: Schema.string() } }),
                functionReference: () => 1,
              },
            ],
          },
        ],
      },
      {
        live: {
          template: { id: 'guide', variables: { place: 'x' } },
          realtimeInputConfig: { automaticActivityDetection: { silenceDurationMs: 400 } },
          seed: 7,
        },
      },
    );
    await model.connect();
    const request = start(stage.tokens.requests[0]);
    expect(request.template).toEqual({ id: 'guide', variables: { place: 'x' } });
    expect(request.setup).toEqual({
      generationConfig: { temperature: 0.5, seed: 7 },
      systemInstruction: { role: 'system', parts: [{ text: 'be brief' }] },
      tools: [
        {
          functionDeclarations: [
            {
              name: 'f',
              description: 'd',
              parameters: {
                type: 'object',
                nullable: false,
                properties: { city: { type: 'string', nullable: false } },
                required: ['city'],
              },
            },
          ],
        },
      ],
      inputAudioTranscription: {},
      outputAudioTranscription: {},
      contextWindowCompression: { slidingWindow: {} },
      realtimeInputConfig: { automaticActivityDetection: { silenceDurationMs: 400 } },
    });
  });

  test('sends the setup that the server gave, with the page’s own values only where they are open', async () => {
    const stage = new ScriptedStage();
    stage.tokens.answer = {
      setup: {
        model: 'models/gemini-3.8-live',
        generationConfig: { temperature: 1, topK: 3 },
        inputAudioTranscription: {},
      },
      openFields: ['sessionResumption', 'generationConfig.temperature', 'inputAudioTranscription'],
    };
    await stage.model({ generationConfig: { temperature: 0.2, topK: 40 } }).connect();
    expect(stage.server.last.setup).toEqual({
      model: 'models/gemini-3.8-live',
      generationConfig: { temperature: 0.2, topK: 3 },
      inputAudioTranscription: {},
      sessionResumption: {},
    });
  });

  test('names the region’s service for Vertex AI', async () => {
    const stage = new ScriptedStage();
    const { VertexAIBackend } = await import('./backend.ts');
    stage.ai.backend = new VertexAIBackend('europe-west4');
    await stage.model().connect();
    expect(stage.tokens.requests[0]).toMatchObject({ backend: 'vertex-ai', location: 'europe-west4' });
  });

  test('dials no host but Google’s, and an emulator’s only once it is named', async () => {
    const stage = new ScriptedStage();
    const at = (url: string): void => {
      stage.tokens.answer = { socket: { url, auth: { kind: 'query', name: 'access_token', value: 't' } } };
    };
    for (const url of [
      'wss://example.com/ws',
      'ws://generativelanguage.googleapis.com/ws',
      'wss://generativelanguage.googleapis.com.example.com/ws',
      'wss://generativelanguage.googleapis.com:444/ws',
      'ws://127.0.0.1:9399/ws',
      'nonsense',
    ]) {
      at(url);
      await expect(stage.connect()).rejects.toMatchObject({ code: 'request-error' });
    }
    expect(stage.server.sockets).toHaveLength(0);
    connectLiveEmulator(stage.ai, '127.0.0.1:9399');
    at('ws://127.0.0.1:9399/ws');
    await stage.connect();
    at('ws://127.0.0.1:9398/ws');
    await expect(stage.connect()).rejects.toMatchObject({ code: 'request-error' });
    expect(stage.server.sockets).toHaveLength(1);
  });

  test('takes only a host and port for an emulator', () => {
    const stage = new ScriptedStage();
    for (const host of ['http://127.0.0.1:9399', '127.0.0.1', 'a b:1', '127.0.0.1:1/path'])
      expect(() => connectLiveEmulator(stage.ai, host)).toThrow(AIError);
    expect(() => connectLiveEmulator(stage.ai, '[::1]:9399')).not.toThrow();
  });

  test('says who must sign in, and how, where nobody is', async () => {
    const stage = new ScriptedStage();
    const cause = Object.assign(new Error('Unauthenticated'), { code: 'functions/unauthenticated' });
    stage.tokens.refusals.push(cause);
    const error = await stage.connect().catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'request-error',
      customErrorData: { reason: 'unauthenticated' },
      cause,
    });
    expect(String(error)).toContain('signInAnonymously(getAuth(app))');
  });

  test('gives a refusal with its reason, its field and the time to wait', async () => {
    const stage = new ScriptedStage();
    stage.tokens.refusals.push(
      refusal('resource-exhausted', { reason: 'minutes-day', retryAfterMs: 90_000 }),
      refusal('permission-denied', { reason: 'field', field: 'generationConfig.temperature' }),
    );
    await expect(stage.connect()).rejects.toMatchObject({
      customErrorData: { reason: 'minutes-day', retryAfterMs: 90_000 },
    });
    await expect(stage.connect()).rejects.toMatchObject({
      customErrorData: { reason: 'field', field: 'generationConfig.temperature' },
    });
  });

  test('tells a function that cannot be reached from one that refuses', async () => {
    const stage = new ScriptedStage();
    stage.tokens.refusals.push(
      Object.assign(new Error('internal'), { code: 'functions/internal' }),
      Object.assign(new Error('NOT_FOUND'), { code: 'functions/not-found' }),
    );
    await expect(stage.connect()).rejects.toMatchObject({
      code: 'fetch-error',
      customErrorData: { reason: 'unreachable' },
    });
    await expect(stage.connect()).rejects.toThrow(/region/);
  });

  test('asks for another token where the first one’s answer is lost for good', async () => {
    const stage = new ScriptedStage();
    const details = { reason: 'already-issued', sessionId: 'session-0001', leaseId: 'l' };
    stage.tokens.refusals.push(refusal('aborted', details));
    await stage.connect();
    expect(stage.tokens.requests.map(({ op }) => op)).toEqual(['start', 'remint']);
  });

  test('refuses an answer that is no token', async () => {
    const stage = new ScriptedStage();
    stage.tokens.answer = { openFields: undefined as never };
    await expect(stage.connect()).rejects.toMatchObject({ code: 'response-error' });
    stage.tokens.answer = { clientMin: 99 };
    await expect(stage.connect()).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('rejects with unsupported where there is no WebSocket', async () => {
    vi.stubGlobal('WebSocket', undefined);
    const stage = new ScriptedStage();
    const model = stage.model({}, { webSocket: liveSockets(() => undefined) });
    await expect(model.connect()).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('gives up on a server that does not answer, in the time it is given', async () => {
    const stage = new ScriptedStage();
    stage.server.welcomes.push('open-only');
    const failing = stage.model({}, { handshakeTimeoutMs: 3_000 }).connect();
    failing.catch(() => {});
    await stage.clock.advance(3_000);
    await expect(failing).rejects.toMatchObject({ code: 'response-error' });
    expect(stage.clock.pending).toBe(0);
    await settled();
    expect(stage.server.last.closedBy).toBeDefined();
  });
});

test('the module imports where there is no DOM', async () => {
  expect(typeof document).toBe('undefined');
  const web = await import('./index.ts');
  expect(typeof web.getLiveGenerativeModel).toBe('function');
});
