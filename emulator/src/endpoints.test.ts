import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';
import { GoogleGenAI, type GoogleGenAIOptions, type LiveServerMessage } from '@google/genai';
import {
  AgentPlatformBackend,
  type Backend,
  GoogleAIBackend,
  getAI,
  getLiveGenerativeModel,
  type LiveSession,
  VertexAIBackend,
} from 'firebase/ai';
import { deleteApp, initializeApp, setLogLevel } from 'firebase/app';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket as Socket } from 'ws';
import type { LiveEmulator } from './live-emulator.ts';
import type { LiveEmulatorOptions } from './options.ts';
import { startLiveEmulator } from './start.ts';

const VERTEX = 'ws/google.cloud.aiplatform.v1.LlmBidiService/BidiGenerateContent';
const FIREBASE = 'ws/google.firebase.vertexai.v1beta.GenerativeService/BidiGenerateContent';
const FIREBASE_VERTEX = 'ws/google.firebase.vertexai.v1beta.LlmBidiService/BidiGenerateContent/locations';
const MODEL = 'gemini-3.8-live';
const RESOURCE = `projects/my-project/locations/us-central1/publishers/google/models/${MODEL}`;
const BEARER = { authorization: 'Bearer ya29.secret' };

const running: LiveEmulator[] = [];
const start = async (options: LiveEmulatorOptions = {}): Promise<LiveEmulator> => {
  const emulator = await startLiveEmulator({ paceFactor: 1_000, turnCompleteDelay: 0, ...options });
  running.push(emulator);
  return emulator;
};
afterEach(async () => {
  for (const emulator of running.splice(0)) await emulator.close();
});

/** Sets a session up on a path; gives what came first: a message, a close frame, or an HTTP status. */
const setUp = async (
  { host }: LiveEmulator,
  path: string,
  model: string,
  headers: Record<string, string> = {},
): Promise<unknown> => {
  const socket = new Socket(`ws://${host}/${path}`, { headers });
  const first = Promise.race([
    once(socket, 'message').then(([data]) => JSON.parse(String(data))),
    once(socket, 'close').then(([code, reason]) => `${code} ${reason}`),
    once(socket, 'unexpected-response').then(([, { statusCode }]) => statusCode),
  ]);
  socket.on('open', () => socket.send(JSON.stringify({ setup: { model } })));
  socket.on('error', () => {});
  try {
    return await first;
  } finally {
    socket.terminate();
  }
};

