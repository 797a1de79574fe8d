import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { lockedPaths } from '@livegate/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { quiet, speech } from '../test-support/speech.ts';
import { manualClock } from './clock.ts';
import { EmulatorError } from './errors.ts';
import type { LiveEmulator } from './live-emulator.ts';
import type { LiveEmulatorOptions } from './options.ts';
import { samplesToBase64 } from './pcm.ts';
import { startLiveEmulator } from './start.ts';

const PATH = 'ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent';
const SETUP = { setup: { model: 'models/gemini-3.8-live' } };

const running: LiveEmulator[] = [];
const start = async (options: LiveEmulatorOptions = {}): Promise<LiveEmulator> => {
  const emulator = await startLiveEmulator({ paceFactor: 1_000, turnCompleteDelay: 0, ...options });
  running.push(emulator);
  return emulator;
};
afterEach(async () => {
  for (const emulator of running.splice(0)) await emulator.close();
});

/** A client that remembers what came. */
class Client {
  readonly socket: WebSocket;
  readonly messages: { readonly isBinary: boolean; readonly text: string }[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;

  constructor({ host }: LiveEmulator, path: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`ws://${host}/${path}`, { headers });
    this.socket.on('message', (data, isBinary) => this.messages.push({ isBinary, text: data.toString() }));
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
  }

  async opened(): Promise<this> {
    await once(this.socket, 'open');
    return this;
  }

  async send(message: object): Promise<this> {
    if (this.socket.readyState === WebSocket.CONNECTING) await this.opened();
    this.socket.send(JSON.stringify(message));
    return this;
  }

  async until(found: (text: string) => boolean): Promise<string> {
    for (;;) {
      const message = this.messages.find(({ text }) => found(text));
      if (message) return message.text;
      if (this.closed) throw new Error(`closed: ${this.closed.code} ${this.closed.reason}`);
      await Promise.race([once(this.socket, 'message'), once(this.socket, 'close')]);
    }
  }

  async closing(): Promise<{ readonly code: number; readonly reason: string }> {
    if (!this.closed) await once(this.socket, 'close');
    return this.closed ?? { code: 0, reason: '' };
  }
}

const mint = async (emulator: LiveEmulator, body: object = {}): Promise<string> => {
  const response = await post(emulator, '/v1alpha/auth_tokens', body);
  expect(response.status).toBe(200);
  const { name } = (await response.json()) as { name: string };
  return name;
};
const post = (
  emulator: LiveEmulator,
  path: string,
  body: unknown,
  headers: object = { 'x-goog-api-key': 'k' },
) => fetch(`${emulator.url}${path}`, { method: 'POST', body: JSON.stringify(body), headers: { ...headers } });

