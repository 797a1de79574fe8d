import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { LiveClient, messageWith } from '../test-support/live-client.ts';
import { RawClient } from '../test-support/raw-client.ts';
import { quiet } from '../test-support/speech.ts';
import type { Interruption } from './exec.ts';
import { main } from './main.ts';
import { samplesToBase64 } from './pcm.ts';
import { startLiveEmulator } from './start.ts';

const TOKENS = '/v1alpha/auth_tokens?key=';
const KEYED = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const CONSTRAINED =
  '/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContentConstrained';
const VERTEX = '/ws/google.cloud.aiplatform.v1.LlmBidiService/BidiGenerateContent';
const FIREBASE = '/ws/google.firebase.vertexai.v1beta.GenerativeService/BidiGenerateContent';
const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n';

/** An emulator as its command starts it, and all that it wrote. */
interface Started {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly controlToken: string;
  readonly log: () => string;
}

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const start = async (...options: readonly string[]): Promise<Started> => {
  const interrupted = Promise.withResolvers<Interruption>();
  const printed = Promise.withResolvers<string>();
  const lines: string[] = [];
  const ended = main(['start', '--port', '0', '--json', '--log', 'debug', ...options], {
    out: printed.resolve,
    err: (line) => lines.push(line),
    env: {},
    untilInterrupted: interrupted.promise,
  });
  ends.push(() => {
    interrupted.resolve('SIGTERM');
    return ended;
  });
  return { ...JSON.parse(await printed.promise), log: () => lines.join('') };
};

/** Sends bytes as they are; gives all that came back by the end of the connection. */
const raw = ({ port }: Started, bytes: string): Promise<string> =>
  new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });

const control = async ({ url, controlToken }: Started, path: string): Promise<string> =>
  (
    await fetch(`${url}/livegate/control${path}`, { headers: { authorization: `Bearer ${controlToken}` } })
  ).text();

describe('a started emulator, against a page of another site', () => {
  it('lets a form change nothing, while its owner’s call does', async () => {
    const emulator = await start();
    const reset = (headers: Record<string, string>) =>
      fetch(`${emulator.url}/livegate/control/clock/advance`, {
        method: 'POST',
        headers,
        body: '{"ms":60000}',
      });
    const authorization = `Bearer ${emulator.controlToken}`;
    const json = 'application/json';
    for (const [status, headers] of [
      [403, { origin: 'https://elsewhere.example', 'content-type': 'text/plain' }],
      [403, { origin: 'https://elsewhere.example', 'content-type': json, authorization }],
      [401, { 'content-type': 'text/plain' }],
      [415, { 'content-type': 'text/plain', authorization }],
      [415, { 'content-type': 'application/x-www-form-urlencoded', authorization }],
    ] as const)
      expect([headers, (await reset(headers)).status]).toEqual([headers, status]);
    expect(JSON.parse(await control(emulator, '/clock'))).toMatchObject({ offsetMs: 0 });
    expect((await reset({ 'content-type': json, authorization })).status).toBe(200);
    expect(JSON.parse(await control(emulator, '/clock'))).toMatchObject({ offsetMs: 60_000 });
  });

  it('lets nobody read across origins what it answers without a bearer', async () => {
    const emulator = await start();
    const headers = { origin: 'https://elsewhere.example' };
    for (const [path, init] of [
      ['/', {}],
      ['/livegate/health', {}],
      ['/livegate/', {}],
      [`${TOKENS}any`, { method: 'POST', body: '{}' }],
      [`${TOKENS}any`, { method: 'OPTIONS' }],
    ] as const) {
      const answer = await fetch(`${emulator.url}${path}`, { ...init, headers });
      expect([path, answer.headers.get('access-control-allow-origin')]).toEqual([path, null]);
    }
  });

  it('opens no socket on the control API or the page, and one on the Live API for any origin', async () => {
    const emulator = await start();
    const dial = (path: string, origin: string): Promise<number | undefined> =>
      new Promise((resolve) => {
        const headers = { authorization: `Bearer ${emulator.controlToken}` };
        const socket = new WebSocket(`ws://${emulator.host}${path}`, { origin, headers });
        socket.on('error', () => {});
        socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode));
        socket.on('open', () => {
          socket.terminate();
          resolve(101);
        });
      });
    for (const origin of [emulator.url, 'https://elsewhere.example']) {
      for (const path of ['/livegate/control/events', '/livegate/control', '/livegate/', '/'])
        expect([origin, path, await dial(path, origin)]).toEqual([origin, path, 404]);
      expect(await dial(`${KEYED}?key=any`, origin)).toBe(101);
    }
  });
});

