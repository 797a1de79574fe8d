import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { LiveEmulator } from './live-emulator.ts';
import { type Recorder, type RecorderOptions, startRecorder } from './recorder.ts';
import { type Replay, startReplay } from './replay-server.ts';
import { startLiveEmulator } from './start.ts';

/** Secrets that a recording must not hold, wherever a client or the service puts them. */
const CLIENT_KEY = 'canary-client-key-71f3';
const SERVICE_KEY = 'AIzaCanaryServiceKey0123456789abcdefghi';
const PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const setup = (more: object = {}) => ({
  setup: { model: 'models/gemini-3.8-live', outputAudioTranscription: {}, sessionResumption: {}, ...more },
});
const say = (text: string) => ({
  clientContent: { turns: [{ role: 'user', parts: [{ text }] }], turnComplete: true },
});

/** A client that says one thing after the other, each when the turn before it is over; gives all it was sent. */
async function talk(url: string, messages: readonly object[], key = CLIENT_KEY): Promise<Talked> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${PATH}?key=${key}`);
  const waiting = [...messages];
  const received: Record<string, never>[] = [];
  const speak = () => {
    const next = waiting.shift();
    if (next) socket.send(JSON.stringify(next));
  };
  let handle: string | undefined;
  socket.on('open', speak);
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    received.push(message);
    handle = message.sessionResumptionUpdate?.newHandle || handle;
    if (message.setupComplete) speak();
    // The handle of a turn comes after its end.
    else if (
      received.some(
        (each) => (each as { serverContent?: { turnComplete?: true } }).serverContent?.turnComplete,
      ) &&
      message.sessionResumptionUpdate?.resumable
    ) {
      if (waiting.length > 0) speak();
      else socket.close(1000);
    }
  });
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return { received, handle, code, reason: reason.toString() };
}

const portOf = (server: ReturnType<typeof createServer>) => (server.address() as AddressInfo).port;

interface Talked {
  readonly received: readonly object[];
  readonly handle: string | undefined;
  readonly code: number;
  readonly reason: string;
}

const shape = ({ received }: Talked) =>
  received.map((message) => JSON.stringify(message).replace(/"newHandle":"[^"]+"/, '"newHandle":"…"'));

describe('record and replay', () => {
  let folder: string;
  let file: string;
  let emulator: LiveEmulator;
  const running: (Recorder | Replay)[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'livegate-recording-'));
    file = join(folder, 'talk.jsonl');
    emulator = await startLiveEmulator({ turnCompleteDelay: 0, paceFactor: 1_000 });
  });
  afterEach(async () => {
    for (const each of running.splice(0)) await each.close();
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  const record = async (more: Partial<RecorderOptions> = {}) => {
    const recorder = await startRecorder({
      port: 0,
      file,
      target: emulator.url,
      keepsVoice: false,
      frames: 'text',
      log: () => {},
      ...more,
    });
    running.push(recorder);
    return recorder;
  };
  const recorded = async (messages: readonly object[], more = {}): Promise<Talked> => {
    const recorder = await record(more);
    const talked = await talk(recorder.url, messages);
    await recorder.close();
    return talked;
  };
  const replay = async (speed = 0): Promise<Replay> => {
    const started = await startReplay({ port: 0, file, speed });
    running.push(started);
    return started;
  };

  it('leaves no file behind where its port is taken, and says what to do', async () => {
    await expect(record({ port: emulator.port })).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining('Name another port'),
    });
    const { url } = await record();
    expect(url).toMatch(/^http/);
  });

  it('says why a recording cannot be made or read', async () => {
    const lost = join(folder, 'none', 'talk.jsonl');
    await expect(record({ file: lost })).rejects.toThrow('make it first');
    await expect(startReplay({ port: 0, file: lost })).rejects.toThrow('is not there');
  });

  it('plays to the same client what the service said, without the service', async () => {
    const live = await recorded([setup(), say('one two')]);
    await emulator.close();
    const { url } = await replay();
    const played = await talk(url, [setup(), say('three')]);
    expect(shape(played)).toEqual(shape(live));
    expect(played.code).toBe(1000);
  });

  it('plays a resumption to whoever resumes with the handle that it gave', async () => {
    const recorder = await record();
    const { handle } = await talk(recorder.url, [setup(), say('remember seven')]);
    const live = await talk(recorder.url, [setup({ sessionResumption: { handle } }), say('again')]);
    await recorder.close();
    const { url } = await replay();
    const [, known] = /"handle":"(handle-\d+)"/.exec(await readFile(file, 'utf8')) ?? [];
    const second = await talk(url, [setup({ sessionResumption: { handle: known } }), say('again')]);
    expect(shape(second)).toEqual(shape(live));
    const first = await talk(url, [setup(), say('remember seven')]);
    expect(first).toMatchObject({ handle: known, code: 1000 });
    const foreign = await talk(url, [setup({ sessionResumption: { handle: 'handle-99' } }), say('x')]);
    expect(foreign).toMatchObject({ code: 1008, reason: expect.stringContaining('no further session') });
  });

  it('tells a client that says something else what was recorded, and at which line', async () => {
    await recorded([setup(), say('one')]);
    const { url } = await replay();
    const { code, reason } = await talk(url, [setup(), { toolResponse: { functionResponses: [] } }]);
    expect(code).toBe(1008);
    expect(reason).toMatch(
      /^The recording has clientContent here \(line \d+\); the client sent toolResponse\.$/,
    );
  });

  it('keeps no key, token or handle, wherever it stands, and no voice', async () => {
    const data = Buffer.alloc(640, 7).toString('base64');
    const messages = [
      setup({ systemInstruction: { parts: [{ text: `my key is ${SERVICE_KEY}, yours ${CLIENT_KEY}` }] } }),
      { realtimeInput: { audio: { mimeType: 'audio/pcm;rate=16000', data } } },
    ];
    const recorder = await record({ apiKey: SERVICE_KEY });
    const socket = new WebSocket(`${recorder.url.replace('http', 'ws')}${PATH}?key=${CLIENT_KEY}`, {
      headers: { authorization: 'Bearer ya29.canary-bearer' },
    });
    await once(socket, 'open');
    for (const message of messages) socket.send(JSON.stringify(message));
    socket.send(
      JSON.stringify(say(`auth_tokens/canary-token and ${encodeURIComponent('auth_tokens/canary-other')}`)),
    );
    const handle = await emulator.waitFor(() => emulator.sessions().find(({ turns }) => turns === 1));
    expect(handle).toBeDefined();
    socket.close();
    await once(socket, 'close');
    await recorder.close();
    const text = await readFile(file, 'utf8');
    for (const secret of [
      CLIENT_KEY,
      SERVICE_KEY,
      'canary',
      data,
      Buffer.from(SERVICE_KEY).toString('base64'),
    ])
      expect(text).not.toContain(secret);
    expect(text).toContain('[hidden]');
    expect(text).toContain('"newHandle":"handle-1"');
    // The control: what is no secret is there.
    expect(text).toContain('my key is');
    expect(emulator.journal().some((entry) => JSON.stringify(entry).includes(SERVICE_KEY))).toBe(true);
  });

  it('keeps the voice where asked', async () => {
    const data = Buffer.alloc(640, 7).toString('base64');
    await recorded(
      [setup(), { realtimeInput: { audio: { mimeType: 'audio/pcm;rate=16000', data }, text: 'hear this' } }],
      { keepsVoice: true },
    );
    expect(await readFile(file, 'utf8')).toContain(data);
  });

  it('gives the service its own key and the client’s to nobody, where there is one', async () => {
    const seen: (string | undefined)[] = [];
    const service = createServer((request, response) => {
      seen.push(request.url, request.headers['x-goog-api-key'] as string | undefined);
      response.end('{"name":"auth_tokens/canary-token"}');
    }).listen(0, '127.0.0.1');
    await once(service, 'listening');
    const target = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    const mintThrough = async (more: { readonly apiKey?: string; readonly file?: string }) => {
      const recorder = await record({ target, ...more });
      const response = await fetch(`${recorder.url}/v1beta/auth_tokens?key=${CLIENT_KEY}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-goog-api-key': CLIENT_KEY },
        body: '{}',
      });
      expect(await response.json()).toEqual({ name: 'auth_tokens/canary-token' });
      await recorder.close();
    };
    await mintThrough({ apiKey: SERVICE_KEY });
    await mintThrough({ file: join(folder, 'other.jsonl') });
    service.close();
    expect(seen).toEqual([
      `/v1beta/auth_tokens?key=${SERVICE_KEY}`,
      SERVICE_KEY,
      `/v1beta/auth_tokens?key=${CLIENT_KEY}`,
      CLIENT_KEY,
    ]);
    expect(await readFile(file, 'utf8')).not.toContain('canary');
  });

  it('serves pages of this machine, and no others', async () => {
    const recorder = await record();
    const dial = (origin: string) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(`${recorder.url.replace('http', 'ws')}${PATH}?key=k`, { origin });
        socket.on('open', () => {
          socket.close();
          resolve('open');
        });
        socket.on('error', ({ message }) => resolve(message));
      });
    expect(await dial('http://localhost:5173')).toBe('open');
    expect(await dial('http://evil.example')).toContain('403');
    expect(await dial('http://localhost.evil.example')).toContain('403');
  });

  it('lives on whatever address a request names, and keeps no secret that stands in its path', async () => {
    const recorder = await record({ apiKey: SERVICE_KEY });
    const upgrade = async (address: string): Promise<string> => {
      const socket = connect(recorder.port, '127.0.0.1');
      socket.write(
        `GET ${address} HTTP/1.1\r\nHost: ${recorder.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      );
      const [first] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      return String(first).split('\r\n')[0] ?? '';
    };
    expect(await upgrade(`${PATH}?key=${CLIENT_KEY}`)).toContain('101');
    for (const odd of ['http://[/x', 'http://a:99999/x', '//[x', '/\\elsewhere.example/x', `/${SERVICE_KEY}`])
      expect([odd, await upgrade(odd)]).toEqual([odd, expect.stringContaining('404')]);
    await recorder.close();
    expect(await readFile(file, 'utf8')).not.toContain(SERVICE_KEY);
  });

  it('answers what fails at the service while it comes, and keeps its key from where that sends it', async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = createServer((request, response) => {
      seen.push(request.headers['x-goog-api-key'] as string | undefined);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    const service = createServer((request, response) => {
      if (request.url === '/moved')
        response.writeHead(307, { location: `http://127.0.0.1:${portOf(elsewhere)}/` }).end();
      else {
        response.writeHead(200, { 'content-length': '100' }).write('half');
        setImmediate(() => response.destroy());
      }
    }).listen(0, '127.0.0.1');
    await Promise.all([once(service, 'listening'), once(elsewhere, 'listening')]);
    const recorder = await record({
      target: `http://127.0.0.1:${portOf(service)}`,
      apiKey: SERVICE_KEY,
    });
    const ask = async (path: string) => {
      const headers = { 'x-goog-api-key': CLIENT_KEY };
      return (await fetch(`${recorder.url}${path}`, { headers, redirect: 'manual' })).status;
    };
    expect(await ask('/half')).toBe(502);
    expect(await ask('/moved')).toBe(307);
    expect(seen).toEqual([]);
    service.close();
    elsewhere.close();
  });

  it('passes on a message that is nested too deep to be written, and notes its bytes', async () => {
    const recorder = await record();
    const socket = new WebSocket(`${recorder.url.replace('http', 'ws')}${PATH}?key=${CLIENT_KEY}`);
    await once(socket, 'open');
    const deep = `{"setup":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_001)}`;
    socket.send(deep);
    const [code] = await once(socket, 'close');
    expect(code).toBe(1007);
    await recorder.close();
    expect(await readFile(file, 'utf8')).toContain(`"from":"client","unreadableBytes":${deep.length}`);
  });

  it('takes a URL for its target, and leaves no file behind where it cannot start', async () => {
    for (const target of [
      'http://[',
      'http://exa mple',
      'ftp://service.example',
      'https://service.example/?a=b',
    ])
      await expect(record({ target })).rejects.toMatchObject({ code: 'invalid-option' });
    const { port } = new URL(emulator.url);
    await expect(record({ port: Number(port) })).rejects.toMatchObject({ code: 'port-in-use' });
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
    await record();
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(2);
  });

  it('hides a token by its name alone too, and a key in the base64 of addresses', async () => {
    const secret = 'canary?>token>>9';
    const recorder = await record();
    const socket = new WebSocket(`${recorder.url.replace('http', 'ws')}${PATH}?key=${CLIENT_KEY}`, {
      headers: { authorization: `Token auth_tokens/${secret}` },
    });
    await once(socket, 'open');
    const written = Buffer.from(secret).toString('base64url');
    socket.send(
      JSON.stringify({
        setup: {
          model: 'models/gemini-3.8-live',
          systemInstruction: { parts: [{ text: `${secret} ${written} kept` }] },
        },
      }),
    );
    await once(socket, 'message');
    socket.close();
    await once(socket, 'close');
    await recorder.close();
    expect(await readFile(file, 'utf8')).toContain('"[hidden] [hidden] kept"');
  });

  it('passes on what the service refuses, writes over no file, and names one that cannot be read', async () => {
    const recorder = await record();
    const socket = new WebSocket(`${recorder.url.replace('http', 'ws')}/ws/nowhere`);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('404');
    await expect(record()).rejects.toMatchObject({
      code: 'invalid-recording',
      message: expect.stringContaining('there already'),
    });
    await expect(startReplay({ port: 0, file: join(folder, 'none') })).rejects.toMatchObject({
      code: 'invalid-recording',
    });
    await writeFile(join(folder, 'no'), 'no');
    await expect(startReplay({ port: 0, file: join(folder, 'no') })).rejects.toMatchObject({
      code: 'invalid-recording',
    });
  });
});