describe('startLiveEmulator', () => {
  it('listens on the loopback only and says where', async () => {
    const emulator = await start();
    expect(emulator.url).toBe(`http://127.0.0.1:${emulator.port}`);
    expect(emulator.host).toBe(`127.0.0.1:${emulator.port}`);
    for (const path of ['/', '/livegate/health']) {
      expect(await (await fetch(`${emulator.url}${path}`)).json()).toEqual({
        name: 'livegate-emulator',
        status: 'ok',
      });
    }
  });

  it('names the port that another process holds', async () => {
    const { port } = await start();
    await expect(startLiveEmulator({ port })).rejects.toThrow(EmulatorError);
    await expect(startLiveEmulator({ port })).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringMatching(new RegExp(`${port}.* Name another port`)),
    });
  });

  it('lets a client in with each form of each credential, and holds a talk', async () => {
    const emulator = await start();
    const token = await mint(emulator, { uses: 0 });
    const constrained = `${PATH}Constrained`;
    const clients = [
      new Client(emulator, `${PATH}?key=any`),
      new Client(emulator, PATH, { 'x-goog-api-key': 'any' }),
      new Client(emulator, `${constrained}?access_token=${token}`),
      new Client(emulator, `${constrained}?access_token=${encodeURIComponent(token)}`),
      new Client(emulator, constrained, { authorization: `Token ${token}` }),
      new Client(emulator, `/${PATH}?key=any`),
      new Client(emulator, `${PATH.replace('v1alpha', 'v1beta')}?key=any`),
    ];
    for (const client of clients) {
      await client.send(SETUP);
      expect(JSON.parse(await client.until(() => true))).toEqual({ setupComplete: {} });
      await client.send({ clientContent: { turns: [{ parts: [{ text: 'hello' }] }], turnComplete: true } });
      await client.until((text) => text.includes('turnComplete'));
    }
    expect(emulator.sessions().map(({ turns, connected }) => [turns, connected])).toEqual(
      clients.map(() => [1, true]),
    );
    expect(JSON.stringify([emulator.sessions(), emulator.journal()])).not.toContain(
      token.slice('auth_tokens/'.length),
    );
  });

  it('closes on a caller that the method does not know', async () => {
    const emulator = await start();
    const token = await mint(emulator);
    for (const path of [PATH, `${PATH}?access_token=${token}`, `${PATH}Constrained?key=any`]) {
      const { code, reason } = await new Client(emulator, path).closing();
      expect(code).toBe(1008);
      expect(reason).toMatch(/^Method doesn't allow unregistered callers/);
    }
    const unknown = new Client(emulator, `${PATH}Constrained?access_token=${token}x`);
    expect((await unknown.closing()).reason).toContain('not found');
  });

  it('answers 404 to an upgrade elsewhere', async () => {
    const emulator = await start();
    const client = new Client(
      emulator,
      'ws/google.ai.generativelanguage.v2.GenerativeService.BidiGenerateContent?key=a',
    );
    const [, response] = await once(client.socket, 'unexpected-response');
    expect(response.statusCode).toBe(404);
  });

  it.each([
    ['binary', true],
    ['text', false],
  ] as const)('sends %s frames where told, and takes either', async (frames, isBinary) => {
    const emulator = await start({ frames });
    const client = await new Client(emulator, `${PATH}?key=any`).opened();
    client.socket.send(Buffer.from(JSON.stringify(SETUP)), { binary: true });
    await client.until((text) => text.includes('setupComplete'));
    client.socket.send('{"client_content":{"turn_complete":true}}');
    await client.until((text) => text.includes('turnComplete'));
    expect(new Set(client.messages.map((message) => message.isBinary))).toEqual(new Set([isBinary]));
  });

  it('echoes speech and keeps what it heard where told', async () => {
    const emulator = await start({ captureAudio: true });
    const client = new Client(emulator, `${PATH}?key=any`);
    await client.send({ setup: { ...SETUP.setup, inputAudioTranscription: {} } });
    const said = speech('question');
    for (const samples of [said, quiet(1)]) {
      await client.send({
        realtimeInput: { audio: { mimeType: 'audio/pcm', data: samplesToBase64(samples) } },
      });
    }
    expect(await client.until((text) => text.includes('inputTranscription'))).toContain('s of speech');
    await client.until((text) => text.includes('turnComplete'));
    expect(emulator.receivedAudio('session-1').slice(0, said.length)).toEqual(said);
    expect(emulator.sessions()[0]?.audioSeconds).toBeCloseTo(said.length / 16_000 + 1, 5);
  });

  it('survives whatever comes, and goes on for others', async () => {
    const emulator = await start();
    for (const junk of [
      '',
      '{',
      '[]',
      'null',
      '{"setup":null}',
      '{"setup":{"model":1}}',
      '\u0000',
      '{"__proto__":{}}',
    ]) {
      const client = await new Client(emulator, `${PATH}?key=any`).opened();
      client.socket.send(junk);
      expect((await client.closing()).code).toBe(1007);
    }
    const invalid = await new Client(emulator, `${PATH}?key=any`).opened();
    invalid.socket.send(Buffer.from([0xc3, 0x28]), { binary: false });
    expect((await invalid.closing()).code).toBe(1007);
    const client = await new Client(emulator, `${PATH}?key=any`).send(SETUP);
    await client.until((text) => text.includes('setupComplete'));
  });

  it('goes away, drops and closes as told', async () => {
    const emulator = await start();
    const connect = async () => {
      const client = await new Client(emulator, `${PATH}?key=any`).send(SETUP);
      await client.until((text) => text.includes('setupComplete'));
      return client;
    };
    const [first, second, third, fourth] = [
      await connect(),
      await connect(),
      await connect(),
      await connect(),
    ];
    expect(emulator.goAway('session-1', 20)).toBe(true);
    expect(JSON.parse(await first.until((text) => text.includes('goAway')))).toEqual({
      goAway: { timeLeft: '0.02s' },
    });
    expect((await first.closing()).code).toBe(1011);
    expect(emulator.drop('session-2', 1011, 'gone')).toBe(true);
    expect(await second.closing()).toEqual({ code: 1011, reason: 'gone' });
    expect(emulator.drop('session-3')).toBe(true);
    expect((await third.closing()).code).toBe(1006);
    expect([emulator.goAway('session-1'), emulator.drop('session-9')]).toEqual([false, false]);
    await Promise.all([emulator.close(), emulator.close()]);
    expect((await fourth.closing()).code).toBe(1001);
    expect(emulator.sessions().every(({ connected }) => !connected)).toBe(true);
  });

  it('waits for what a test is after, and says when it did not come', async () => {
    const emulator = await start();
    const seen = emulator.waitFor(() => emulator.sessions().find(({ closedBy }) => closedBy === 'client'));
    const client = await new Client(emulator, `${PATH}?key=any`).opened();
    client.socket.close(1000, 'enough');
    expect(await seen).toMatchObject({ id: 'session-1', closeCode: 1000, closeReason: 'enough' });
    await expect(emulator.waitFor(() => false, 10)).rejects.toMatchObject({ code: 'timeout' });
  });
});