describe('a started emulator, against odd requests', () => {
  it('finds the control API under its plain address alone, and outlives every other', async () => {
    const emulator = await start();
    const { host, controlToken } = emulator;
    const head = `Host: ${host}\r\nAuthorization: Bearer ${controlToken}\r\nConnection: close\r\n\r\n`;
    const get = async (target: string, rest = head) =>
      (await raw(emulator, `GET ${target} HTTP/1.1\r\n${rest}`)).split(' ')[1];
    expect(await get('/livegate/control/sessions')).toBe('200');
    for (const target of [
      '//livegate/control/sessions',
      '/livegate//control/sessions',
      '/LIVEGATE/control/sessions',
      '/livegate%2fcontrol/sessions',
      '/livegate/control/sessions/..%2f..%2f..',
      'http://[/livegate/control/sessions',
      'http://a:99999/livegate/control/sessions',
    ])
      expect([target, await get(target)]).toEqual([target, expect.stringMatching(/^40[0-9]$/)]);
    // An address may name any host: what counts is the header, as it does for a rebound name.
    const rebound = head.replace(host, 'rebound.example');
    expect(await get(`http://${host}/livegate/control/sessions`, rebound)).toBe('403');
    for (const target of ['http://[/x', '//[x', '/%', '*']) {
      const answer = await raw(emulator, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${UPGRADE}\r\n`);
      expect([target, answer.split(' ')[1]]).toEqual([target, '404']);
    }
    expect(await get('/livegate/control/sessions')).toBe('200');
  });

  it('takes no second request out of the body of one that it refuses', async () => {
    const emulator = await start();
    const { host, controlToken } = emulator;
    const inner = `GET /livegate/control/sessions HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${controlToken}\r\n\r\n`;
    const outer = (path: string, framing: string) =>
      `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: text/plain\r\n${framing}\r\n\r\n`;
    const chunked = `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`;
    for (const path of ['/livegate/control/reset', '/livegate/page.js', '/nowhere', TOKENS])
      for (const bytes of [
        outer(path, `Content-Length: ${inner.length}`) + inner,
        outer(path, 'Transfer-Encoding: chunked') + chunked,
        outer(path, `Content-Length: 4\r\nTransfer-Encoding: chunked`) + chunked,
      ]) {
        const answer = await raw(emulator, bytes);
        expect([path, answer.match(/HTTP\/1\.1 \d+/g)]).toEqual([path, [expect.stringMatching(/ 4\d\d$/)]]);
      }
  });
});

describe('a started emulator, against messages of any size', () => {
  const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const setup = (more = ''): string => `{"setup":{"model":"models/gemini-3.8-live"${more}}}`;
  const schema = (depth: number): string =>
    setup(`,"tools":[{"functionDeclarations":[{"name":"f","parametersJsonSchema":${nested(depth)}}]}]`);
  /** How a session ends that sends this after its setup, or at once. */
  const endOf = async (emulator: Started, messages: readonly string[]): Promise<number | undefined> => {
    const client = new LiveClient(emulator);
    for (const message of messages) await client.send(message);
    return (await client.closing()).code;
  };

  it('reads schemas and arguments as deep as they are in use, and refuses those that nobody could walk', async () => {
    const emulator = await start();
    const client = await new LiveClient(emulator).send(schema(90));
    expect(await client.next()).toHaveProperty('setupComplete');
    client.close();
    const response = `{"toolResponse":{"functionResponses":[{"id":"1","response":${nested(20_000)}}]}}`;
    for (const messages of [[schema(5_000)], [schema(1_000_000)], [setup(), response]])
      expect(await endOf(emulator, messages)).toBe(1007);
    const locked = (depth: number) => schema(depth).replace('"setup"', '"bidiGenerateContentSetup"');
    for (const [depth, status] of [
      [90, 200],
      [5_000, 400],
    ] as const) {
      const init = { method: 'POST', body: locked(depth) };
      expect((await fetch(`${emulator.url}${TOKENS}any`, init)).status).toBe(status);
    }
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${emulator.controlToken}` };
    const answer = (depth: number) => `{"answer":[{"toolCall":{"name":"f","args":${nested(depth)}}}]}`;
    for (const [depth, status] of [
      [90, 200],
      [5_000, 400],
    ] as const) {
      const init = { method: 'POST', headers, body: answer(depth) };
      expect((await fetch(`${emulator.url}/livegate/control/answers`, init)).status).toBe(status);
    }
  });

  it('takes more turns at once than a call takes arguments, and ends what fits no context', async () => {
    const emulator = await start();
    const turns = (count: number) =>
      `{"clientContent":{"turns":[${Array(count).fill('{"role":"user","parts":[{"text":"a"}]}')}],"turnComplete":true}}`;
    expect(await endOf(emulator, [setup(), turns(150_000)])).toBe(1000);
    const client = await LiveClient.ready(emulator);
    await client.send(turns(3));
    await client.turn();
    client.close();
  });
});

describe('a started emulator on every address', () => {
  const elsewhere = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

  it.skipIf(elsewhere === undefined)(
    'serves the Live API there, and control API and page from the loopback alone',
    async () => {
      const emulator = await start('--host', '0.0.0.0');
      const status = async (address: string, path: string) => {
        const headers = { authorization: `Bearer ${emulator.controlToken}` };
        return (await fetch(`http://${address}:${emulator.port}${path}`, { headers })).status;
      };
      const far = elsewhere ?? '';
      for (const path of ['/livegate/control/sessions', '/livegate/'])
        expect([path, await status('127.0.0.1', path), await status(far, path)]).toEqual([path, 200, 403]);
      expect(await status(far, '/livegate/health')).toBe(200);
      const client = await LiveClient.ready({ host: `${far}:${emulator.port}` });
      client.close();
    },
  );
});

describe('a started emulator, of credentials and handles', () => {
  it('keeps none in its views, its journal or its log, wherever a client puts them', async () => {
    const emulator = await start();
    const key = 'canary-key-in-the-query';
    const minted = await fetch(`${emulator.url}${TOKENS}${key}`, { method: 'POST', body: '{"uses":9}' });
    const { name: token } = (await minted.json()) as { name: string };
    const first = await LiveClient.ready(
      emulator,
      { sessionResumption: {} },
      { path: `${KEYED}?key=${key}` },
    );
    const { sessionResumptionUpdate } = await messageWith(first, 'sessionResumptionUpdate');
    const handle = sessionResumptionUpdate?.newHandle ?? '';
    const setup = (sessionResumption: unknown, model = 'models/gemini-3.8-live') => ({
      setup: { model, sessionResumption },
    });
    const vertex = 'projects/p/locations/us-central1/publishers/google/models/gemini-live-2.5-flash';
    for (const [path, message, headers = {}] of [
      [`${KEYED}?key=${key}`, setup({ handle })],
      [`${KEYED}?key=${key}`, setup({ handle: 'canary-unknown-handle' })],
      [`${KEYED}?key=${key}`, setup('canary-handle-of-the-wrong-type')],
      [`${KEYED}?key=${key}`, setup({ handle: ['canary-handle-in-a-list'] })],
      [`${KEYED}?key=${key}`, '{"setup":{"sessionResumption":{"handle":"canary-cut-off'],
      [KEYED, setup({}), { 'x-goog-api-key': 'canary-key-in-a-header' }],
      [`${CONSTRAINED}?access_token=${token}`, setup({})],
      [`${CONSTRAINED}?access_token=${encodeURIComponent(token)}`, setup({})],
      [CONSTRAINED, setup({}), { authorization: `Token ${token}` }],
      [`${CONSTRAINED}?access_token=auth_tokens/canary-unknown-token`, setup({})],
      [VERTEX, setup({}, vertex), { authorization: 'Bearer canary-bearer' }],
      [VERTEX, setup({}, vertex), { authorization: 'Bearer auth_tokens/canary-token-as-bearer' }],
      [`${FIREBASE}?key=canary-firebase-key`, setup({}), { 'x-goog-firebase-appid': 'canary-app' }],
    ] as const) {
      const client = new LiveClient(emulator, {
        path,
        headers: { referer: 'http://canary-page/', ...headers },
      });
      await client.send(message);
      await client.next();
      client.close();
      await client.closing();
    }
    const secrets = ['canary', token, token.slice('auth_tokens/'.length), handle, emulator.controlToken];
    const views = ['/', '/sessions', '/journal', '/answers', '/faults', '/options', '/nowhere'];
    for (const [where, text] of [
      ...(await Promise.all(views.map(async (path) => [path, await control(emulator, path)] as const))),
      ['the log', emulator.log()] as const,
    ])
      for (const secret of secrets)
        expect([where, secret, text.includes(secret)]).toEqual([where, secret, false]);
    // What is no secret is there: the views and the log were not empty.
    expect(await control(emulator, '/journal')).toContain('"handle":"[hidden]"');
    expect(emulator.log()).toMatch(/info session-14 open/);
  });
});

describe('an emulator that runs for long', () => {
  it('remembers no more connections than entries of the journal, the open ones before those that are over', async () => {
    const emulator = await startLiveEmulator({ journalLimit: 3, captureAudio: true });
    ends.push(() => emulator.close());
    const open = await LiveClient.ready(emulator);
    const audio = { mimeType: 'audio/pcm', data: samplesToBase64(quiet(0.1)) };
    for (let count = 0; count < 4; count++) {
      const client = await LiveClient.ready(emulator);
      await client.send({ realtimeInput: { audio } });
      client.close();
      await client.closing();
    }
    expect(emulator.sessions().map(({ id }) => id)).toEqual(['session-1', 'session-4', 'session-5']);
    expect(emulator.receivedAudio('session-2')).toHaveLength(0);
    expect(emulator.receivedAudio('session-4')).toHaveLength(1_600);
    open.close();
  });

  it('gives up a client that reads nothing, and serves one that does', async () => {
    const emulator = await startLiveEmulator();
    ends.push(() => emulator.close());
    const [deaf, reader] = [await RawClient.talking(emulator), await RawClient.talking(emulator)];
    for (const client of [deaf, reader]) await client.until((text) => text.includes('setupComplete'));
    deaf.socket.pause();
    const message = { serverContent: { modelTurn: { parts: [{ text: 'x'.repeat(8 * 1_048_576) }] } } };
    for (let count = 1; count <= 12; count++) {
      for (const { id } of emulator.sessions()) emulator.inject(id, message);
      await new Promise((resolve) => reader.socket.once('message', resolve));
    }
    await emulator.waitFor(() => emulator.sessions().find(({ connected }) => !connected));
    expect(emulator.sessions()).toMatchObject([{ closedBy: 'lost', closeCode: 1006 }, { connected: true }]);
    expect(reader.frames).toHaveLength(13);
    deaf.socket.terminate();
  });
});
