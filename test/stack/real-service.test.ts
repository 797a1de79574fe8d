/**
 * `npm start -- --live`, with a stub where the real service would be: what the functions and the page send there.
 */
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { json } from 'node:stream/consumers';
import type { MintAnswer } from '@livegate/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInAnonymously } from '../../scripts/auth-emulator.ts';
import { build } from '../../scripts/build.ts';
import { seed } from '../../scripts/seed.ts';
import { type RunningStack, startRealStack } from '../../scripts/stack.ts';
import { launchChromium } from '../support/chromium.ts';
import { callFunction } from '../support/clients.ts';

const HOST = 'generativelanguage.googleapis.com';
const KEY = 'not-a-key-of-anybody';
const TOKEN = 'auth_tokens/of-the-stub';

/** A request of the functions, as it would have gone out. */
interface Sent {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
}

const portOf = (server: Server | TcpServer): number => (server.address() as AddressInfo).port;

/** Turns the functions' requests to the real host round to `port`; all others go where they go. */
function detour(port: number): string {
  const script = `const real = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (url.hostname !== '${HOST}') return real(input, init);
      const headers = { ...init?.headers, 'x-went-to': url.href };
      return real('http://127.0.0.1:${port}/', { ...init, headers });
    };`;
  return `--import=data:text/javascript,${encodeURIComponent(script)}`;
}

describe('a stack on the real service', () => {
  const sent: Sent[] = [];
  const dialled: Buffer[] = [];
  let upstream: Server;
  let socketHost: TcpServer;
  let stack: RunningStack;

  beforeAll(async () => {
    upstream = createHttpServer((request, response) => {
      void json(request).then((body) => {
        sent.push({
          url: String(request.headers['x-went-to']),
          headers: request.headers,
          body: body as Sent['body'],
        });
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ name: TOKEN }));
      });
    }).listen(0, '127.0.0.1');
    // Ends each connection after its first bytes: the greeting of TLS names the host that was dialled.
    socketHost = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (bytes) => {
        dialled.push(bytes);
        socket.destroy();
      });
    }).listen(0, '127.0.0.1');
    for (const server of [upstream, socketHost]) if (!server.listening) await once(server, 'listening');
    if (process.env.LIVEGATE_BUILT !== '1') await build(['functions', 'emulator-pages']);
    stack = await startRealStack({ geminiApiKey: KEY, env: { NODE_OPTIONS: detour(portOf(upstream)) } });
    await seed(stack);
  });
  afterAll(async () => {
    await stack?.stop();
    upstream.close();
    socketHost.close();
  });

  it('mints there with the key, and names its socket there', async () => {
    const { idToken } = await signInAnonymously(stack);
    const { result } = await callFunction<MintAnswer>('mintLiveToken', {
      functionsUrl: stack.functionsUrl,
      idToken,
      data: { v: 1, op: 'start', requestId: 'real-service-1', model: 'gemini-3.8-live' },
    });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      url: `https://${HOST}/v1alpha/auth_tokens`,
      headers: { 'x-goog-api-key': KEY },
      body: { uses: 1, bidiGenerateContentSetup: { model: 'models/gemini-3.8-live' } },
    });
    expect(result?.socket).toEqual({
      url: `wss://${HOST}/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContentConstrained`,
      auth: { kind: 'query', name: 'access_token', value: TOKEN },
    });
  });

  it('serves a demo that dials there, and reaches nothing else beyond this machine', async () => {
    const browser = await launchChromium({
      args: [`--host-resolver-rules=MAP ${HOST} 127.0.0.1:${portOf(socketHost)}`],
    });
    try {
      const context = await browser.newContext();
      await context.grantPermissions(['microphone']);
      const page = await context.newPage();
      const requested: string[] = [];
      page.on('request', (request) => requested.push(request.url()));
      const dialling = page.waitForEvent('websocket', { timeout: 30_000 });
      await page.goto(stack.demoUrl);
      await page.getByTestId('talk-button').click();
      const socket = new URL((await dialling).url());
      expect(socket.origin).toBe(`wss://${HOST}`);
      expect(socket.searchParams.get('access_token')).toBe(TOKEN);
      await expect.poll(() => dialled.some((bytes) => bytes.includes(HOST)), { timeout: 10_000 }).toBe(true);
      const hosts = new Set(
        requested.filter((url) => /^https?:/.test(url)).map((url) => new URL(url).hostname),
      );
      expect([...hosts]).toEqual(['127.0.0.1']);
    } finally {
      await browser.close();
    }
  });

  it('tells the page of no Live emulator, and keeps the key out of what it serves', async () => {
    const config = await (await fetch(`${stack.demoUrl}/livegate.json`)).text();
    expect(JSON.parse(config)).not.toHaveProperty('emulators.live');
    expect(config).not.toContain(KEY);
    const policy = (await fetch(stack.demoUrl)).headers.get('content-security-policy');
    expect(policy).toMatch(new RegExp(`connect-src[^;]* wss://${HOST}`));
    expect(policy).not.toContain('ws://');
  });
});