describe('inject', () => {
  it('sends a client what the operator says, and nothing to one that is gone', async () => {
    const emulator = await start();
    const client = await new Client(emulator, `${PATH}?key=any`).send(SETUP);
    await client.until((text) => text.includes('setupComplete'));
    const message = { serverContent: { modelTurn: { parts: [{ text: 'from nowhere' }] } } };
    expect(emulator.inject('session-1', message)).toBe(true);
    expect(JSON.parse(await client.until((text) => text.includes('nowhere')))).toEqual(message);
    expect(emulator.journal('session-1').at(-1)).toMatchObject({ kind: 'out', message });
    emulator.drop('session-1', 1000);
    expect([emulator.inject('session-1', message), emulator.inject('session-2', message)]).toEqual([
      false,
      false,
    ]);
  });
});

describe('advanceClock', () => {
  it('brings goAway, the limit of a connection and the expiry of a token without waiting for them', async () => {
    const emulator = await start({ connectionLimitMs: 600_000, goAwayNoticeMs: 60_000 });
    const byKey = await new Client(emulator, `${PATH}?key=any`).send(SETUP);
    const expireTime = new Date(Date.now() + 300_000).toISOString();
    const token = await mint(emulator, { expireTime });
    const byToken = new Client(emulator, `${PATH}Constrained?access_token=${token}`);
    await byToken.send(SETUP);
    for (const client of [byKey, byToken]) await client.until((text) => text.includes('setupComplete'));
    await emulator.advanceClock(299_000);
    expect(emulator.sessions().map(({ connected }) => connected)).toEqual([true, true]);
    await emulator.advanceClock(1_000);
    expect(await byToken.closing()).toMatchObject({ code: 1008, reason: 'Ephemeral token has expired.' });
    await emulator.advanceClock(240_000);
    expect(await byKey.until((text) => text.includes('goAway'))).toMatch(/"timeLeft":"(60|59\.\d+)s"/);
    expect(byKey.closed).toBeUndefined();
    await emulator.advanceClock(60_000);
    expect((await byKey.closing()).code).toBe(1011);
  });

  it('moves a clock that was given', async () => {
    const clock = manualClock(0);
    const emulator = await start({ clock });
    await emulator.advanceClock(5);
    expect([clock.now(), emulator.now()]).toEqual([5, 5]);
  });

  it('is refused backwards and beyond its bound', async () => {
    const emulator = await start();
    await emulator.advanceClock(0);
    for (const ms of [-1, Number.NaN, 367 * 86_400_000])
      await expect(emulator.advanceClock(ms)).rejects.toMatchObject({ code: 'invalid-option' });
  });
});

describe('reset', () => {
  it('leaves nothing of what was: sessions, journal, audio, tokens, handles, time', async () => {
    const emulator = await start({ captureAudio: true });
    const token = await mint(emulator, { uses: 0 });
    const client = new Client(emulator, `${PATH}?key=any`);
    await client.send({ setup: { ...SETUP.setup, sessionResumption: {} } });
    const offer = JSON.parse(await client.until((text) => text.includes('"resumable":true')));
    const handle: string = offer.sessionResumptionUpdate.newHandle;
    await client.send({
      realtimeInput: { audio: { mimeType: 'audio/pcm', data: samplesToBase64(quiet(0.1)) } },
    });
    await emulator.waitFor(() => emulator.receivedAudio('session-1').length > 0);
    await emulator.advanceClock(1_000);
    const { seq } = emulator.journal().at(-1) ?? { seq: 0 };
    await emulator.reset();
    expect((await client.closing()).code).toBe(1001);
    expect([emulator.sessions(), emulator.journal(), emulator.receivedAudio('session-1').length]).toEqual([
      [],
      [],
      0,
    ]);
    expect(Math.abs(emulator.now() - Date.now())).toBeLessThan(500);
    const stale = new Client(emulator, `${PATH}Constrained?access_token=${token}`);
    expect((await stale.closing()).reason).toContain('token not found');
    const foreign = new Client(emulator, `${PATH}?key=any`);
    await foreign.send({ setup: { ...SETUP.setup, sessionResumption: { handle } } });
    expect((await foreign.closing()).reason).toContain('handle is unknown');
    expect(emulator.sessions().map(({ id }) => id)).toEqual(['session-2', 'session-3']);
    expect(emulator.journal()[0]?.seq).toBeGreaterThan(seq);
  });
});

