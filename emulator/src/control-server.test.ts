import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { LiveClient, messageWith } from '../test-support/live-client.ts';
import { quiet } from '../test-support/speech.ts';
import { CONTROL_CALLS, CONTROL_PATH } from './control-calls.ts';
import { CONTROL_ERRORS } from './control-errors.ts';
import type { LiveEmulator } from './live-emulator.ts';
import type { LiveEmulatorOptions } from './options.ts';
import { samplesToBase64 } from './pcm.ts';
import { readWav } from './speech-wav.ts';
import { startLiveEmulator } from './start.ts';

const running: LiveEmulator[] = [];
const start = async (options: LiveEmulatorOptions = {}): Promise<LiveEmulator> => {
  const emulator = await startLiveEmulator({ paceFactor: 1_000, turnCompleteDelay: 0, ...options });
  running.push(emulator);
  return emulator;
};
afterEach(async () => {
  for (const emulator of running.splice(0)) await emulator.close();
});

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string | undefined>;
  readonly body?: string;
}
interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly json: Record<string, never>;
  readonly code: string | undefined;
}

/** A request with the bearer and JSON's type, but for what is said otherwise; `undefined` leaves a header out. */
const ask = async (
  emulator: LiveEmulator,
  { method = 'GET', path = '/sessions', headers = {}, body }: Asked = {},
): Promise<Answered> => {
  const all = {
    authorization: `Bearer ${emulator.controlToken}`,
    ...(method === 'POST' && { 'content-type': 'application/json' }),
    ...headers,
  };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const request = httpRequest({
    host: '127.0.0.1',
    port: emulator.port,
    method,
    path: path.startsWith('/livegate') ? path : `${CONTROL_PATH}${path}`,
    headers: given as Record<string, string>,
  });
  request.end(body);
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('response', async (response) => {
      const answer = await text(response).catch(reject);
      if (answer === undefined) return;
      const isJson = String(response.headers['content-type']).startsWith('application/json');
      const json = isJson ? JSON.parse(answer) : {};
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: answer,
        json,
        code: json.error?.code,
      });
    });
  });
};
const post = (emulator: LiveEmulator, path: string, body: unknown = {}) =>
  ask(emulator, { method: 'POST', path, body: JSON.stringify(body) });