describe("Vertex AI's addresses", () => {
  it.each(['v1', 'v1beta1'])('serve %s to a bearer, and to a key in the header', async (version) => {
    const emulator = await start();
    const path = VERTEX.replace('v1', version);
    for (const headers of [BEARER, { 'x-goog-api-key': 'any' }])
      expect(await setUp(emulator, path, RESOURCE, headers)).toEqual({
        setupComplete: { sessionId: expect.stringMatching(/^session-\d$/) },
      });
    expect(emulator.sessions()[0]).toMatchObject({
      backend: 'vertex-ai',
      door: 'direct',
      apiVersion: version,
    });
  });

  it('close on a caller without either, or answer 401 at the upgrade where told', async () => {
    const path = `${VERTEX}?key=any`;
    expect(await setUp(await start(), path, RESOURCE)).toMatch(
      /^1008 Request is missing required authentication/,
    );
    const http = await start({ vertexUnauthenticated: 'http-401' });
    expect(await setUp(http, path, RESOURCE)).toBe(401);
    expect(await setUp(http, path, RESOURCE, { authorization: 'Token auth_tokens/x' })).toBe(401);
    expect(await setUp(http, path, RESOURCE, BEARER)).toHaveProperty('setupComplete');
  });

  it('take the region that the host names, and refuse the model of another', async () => {
    const emulator = await start();
    const from = (region: string) => ({ ...BEARER, host: `${region}-aiplatform.googleapis.com` });
    expect(await setUp(emulator, VERTEX, RESOURCE, from('us-central1'))).toHaveProperty('setupComplete');
    expect(await setUp(emulator, VERTEX, RESOURCE, from('us-east1'))).toMatch(/^1007 The location/);
    expect(emulator.sessions().map(({ location }) => location)).toEqual(['us-central1', 'us-east1']);
  });

  it('answer global as the option says', async () => {
    const old = 'projects/p/locations/global/publishers/google/models/gemini-live-2.5-flash-native-audio';
    const refused = await setUp(await start(), VERTEX, old, BEARER);
    expect(refused).toMatch(/^1008 Publisher Model `projects\/p\/locations\/global\//);
    expect(Buffer.byteLength(String(refused))).toBeLessThanOrEqual(128);
    expect(await setUp(await start({ globalModels: 'every' }), VERTEX, old, BEARER)).toHaveProperty(
      'setupComplete',
    );
  });

  it('make no ephemeral tokens', async () => {
    const { url } = await start();
    const mint = (path: string) =>
      fetch(`${url}${path}`, { method: 'POST', headers: { 'x-goog-api-key': 'k' } });
    expect((await mint('/v1beta1/auth_tokens')).status).toBe(404);
    expect((await mint('/v1beta/auth_tokens')).status).toBe(200);
  });
});

describe("Firebase's addresses", () => {
  it('ask for the key in the query', async () => {
    const emulator = await start();
    const model = `projects/my-project/models/${MODEL}`;
    expect(await setUp(emulator, `${FIREBASE}?key=web`, model)).toEqual({ setupComplete: {} });
    expect(await setUp(emulator, FIREBASE, model, { 'x-goog-api-key': 'web' })).toMatch(
      /^1008 Method doesn't/,
    );
    const path = `${FIREBASE_VERTEX}/us-central1`;
    expect(await setUp(emulator, `${path}?key=web`, RESOURCE)).toHaveProperty('setupComplete.sessionId');
    expect(await setUp(emulator, path, RESOURCE, BEARER)).toMatch(/^1008 Method doesn't/);
  });

  it('ask for the same location in path and model', async () => {
    const emulator = await start();
    expect(await setUp(emulator, `${FIREBASE_VERTEX}/us-east1?key=web`, RESOURCE)).toMatch(
      /^1007 The location/,
    );
    expect(await setUp(emulator, `${FIREBASE_VERTEX}/us-central1?key=web`, RESOURCE)).toHaveProperty(
      'setupComplete',
    );
  });
});

/** One text turn with @google/genai; gives its messages. */
const askGenAI = async (options: GoogleGenAIOptions): Promise<readonly LiveServerMessage[]> => {
  const messages: LiveServerMessage[] = [];
  const done = Promise.withResolvers<void>();
  const session = await new GoogleGenAI(options).live.connect({
    model: MODEL,
    callbacks: {
      onmessage: (message) => {
        messages.push(message);
        if (message.serverContent?.turnComplete) done.resolve();
      },
    },
  });
  session.sendClientContent({ turns: 'hello' });
  await done.promise;
  session.close();
  return messages;
};

describe('@google/genai', () => {
  it('talks to the Developer API here in the version that it dials by itself, unless told that there is none', async () => {
    const options = ({ url }: LiveEmulator) => ({ apiKey: 'any', httpOptions: { baseUrl: url } });
    const emulator = await start();
    expect((await askGenAI(options(emulator))).length).toBeGreaterThan(2);
    expect(emulator.sessions()).toMatchObject([{ backend: 'google-ai', apiVersion: 'v1', turns: 1 }]);
    expect((await new GoogleGenAI(options(emulator)).authTokens.create({})).name).toMatch(/^auth_tokens\//);
    const without = await start({ v1Endpoints: 'not-found' });
    await expect(askGenAI(options(without))).rejects.toThrow(/404/);
    await expect(new GoogleGenAI(options(without)).authTokens.create({})).rejects.toMatchObject({
      status: 404,
    });
    const beta = { ...options(without), apiVersion: 'v1beta' };
    expect((await askGenAI(beta)).length).toBeGreaterThan(2);
    expect((await new GoogleGenAI(beta).authTokens.create({})).name).toMatch(/^auth_tokens\//);
  });

  const authClient = { getRequestHeaders: async () => new Headers(BEARER) } as never;
  it.each([
    [
      'with project and location',
      (baseUrl: string) => ({
        vertexai: true,
        project: 'my-project',
        location: 'us-central1',
        googleAuthOptions: { authClient },
        httpOptions: { baseUrl },
      }),
    ],
    ['in express mode', (baseUrl: string) => ({ vertexai: true, apiKey: 'any', httpOptions: { baseUrl } })],
    [
      'with a base URL that is the whole address',
      (baseUrl: string) => ({
        vertexai: true,
        httpOptions: { baseUrl: `${baseUrl}/${VERTEX}`, headers: { Authorization: 'Bearer ya29' } },
      }),
    ],
  ])('talks to Vertex AI here %s, and reads usage by its own names', async (_, options) => {
    const emulator = await start();
    const messages = await askGenAI(options(emulator.url));
    expect(messages[0]?.setupComplete?.sessionId).toBe('session-1');
    const { usageMetadata } = messages.find(({ serverContent }) => serverContent?.turnComplete) ?? {};
    expect(usageMetadata).toMatchObject({ trafficType: 'ON_DEMAND', responseTokenCount: expect.any(Number) });
    expect(usageMetadata?.responseTokensDetails?.[0]?.tokenCount).toBe(usageMetadata?.responseTokenCount);
    expect(emulator.sessions()).toMatchObject([{ backend: 'vertex-ai', turns: 1 }]);
  });
});

describe('firebase/ai', () => {
  // It warns of every close with a reason, its own included.
  setLogLevel('silent');
  const RealSocket = globalThis.WebSocket;
  afterEach(() => {
    globalThis.WebSocket = RealSocket;
  });

  /** Points every socket here by the line that docs/endpoints.md gives. */
  const pointHere = ({ host }: LiveEmulator): void => {
    const page = readFileSync(new URL('../docs/endpoints.md', import.meta.url), 'utf8');
    const [line = ''] = /^globalThis\.WebSocket = .*$/m.exec(page) ?? [];
    runInThisContext(line.replace('127.0.0.1:9910', host));
  };

  /** Connects with nothing changed but where its socket goes. */
  const connect = async (backend: Backend, model = MODEL): Promise<LiveSession> => {
    const app = initializeApp(
      { apiKey: 'web-key', projectId: 'my-project', appId: 'app' },
      crypto.randomUUID(),
    );
    try {
      return await getLiveGenerativeModel(getAI(app, { backend }), { model }).connect();
    } finally {
      await deleteApp(app);
    }
  };

  it.each([
    ['the Developer API', new GoogleAIBackend(), `projects/my-project/models/${MODEL}`],
    ['Vertex AI', new VertexAIBackend('us-central1'), RESOURCE],
    ['Vertex AI at global', new AgentPlatformBackend(), RESOURCE.replace('us-central1', 'global')],
  ])('holds a talk with %s by one line', async (_, backend, model) => {
    const emulator = await start();
    pointHere(emulator);
    const session = await connect(backend);
    await session.send('hello');
    for await (const message of session.receive()) {
      if (message.type === 'serverContent' && message.turnComplete) break;
    }
    await session.sendMediaChunks([{ mimeType: 'audio/pcm', data: 'AAAA'.repeat(800) }]);
    const view = await emulator.waitFor(() =>
      emulator.sessions().find(({ audioSeconds }) => audioSeconds > 0),
    );
    await session.close();
    expect(view).toMatchObject({ door: 'firebase', turns: 1, setup: { model }, audioSeconds: 0.075 });
  });

  it('is told that it names a model in a form that its service refuses', async () => {
    const emulator = await start();
    pointHere(emulator);
    await expect(connect(new GoogleAIBackend(), `models/${MODEL}`)).rejects.toThrow();
    expect(emulator.sessions()).toMatchObject([
      { closeCode: 1007, closeReason: expect.stringMatching(/resource/) },
    ]);
  });
});

describe('startLiveEmulator with a host', () => {
  it('listens there, names an address that clients can dial, and warns where others can', async () => {
    const lines: string[] = [];
    const log = (level: string, text: string): void => void lines.push(`${level} ${text}`);
    const everywhere = await start({ host: '0.0.0.0', log });
    expect(everywhere.url).toBe(`http://127.0.0.1:${everywhere.port}`);
    expect((await fetch(everywhere.url)).status).toBe(200);
    expect(lines).toContainEqual(expect.stringMatching(/^warn listening on 0\.0\.0\.0: /));
    lines.length = 0;
    const local = await start({ host: 'localhost', log });
    expect(local.url).toBe(`http://localhost:${local.port}`);
    expect(lines.filter((line) => line.startsWith('warn'))).toEqual([]);
  });

  it('refuses a host that is not of this machine', async () => {
    await expect(startLiveEmulator({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'invalid-option' });
  });
});