describe('waitFor', () => {
  it('gives up when the emulator closes', async () => {
    const emulator = await start();
    const waiting = emulator.waitFor(() => false, 60_000);
    const [outcome] = await Promise.allSettled([waiting, emulator.close()]);
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'closed' } });
  });
});

describe('auth_tokens', () => {
  it('mints under both versions a token that locks what it says', async () => {
    const emulator = await start();
    const body = {
      bidiGenerateContentSetup: {
        model: 'models/gemini-3.8-live',
        systemInstruction: { parts: [{ text: 'be kind' }] },
      },
      fieldMask: lockedPaths([]).join(),
    };
    for (const version of ['v1alpha', 'v1beta']) {
      const response = await post(emulator, `/${version}/auth_tokens`, body);
      const { name, ...rest } = (await response.json()) as { name: string };
      expect([name, rest]).toEqual([expect.stringMatching(/^auth_tokens\/[\w-]{43}$/), {}]);
      const client = new Client(emulator, `${PATH}Constrained?access_token=${name}`);
      await client.send({ setup: { model: 'models/another', tools: [{ googleSearch: {} }] } });
      await client.until((text) => text.includes('setupComplete'));
    }
    expect(emulator.sessions().map(({ setup }) => setup)).toEqual(
      Array(2).fill(body.bidiGenerateContentSetup),
    );
    expect(emulator.sessions()[0]?.tokenHash).toMatch(/^[0-9a-f]{16}$/);
  });

  it('refuses in the shape that Google answers with', async () => {
    const emulator = await start();
    const refusal = async (response: Promise<Response>) => {
      const { status, headers } = await response;
      expect(headers.get('access-control-allow-origin')).toBeNull();
      return [status, ((await (await response).json()) as { error: { code: number; status: string } }).error];
    };
    const at = '/v1beta/auth_tokens';
    expect(await refusal(post(emulator, at, { uses: -1 }))).toEqual([
      400,
      { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringContaining('uses') },
    ]);
    expect(await refusal(post(emulator, at, {}, {}))).toMatchObject([403, { status: 'PERMISSION_DENIED' }]);
    expect(await refusal(post(emulator, '/v2/auth_tokens', {}))).toMatchObject([
      404,
      { status: 'NOT_FOUND' },
    ]);
    expect(await refusal(fetch(`${emulator.url}${at}`))).toMatchObject([405, { code: 405 }]);
    expect(await refusal(post(emulator, at, 'x'.repeat(1_100_000)))).toMatchObject([413, { code: 413 }]);
    const broken = fetch(`${emulator.url}${at}`, {
      method: 'POST',
      body: '{',
      headers: { 'x-goog-api-key': 'k' },
    });
    expect(await refusal(broken)).toMatchObject([400, { message: expect.stringContaining('Invalid JSON') }]);
    expect((await post(emulator, at, {})).status).toBe(200);
  });
});

describe('what a connection leaves behind', () => {
  const WORDS = 500_000;

  it('is its view: nothing of what was said, and no socket', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const emulator = await start({ journalLimit: 1 });
    const talk = async (): Promise<void> => {
      const client = await new Client(emulator, `${PATH}?key=any`).opened();
      client.send(SETUP);
      const text = `${Math.random()}`.padEnd(WORDS, 'x');
      client.send({ clientContent: { turns: [{ role: 'model', parts: [{ text }] }] } });
      const { id } = await emulator.waitFor(() => emulator.sessions().find(({ connected }) => connected));
      await emulator.waitFor(() =>
        emulator.sessions().some(({ contextTokens }) => contextTokens > WORDS / 5),
      );
      client.socket.close(1000);
      await emulator.waitFor(() => emulator.sessions().every(({ connected }) => !connected));
      expect(emulator.drop(id)).toBe(false);
    };
    const used = async (): Promise<number> => {
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      collect();
      return process.memoryUsage().heapUsed;
    };
    await talk();
    const before = await used();
    for (let count = 0; count < 20; count++) await talk();
    expect((await used()) - before).toBeLessThan(4 * WORDS);
    // As many as the journal has entries.
    expect(emulator.sessions()).toMatchObject([
      { id: 'session-21', state: 'closed', closedBy: 'client', closeCode: 1000 },
    ]);
  });
});