describe('the control API', () => {
  it('answers who has the bearer, and not who has not', async () => {
    const emulator = await start();
    expect(await ask(emulator)).toMatchObject({ status: 200, json: { sessions: [], lastSeq: 0 } });
    for (const authorization of [undefined, 'Bearer wrong', `Bearer ${emulator.controlToken}x`]) {
      const refused = await ask(emulator, { headers: { authorization } });
      expect(refused).toMatchObject({
        status: 401,
        code: 'unauthorized',
        headers: { 'www-authenticate': 'Bearer' },
      });
      expect(refused.json).toEqual({
        error: {
          code: 'unauthorized',
          message: expect.any(String),
          remedy: CONTROL_ERRORS.unauthorized.remedy,
        },
      });
    }
  });

  it('answers under its own names, and not under a name that was rebound to it', async () => {
    const emulator = await start();
    const under = (host: string) => ask(emulator, { headers: { host } });
    expect((await under(`localhost:${emulator.port}`)).status).toBe(200);
    expect(await under(`rebound.example:${emulator.port}`)).toMatchObject({
      status: 403,
      code: 'foreign-host',
    });
    const page = (host: string) => ask(emulator, { path: '/livegate/', headers: { host } });
    expect((await page(`localhost:${emulator.port}`)).status).toBe(200);
    expect((await page(`rebound.example:${emulator.port}`)).code).toBe('foreign-host');
  });

  it('answers its own page and listed origins, and no other page, with or without the bearer', async () => {
    const emulator = await start({ controlOrigins: ['https://app.example'] });
    const from = (origin: string | undefined, more: Asked = {}) =>
      ask(emulator, { ...more, headers: { origin, ...more.headers } });
    const own = await from(`http://127.0.0.1:${emulator.port}`);
    expect([own.status, own.headers['access-control-allow-origin']]).toEqual([200, undefined]);
    const listed = await from('https://app.example');
    expect([listed.status, listed.headers['access-control-allow-origin'], listed.headers.vary]).toEqual([
      200,
      'https://app.example',
      'Origin',
    ]);
    const other = await from('https://other.example');
    expect([other.status, other.code, other.headers['access-control-allow-origin']]).toEqual([
      403,
      'foreign-origin',
      undefined,
    ]);
    const preflight = { method: 'OPTIONS', headers: { authorization: undefined } };
    const allowed = await from('https://app.example', preflight);
    expect([allowed.status, allowed.headers['access-control-allow-headers']]).toEqual([
      204,
      'authorization, content-type',
    ]);
    expect(await from('https://other.example', preflight)).toMatchObject({
      status: 403,
      code: 'foreign-origin',
    });
  });

  it('takes JSON that says so, and no form that any page could post', async () => {
    const emulator = await start();
    const send = (type: string | undefined, body = '{"ms":0}') =>
      ask(emulator, { method: 'POST', path: '/clock/advance', headers: { 'content-type': type }, body });
    expect((await send('application/json')).status).toBe(200);
    expect((await send('application/json; charset=utf-8')).status).toBe(200);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', undefined])
      expect(await send(type)).toMatchObject({ status: 415, code: 'media-type' });
    expect(await send('application/json', '{"ms":0')).toMatchObject({ status: 400, code: 'invalid-json' });
    expect(await send('application/json', '[]')).toMatchObject({ status: 400, code: 'invalid-json' });
  });

  it('bounds bodies', async () => {
    const emulator = await start();
    const body = (bytes: number) => JSON.stringify({ answer: [{ text: 'x'.repeat(bytes - 24) }] });
    const most = 16 * 1_048_576;
    const send = (bytes: number) => ask(emulator, { method: 'POST', path: '/answers', body: body(bytes) });
    expect(body(100)).toHaveLength(100);
    expect((await send(most)).status).toBe(200);
    expect(await send(most + 1)).toMatchObject({ status: 413, code: 'body-too-large' });
  });

  it('names the field that is wrong, beside one that is right', async () => {
    const emulator = await start();
    const refused = async (path: string, right: object, wrong: object, field: string) => {
      expect([path, (await post(emulator, path, right)).status]).toEqual([path, 200]);
      const answer = await post(emulator, path, wrong);
      expect(answer).toMatchObject({ status: 400, code: 'invalid-request' });
      expect(answer.text).toContain(field);
    };
    await refused('/clock/advance', { ms: 1 }, { ms: -1 }, 'clock');
    await refused('/clock/advance', { ms: 1 }, {}, 'ms');
    await refused('/answers', { answer: [{ text: 'a' }] }, { answer: [{ txt: 'a' }] }, 'txt');
    await refused(
      '/answers',
      { answer: [{ text: 'a' }] },
      { answer: [{ text: 'a', heard: 'b' }] },
      'answer[0]',
    );
    await refused(
      '/answers',
      { answer: [{ fault: { kind: 'drop' } }] },
      { answer: [{ fault: { kind: 'dropp' } }] },
      'answer[0].fault',
    );
    await refused('/answers', { times: 1 }, { times: 0 }, 'times');
    await refused('/options', { chunkMs: 20 }, { chunkMs: 1 }, 'chunkMs');
    await refused('/options', { frames: 'text' }, { frames: 'smoke' }, 'frames');
    await refused('/options', { strictModels: true }, { port: 1 }, 'port');
    expect(await ask(emulator, { path: '/journal?kind=out' })).toMatchObject({ status: 200 });
    expect(await ask(emulator, { path: '/journal?kind=none' })).toMatchObject({ code: 'invalid-request' });
  });

  it('tells a route that is not there from a method that it does not take', async () => {
    const emulator = await start();
    expect((await ask(emulator, { path: '/clock' })).status).toBe(200);
    expect(await ask(emulator, { path: '/clocks' })).toMatchObject({ status: 404, code: 'route-not-found' });
    expect(await post(emulator, '/clock')).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect(await ask(emulator, { path: '/livegate/page.css' })).toMatchObject({ status: 200 });
    expect(await ask(emulator, { path: '/livegate/package.json' })).toMatchObject({ status: 404 });
    expect(await ask(emulator, { path: '/livegate/%2e%2e/package.json' })).toMatchObject({ status: 404 });
    expect(
      await ask(emulator, { path: '/livegate/health', headers: { authorization: undefined } }),
    ).toMatchObject({
      status: 200,
    });
  });

  it('wants the bearer for every route there is', async () => {
    const emulator = await start();
    const routes = [
      ...Object.values(CONTROL_CALLS).map(({ method, path }) => [method, path.replace(':id', 'session-1')]),
      ['GET', '/events'],
      ['GET', '/sessions/session-1/audio.wav'],
      ['GET', '/nowhere'],
    ] as const;
    for (const [method, path] of routes) {
      const answer = await ask(emulator, { method, path, headers: { authorization: undefined } });
      expect([method, path, answer.code]).toEqual([method, path, 'unauthorized']);
    }
  });

  it('tells a session that is over from one that never was', async () => {
    const emulator = await start();
    await LiveClient.ready(emulator);
    expect((await post(emulator, '/sessions/session-1/go-away', { timeLeftMs: 60_000 })).status).toBe(200);
    expect((await post(emulator, '/sessions/session-1/drop', { code: 1000 })).status).toBe(200);
    expect(await post(emulator, '/sessions/session-1/drop', { code: 1000 })).toMatchObject({
      status: 409,
      code: 'session-closed',
    });
    expect(await post(emulator, '/sessions/session-2/drop')).toMatchObject({
      status: 404,
      code: 'session-not-found',
    });
    expect((await ask(emulator, { path: '/sessions/session-1' })).json).toMatchObject({
      session: { id: 'session-1', closeCode: 1000 },
    });
    expect((await ask(emulator, { path: '/sessions/session-2' })).code).toBe('session-not-found');
  });

  it('refuses a close code that may not be sent, and leaves the session open', async () => {
    const emulator = await start();
    await LiveClient.ready(emulator);
    expect(await post(emulator, '/sessions/session-1/drop', { code: 1006 })).toMatchObject({
      code: 'invalid-request',
    });
    expect(emulator.sessions()[0]?.connected).toBe(true);
  });

  it('says clearly that what was waited for did not come', async () => {
    const emulator = await start();
    await LiveClient.ready(emulator);
    const wait = (turns: number) =>
      post(emulator, '/wait', { query: { sessions: { turns } }, timeoutMs: 20 });
    expect(await wait(0)).toMatchObject({
      status: 200,
      json: { sessions: [{ id: 'session-1' }], entries: [] },
    });
    expect(await wait(1)).toMatchObject({ status: 408, code: 'timeout', headers: { connection: 'close' } });
  });

  it('gives the audio of a session as WAV where it is kept', async () => {
    const emulator = await start({ captureAudio: true });
    const client = await LiveClient.ready(emulator);
    const samples = Int16Array.from({ length: 320 }, (_, index) => index - 160);
    await client.send({
      realtimeInput: { audio: { mimeType: 'audio/pcm', data: samplesToBase64(samples) } },
    });
    await emulator.waitFor(() => emulator.receivedAudio('session-1').length > 0);
    const response = await fetch(`${emulator.url}${CONTROL_PATH}/sessions/session-1/audio.wav`, {
      headers: { authorization: `Bearer ${emulator.controlToken}` },
    });
    expect(response.headers.get('content-type')).toBe('audio/wav');
    expect(readWav(new Uint8Array(await response.arrayBuffer()))).toEqual({ samples, rateHz: 16_000 });
    const other = await start();
    await LiveClient.ready(other);
    expect(await ask(other, { path: '/sessions/session-1/audio.wav' })).toMatchObject({
      status: 409,
      code: 'audio-not-kept',
    });
  });

  it('journals no credential, handle or medium, and never its own token', async () => {
    const emulator = await start();
    const client = await LiveClient.ready(emulator, { sessionResumption: {} });
    const offer = await messageWith(client, 'sessionResumptionUpdate');
    const data = samplesToBase64(quiet(0.1));
    await client.send({ realtimeInput: { audio: { mimeType: 'audio/pcm', data } } });
    await emulator.waitFor(() => emulator.journal().filter(({ kind }) => kind === 'in').length === 2);
    const { text: journal } = await ask(emulator, { path: '/journal' });
    expect(journal).toContain('[hidden]');
    for (const secret of [offer.sessionResumptionUpdate?.newHandle, data, emulator.controlToken])
      expect(journal).not.toContain(secret);
  });

  it('streams as lines of JSON or as server-sent events', async () => {
    const emulator = await start();
    await LiveClient.ready(emulator);
    const read = async (accept: string) => {
      const gone = new AbortController();
      const response = await fetch(`${emulator.url}${CONTROL_PATH}/events?tail=1`, {
        headers: { authorization: `Bearer ${emulator.controlToken}`, accept },
        signal: gone.signal,
      });
      let seen = '';
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        seen += chunk;
        if (seen.includes('setupComplete')) break;
      }
      gone.abort();
      return [response.headers.get('content-type'), seen];
    };
    const [ndjson, lines = ''] = await read('*/*');
    expect(ndjson).toBe('application/x-ndjson');
    expect(
      lines
        ?.trimEnd()
        .split('\n')
        .map((line) => Object.keys(JSON.parse(line))),
    ).toEqual([['session'], ['entry']]);
    const [sse, events] = await read('text/event-stream');
    expect(sse).toBe('text/event-stream');
    expect(events).toMatch(/^data: \{"session".*\n\nid: \d+\ndata: \{"entry".*\n\n$/);
  });

  it('lets a closing emulator go, whoever still waits or reads', async () => {
    const emulator = await start();
    const waiting = post(emulator, '/wait', { query: { count: 9 }, timeoutMs: 60_000 }).catch(() => 'gone');
    const reading = ask(emulator, { path: '/events' }).catch(() => 'gone');
    await post(emulator, '/clock/advance', { ms: 0 });
    await emulator.close();
    expect(await Promise.all([waiting, reading])).toEqual(['gone', 'gone']);
  });
});

describe('the control API over TLS', () => {
  it('answers its own page, and not the page of the same host without TLS', async () => {
    const emulator = await start({ tls: true });
    const ca = await readFile(emulator.caFile ?? '', 'utf8');
    const status = (origin: string) =>
      new Promise((resolve, reject) => {
        const headers = { origin, authorization: `Bearer ${emulator.controlToken}` };
        httpsRequest(`${emulator.url}${CONTROL_PATH}/sessions`, { ca, headers, agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .once('error', reject)
          .end();
      });
    expect(emulator.pageUrl).toMatch(/^https:/);
    expect(await status(`https://${emulator.host}`)).toBe(200);
    expect(await status(`http://${emulator.host}`)).toBe(403);
  });
});

describe('docs/control.md', () => {
  const page = readFile(new URL('../docs/control.md', import.meta.url), 'utf8');
  it('has a row for every route and for every refusal', async () => {
    const rows = (await page).split('\n').map((line) => line.replaceAll(/\s+/g, ' '));
    for (const { method, path } of Object.values(CONTROL_CALLS))
      expect(rows).toContainEqual(
        expect.stringContaining(`| \`${method} ${path.replace(':id', '{id}')}\` |`),
      );
    for (const [code, { status }] of Object.entries(CONTROL_ERRORS))
      expect(rows).toContainEqual(expect.stringContaining(`| \`${code}\` | ${status} |`));
  });

  it('shows calls that the emulator takes', async () => {
    const emulator = await start({ captureAudio: true });
    for (let count = 0; count < 2; count++) await LiveClient.ready(emulator);
    const calls = [...(await page).matchAll(/^call '?(\/[^'\s]*)'?(?: -d '([^']*)'| -X (DELETE))?/gm)];
    expect(calls.length).toBeGreaterThan(15);
    for (const [line, path = '', body, method = body === undefined ? 'GET' : 'POST'] of calls) {
      if (path === '/wait' || path.startsWith('/events')) continue;
      const answer = await ask(emulator, { method, path, ...(body !== undefined && { body }) });
      const isSecondDrop = line.endsWith("drop -d '{}'");
      expect([line, answer.status]).toEqual([line, isSecondDrop ? 409 : 200]);
    }
  });
});

describe('the control token', () => {
  it('is another for each run, or the one that is given', async () => {
    const [first, second] = [await start(), await start()];
    expect(first.controlToken).toMatch(/^[\w-]{43}$/);
    expect(first.controlToken).not.toBe(second.controlToken);
    expect(first.pageUrl).toBe(`${first.url}/livegate/#token=${first.controlToken}`);
    const given = await start({ controlToken: 'x'.repeat(22) });
    expect((await ask(given, { headers: { authorization: `Bearer ${'x'.repeat(22)}` } })).status).toBe(200);
    await expect(startLiveEmulator({ controlToken: 'x'.repeat(21) })).rejects.toMatchObject({
      code: 'invalid-option',
    });
    await expect(startLiveEmulator({ controlOrigins: ['*'] })).rejects.toMatchObject({
      code: 'invalid-option',
    });
  });
});
